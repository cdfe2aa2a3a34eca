//! Finds patronymics: by the form's own field, else by their endings.

use super::script::Script;
use super::text::Token;

/// Endings of patronymics, and particles that follow the father's name.
const ENDINGS: &[&str] = &[
    "ИЧ", "ОВНА", "ЕВНА", "ЁВНА", "ИЧНА", "ІВНА", "ЇВНА", "АВІЧ", "ЕВІЧ", "ЯВІЧ", "ОВІЧ", "ОЎНА",
    "АЎНА", "ЕЎНА", "ЯЎНА", "ҰЛЫ", "ҚЫЗЫ", "КЫЗЫ", "ОГЛЫ", "OVICH", "EVICH", "OVYCH", "EVYCH",
    "OVNA", "EVNA", "IVNA", "AVICH", "ICHNA", "YICH", "ZMICH", "KYZY", "QYZY", "OGLU", "OĞLU",
    "OGLY", "OGLI", "QIZI", "KIZI",
];

const PARTICLES: &[&str] = &[
    "ҰЛЫ", "УЛЫ", "УУЛУ", "ҚЫЗЫ", "КЫЗЫ", "КИЗИ", "ОГЛЫ", "ОГЛУ", "ОГЛИ", "ЎҒЛИ", "ҚИЗИ", "УГЛИ",
    "ГЫЗЫ", "UGLI", "ULY", "UULU", "KYZY", "QYZY", "OGLU", "OĞLU", "OGLY", "OGLI", "QIZI", "QIZ",
    "QIZY", "KIZI", "GIZI", "ŪLY",
];

/// Endings that are patronymics in some states, and names elsewhere: Shauna, Аннагулы.
const ENDINGS_OF: &[(&str, &[&str])] = &[
    ("УЛЫ", &["KAZ", "KGZ"]),
    ("ULY", &["KAZ", "KGZ"]),
    ("AUNA", &["BLR"]),
    ("OUNA", &["BLR"]),
    ("EUNA", &["BLR"]),
];

/// States whose passports have patronymics, or had them.
const STATES: &[&str] = &[
    "ARM", "AZE", "BGR", "BLR", "GEO", "KAZ", "KGZ", "MDA", "MNG", "RUS", "TJK", "TKM", "UKR",
    "UZB",
];

/// Returns the groups of tokens that may be a patronymic, as places among the tokens:
/// the form's own, or one word with such an ending, or a name and its particle. It follows
/// a given name, and is never of the surname. An ending in Latin letters says nothing in
/// states without patronymics: Shauna and Davutoğlu are names.
pub(super) fn find(tokens: &[Token], issuer: Option<&str>) -> Vec<Vec<usize>> {
    let words: Vec<String> = tokens.iter().map(Token::text).collect();
    let has_patronymics = issuer.is_none_or(|state| STATES.contains(&state));
    let is_of_state = |states: &[&str]| issuer.is_none_or(|state| states.contains(&state));
    let has_ending = |word: &str| {
        let ends = |end: &str| word.ends_with(end) && word.len() > end.len();
        ENDINGS.iter().any(|end| ends(end))
            || ENDINGS_OF.iter().any(|(end, states)| ends(end) && is_of_state(states))
    };
    let declared: Vec<usize> = (0..tokens.len()).filter(|i| tokens[*i].is_patronymic).collect();
    if !declared.is_empty() {
        // elsewhere such a field holds a middle name, which another person does not have
        let is_one = |i: &usize| has_ending(&words[*i]) || PARTICLES.contains(&&*words[*i]);
        return if has_patronymics || declared.iter().all(is_one) {
            vec![declared]
        } else {
            Vec::new()
        };
    }
    let given = tokens.iter().position(|token| !token.is_surname).unwrap_or(tokens.len());
    let may_be = |i: usize| {
        let is_told = has_patronymics || tokens[i].script() == Script::Cyrillic;
        given < i && !tokens[i].is_surname && is_told
    };
    let mut found = Vec::new();
    for (i, word) in words.iter().enumerate() {
        if PARTICLES.contains(&word.as_str()) {
            if i > 0 && may_be(i - 1) {
                found.push(vec![i - 1, i]);
            }
        } else if may_be(i) && has_ending(word) {
            found.push(vec![i]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::names::text::NameText;

    fn found(name: &str) -> Vec<Vec<usize>> {
        NameText::read(name, 0, None).map_or_else(|_| Vec::new(), |name| find(&name.tokens, None))
    }

    #[test]
    fn patronymics_have_endings_or_particles() {
        assert_eq!(found("Сафронов Тимур Олегович"), [[2]]);
        assert_eq!(found("Айдос Серікұлы Нұрғалиев"), [[1]]);
        assert_eq!(found("Əliyev Şəhriyar Elçin oğlu"), [[2, 3]]);
        assert_eq!(found("Karimov Anvar Rustam o‘g‘li"), [[2, 3]]);
        assert_eq!(found("Згурська Юлія Ігорівна"), [[2]]);
        assert!(found("Müller Jürgen").is_empty());
        assert!(found("oğlu").is_empty());
    }
}
