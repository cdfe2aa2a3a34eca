//! One name in the forms of three languages: Игорь, Ігор and Ігар; Згурская and Згурська.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::automaton::{Automaton, Fit, Spelling};
use super::marks::Marks;
use super::schemes::{Scheme, scheme};
use super::script::Script;
use super::text::{NameText, Token};

/// Given names: Russian, Ukrainian, Belarusian; `-` where a language has no own form.
const GIVEN_NAMES: &str = "\
Александр Олександр Аляксандр|Александра Олександра Аляксандра|Алексей Олексій Аляксей|Алёна Альона Алёна|\
Анатолий Анатолій Анатоль|Андрей Андрій Андрэй|Анна Ганна Ганна|Антон Антон Антон|Артём Артем Арцём|\
Богдан Богдан Багдан|Борис Борис Барыс|Вадим Вадим Вадзім|Валентин Валентин Валянцін|\
Валентина Валентина Валянціна|Валерий Валерій Валерый|Василий Василь Васіль|Вера Віра Вера|\
Виктор Віктор Віктар|Виктория Вікторія Вікторыя|Виталий Віталій Віталь|Владимир Володимир Уладзімір|\
Владислав Владислав Уладзіслаў|Всеволод Всеволод Усевалад|Вячеслав В’ячеслав Вячаслаў|\
Галина Галина Галіна|Геннадий Геннадій Генадзь|Георгий Георгій Георгій|Григорий Григорій Рыгор|\
Даниил Данило Данііл|Дарья Дарія Дар’я|Денис Денис Дзяніс|Дмитрий Дмитро Дзмітрый|Евгений Євген Яўген|\
Евгения Євгенія Яўгенія|Егор Єгор Ягор|Екатерина Катерина Кацярына|Елена Олена Алена|\
Елизавета Єлизавета Лізавета|Иван Іван Іван|Игорь Ігор Ігар|Илья Ілля Ілья|Инна Інна Іна|\
Ирина Ірина Ірына|Кирилл Кирило Кірыл|Константин Костянтин Канстанцін|Ксения Ксенія Ксенія|\
Лариса Лариса Ларыса|Леонид Леонід Леанід|Лидия Лідія Лідзія|Любовь Любов Любоў|Людмила Людмила Людміла|\
Максим Максим Максім|Марина Марина Марына|Мария Марія Марыя|Михаил Михайло Міхаіл|\
Надежда Надія Надзея|Наталья Наталія Наталля|Никита Микита Мікіта|Николай Микола Мікалай|\
Оксана Оксана Аксана|Олег Олег Алег|Ольга Ольга Вольга|Павел Павло Павел|Пётр Петро Пётр|\
Роман Роман Раман|Ростислав Ростислав Расціслаў|Светлана Світлана Святлана|Святослав Святослав Святаслаў|\
Семён Семен Сямён|Сергей Сергій Сяргей|София Софія Сафія|Станислав Станіслав Станіслаў|\
Степан Степан Сцяпан|Тарас Тарас Тарас|Татьяна Тетяна Таццяна|Тимофей Тимофій Цімафей|\
Фёдор Федір Фёдар|Юлия Юлія Юлія|Юрий Юрій Юрый|Яков Яків Якаў|Ярослав Ярослав Яраслаў";

/// The spellings of each language for the zone.
const LANGUAGES: [&[&str]; 3] =
    [&["rus-icao-2013", "rus-mvd-1997", "eng-bgn"], &["ukr-2010"], &["bel-2008"]];

/// Russian letters as the same surname has them in Ukrainian.
const UKRAINIAN: &str = "\
Г H|G И Y|I ~И I|YI Е E|IE Ё IO|YO|E Ы Y Э E О O|I СКАЯ$ SKA ЦКАЯ$ TSKA СКИЙ$ SKYI ЦКИЙ$ TSKYI \
ЫЙ$ YI ИЙ$ II|YI АЯ$ A|AIA";

/// Russian letters as the same surname has them in Belarusian: О and Е without stress
/// are А and Я, В after a vowel is Ў, Д and Т before them ДЗ and Ц.
const BELARUSIAN: &str = "\
Г H И I|Y Ы Y О O|A Е E|IE|IA|A ~Е IE|YE|IA|YA Ё IO|YO В V|U Д D|DZ Т T|TS ЧЕ CHE|CHA ШЕ SHE|SHA ЖЕ ZHE|ZHA \
РИ RY РЕ RE|RA ЩЕ SHCHE|SHCHA СКИЙ$ SKI СКАЯ$ SKAIA|SKAYA Ь -";

static NEIGHBOURS: LazyLock<[Scheme; 2]> = LazyLock::new(|| {
    [
        Scheme::extended("national-ukr", "ukr-2010", UKRAINIAN),
        Scheme::extended("national-bel", "bel-2008", BELARUSIAN),
    ]
});

/// Most spellings of one token that are looked up.
const SPELLINGS: usize = 64;

/// The names of the table by each capital spelling: as they are, and for the zone.
static SPELLED: LazyLock<BTreeMap<String, BTreeSet<usize>>> = LazyLock::new(|| {
    let mut names: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (group, token, language) in forms() {
        let mut spelled = vec![token.text()];
        for id in LANGUAGES[language] {
            let automaton = Automaton::new([&token], Spelling::Zone(scheme(id), Marks::All));
            spelled.extend(automaton.spellings(SPELLINGS));
        }
        for text in spelled {
            names.entry(text).or_default().insert(group);
        }
    }
    names
});

fn forms() -> Vec<(usize, Token, usize)> {
    let mut all = Vec::new();
    for (group, row) in GIVEN_NAMES.split('|').enumerate() {
        for (language, form) in row.split(' ').enumerate().take(LANGUAGES.len()) {
            let token = NameText::read(form, 0, None).ok().and_then(|mut name| name.tokens.pop());
            all.extend(token.map(|token| (group, token, language)));
        }
    }
    all
}

/// What is known of a token: the names of the table that it may be, and its
/// spellings in the languages next to Russian.
pub(super) struct Forms {
    groups: BTreeSet<usize>,
    script: Script,
    neighbours: [Automaton; 2],
}

impl Forms {
    pub(super) fn of(token: &Token) -> Self {
        let spelled = |scheme| Automaton::new([token], Spelling::Zone(Some(scheme), Marks::All));
        let [first, second] = &*NEIGHBOURS;
        Self {
            groups: groups(token),
            script: token.script(),
            neighbours: [spelled(first), spelled(second)],
        }
    }

    /// Returns whether two tokens are one name in the forms of two languages.
    pub(super) fn are_of_one(&self, other: &Self) -> bool {
        let mut neighbours = self.neighbours.iter().zip(&other.neighbours);
        !self.groups.is_disjoint(&other.groups)
            || (self.script != other.script
                && neighbours.any(|(left, right)| left.agrees(right, Fit::Whole)))
    }
}

fn groups(token: &Token) -> BTreeSet<usize> {
    let mut spelled = vec![token.text()];
    if token.script() == Script::Latin {
        spelled
            .extend(Automaton::new([token], Spelling::Zone(None, Marks::All)).spellings(SPELLINGS));
    }
    spelled.iter().filter_map(|text| SPELLED.get(text)).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_a_form_in_each_language() {
        for row in GIVEN_NAMES.split('|') {
            assert_eq!(row.split(' ').count(), 3, "{row}");
        }
        assert!(GIVEN_NAMES.split('|').count() >= 80);
    }
}
