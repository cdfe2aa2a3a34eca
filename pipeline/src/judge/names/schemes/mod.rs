//! Schemes of transliteration: which there are, which are tried for a name, and what
//! may stand for the letters at one place.

mod palladius;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::script::Script;
use tables::{ICAO, Reach, TABLES, Table};

/// A scheme: letters and what may stand for them.
pub(super) struct Scheme {
    pub(super) id: &'static str,
    states: &'static [&'static str],
    letters: &'static str,
    reach: Reach,
    /// By the first letter of the source; longer sources first.
    rules: BTreeMap<char, Vec<Rule>>,
    /// Whether every rule that fits is tried: syllables have no fixed borders.
    syllables: bool,
}

struct Rule {
    source: Vec<char>,
    place: Place,
    targets: Vec<String>,
}

/// Where in a word a rule holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Start,
    /// At the start, or after a vowel or a sign.
    Open,
    End,
    Anywhere,
}

/// The state whose names are in pinyin. Hong Kong, Macao, Taiwan and Singapore spell theirs
/// by other sounds: `Тан` is no TANG there.
const PINYIN: &[&str] = &["CHN"];

/// States with a scheme of their own whose people have Russian names too, registered as such
/// (to be confirmed for all but Russia, Belarus, Kazakhstan and Kyrgyzstan). Elsewhere a
/// Russian scheme makes `Кит` of Ukraine a KIT, which is `Кіт`.
const WITH_RUSSIAN: &[&str] = &["RUS", "AZE", "BLR", "KAZ", "KGZ", "TJK", "UZB"];

static ALL: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    let mut all: Vec<Scheme> = TABLES.iter().map(Scheme::from_table).collect();
    let mut palladius = Scheme::new("palladius", PINYIN, "", Reach::Elsewhere);
    palladius.syllables = true;
    palladius.add(&palladius::rules());
    palladius.sort();
    all.push(palladius);
    all
});

/// Returns the schemes for a name: those of the issuing state first, else those of its
/// letters, then those used everywhere. Others make `Ц` an S and `Г` an H: what agrees by
/// them alone is close. China has its own alone: others make `ЧЭН` and `ЧЭНЬ` one name, as
/// syllables elsewhere make `ДАН` and `DANG` one. A state with a scheme has the Russian ones
/// for Russian names only: `Гірка` of Belarus is not GIRKA.
pub(super) fn schemes_for(issuer: Option<&str>, letters: &BTreeSet<char>) -> Vec<&'static Scheme> {
    let own = |s: &Scheme| issuer.is_some_and(|state| s.states.contains(&state));
    let by_letters = |s: &Scheme| s.letters.chars().any(|c| letters.contains(&c));
    let has_own = issuer.is_some_and(has_cyrillic);
    let may_be_russian = issuer.is_some_and(|state| WITH_RUSSIAN.contains(&state))
        && letters.iter().all(|c| Script::of(*c) != Script::Cyrillic || is_russian(*c));
    let is_chinese = ALL.iter().any(|scheme| scheme.syllables && own(scheme));
    let rank = |s: &Scheme| match s.reach {
        _ if is_chinese && !own(s) => None,
        _ if own(s) => Some(0),
        _ if s.syllables => None,
        // a letter of several languages says nothing where the state has a scheme
        _ if by_letters(s) && !has_own => Some(1),
        Reach::Everywhere if !has_own || may_be_russian => Some(2),
        _ => None,
    };
    let mut chosen: Vec<(i32, &Scheme)> =
        ALL.iter().filter_map(|scheme| Some((rank(scheme)?, scheme))).collect();
    // stable: the order of the tables stays among equals
    chosen.sort_by_key(|(rank, _)| *rank);
    chosen.into_iter().map(|(_, scheme)| scheme).collect()
}

/// Returns schemes that the state of a name does not use, though others write its letters
/// so: what agrees by them alone is close.
pub(super) fn other_schemes(used: &[&'static Scheme]) -> Vec<&'static Scheme> {
    let is_used = |scheme: &&Scheme| used.iter().any(|one| one.id == scheme.id);
    let near = |s: &&Scheme| s.reach != Reach::Home;
    ALL.iter().filter(near).filter(|scheme| !is_used(scheme)).collect()
}

/// Whether a state has a scheme of its own for Cyrillic.
pub(super) fn has_cyrillic(issuer: &str) -> bool {
    let shows = |s: &&Scheme| s.rules.keys().any(|c| Script::of(*c) == Script::Cyrillic);
    ALL.iter().filter(|scheme| scheme.states.contains(&issuer)).any(|scheme| shows(&scheme))
}

/// Returns the ids of all schemes.
pub(super) fn ids() -> Vec<&'static str> {
    ALL.iter().map(|scheme| scheme.id).collect()
}

/// Returns a scheme by its id.
pub(super) fn scheme(id: &str) -> Option<&'static Scheme> {
    ALL.iter().find(|scheme| scheme.id == id)
}

impl Scheme {
    /// Whether it holds for whole names only: its syllables mean nothing beside letters that
    /// another scheme explains.
    pub(super) fn is_of_syllables(&self) -> bool {
        self.syllables
    }

    fn new(
        id: &'static str,
        states: &'static [&'static str],
        letters: &'static str,
        reach: Reach,
    ) -> Self {
        Self { id, states, letters, reach, rules: BTreeMap::new(), syllables: false }
    }

    fn from_table(table: &Table) -> Self {
        let mut scheme = Self::new(table.id, table.states, table.letters, table.reach);
        if table.on_icao {
            scheme.add(ICAO);
        }
        scheme.add(table.rules);
        scheme.sort();
        scheme
    }

    /// Makes a scheme of this one and more rules, which win over its own.
    pub(super) fn extended(id: &'static str, base: &str, rules: &str) -> Self {
        let mut scheme = Self::new(id, &[], "", Reach::Home);
        scheme.add(ICAO);
        if let Some(table) = TABLES.iter().find(|table| table.id == base) {
            scheme.add(table.rules);
        }
        scheme.add(rules);
        scheme.sort();
        scheme
    }

    fn add(&mut self, rules: &str) {
        let words: Vec<&str> = rules.split_whitespace().collect();
        for pair in words.chunks_exact(2) {
            let (source, place) = place_of(pair[0]);
            let source: Vec<char> = source.chars().collect();
            let Some(first) = source.first() else { continue };
            let targets = pair[1].split('|').map(|one| one.replace('-', "")).collect();
            let rules = self.rules.entry(*first).or_default();
            if !self.syllables {
                rules.retain(|rule| rule.source != source || rule.place != place);
            }
            rules.push(Rule { source, place, targets });
        }
    }

    fn sort(&mut self) {
        for rules in self.rules.values_mut() {
            rules.sort_by(|a, b| b.source.len().cmp(&a.source.len()).then(a.place.cmp(&b.place)));
        }
    }

    /// Returns what may stand for the letters from a place on: how many letters, and
    /// the replacements.
    pub(super) fn at(&self, word: &[char], at: usize) -> Vec<(usize, &[String])> {
        let rules = word.get(at).and_then(|first| self.rules.get(first));
        let fits = |rule: &&Rule| {
            let end = at + rule.source.len();
            // a syllable's last Н before a vowel begins the next: Янань has no Янъ
            let divided = self.syllables
                && rule.source.len() > 1
                && rule.source.ends_with(&['Н'])
                && word.get(end).is_some_and(|next| "АОЭЯЮИЕ".contains(*next));
            word[at..].starts_with(&rule.source)
                && !divided
                && match rule.place {
                    Place::Anywhere => true,
                    Place::Start => at == 0,
                    Place::Open => at == 0 || is_open(word[at - 1]),
                    Place::End => end == word.len(),
                }
        };
        let fitting = rules.into_iter().flatten().filter(fits);
        let most = if self.syllables { usize::MAX } else { 1 };
        fitting.take(most).map(|rule| (rule.source.len(), rule.targets.as_slice())).collect()
    }
}

fn place_of(source: &str) -> (&str, Place) {
    match (source.strip_prefix('^'), source.strip_prefix('~'), source.strip_suffix('$')) {
        (Some(rest), _, _) => (rest, Place::Start),
        (_, Some(rest), _) => (rest, Place::Open),
        (_, _, Some(rest)) => (rest, Place::End),
        _ => (source, Place::Anywhere),
    }
}

fn is_russian(c: char) -> bool {
    matches!(c, 'А'..='Я' | 'Ё')
}

/// Vowels and signs, after which some letters begin with a glide.
fn is_open(c: char) -> bool {
    "АЕЁИІЇОУЫЭЮЯЄӘӨҰҮЎЬЪ".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_can_be_read() {
        let ids: BTreeSet<&str> = ALL.iter().map(|scheme| scheme.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for table in TABLES {
            assert_eq!(table.rules.split_whitespace().count() % 2, 0, "{}", table.id);
        }
        assert_eq!(ICAO.split_whitespace().count() % 2, 0);
        for scheme in ALL.iter() {
            let targets = scheme.rules.values().flatten().flat_map(|rule| &rule.targets);
            for target in targets {
                assert!(
                    target.chars().all(|c| !"АВСЕНКМОРТХУ".contains(c)),
                    "{}: {target}",
                    scheme.id
                );
            }
        }
    }

    #[test]
    fn the_issuing_state_comes_first() {
        let first = |issuer, letters: &str| schemes_for(issuer, &letters.chars().collect())[0].id;
        assert_eq!(first(Some("UKR"), "АБ"), "ukr-2010");
        assert_eq!(first(Some("BLR"), "АБЇ"), "bel-2008");
        assert_eq!(first(None, "АБЇ"), "ukr-2010");
        assert_eq!(first(None, "АБӘ"), "kaz-passport");
        assert_eq!(first(Some("DEU"), "АБ"), "rus-icao-2013");
        let russian = schemes_for(Some("RUS"), &"АБ".chars().collect());
        assert!(
            russian.iter().all(|scheme| scheme.id.starts_with("rus-") || scheme.id == "eng-bgn")
        );
    }
}
