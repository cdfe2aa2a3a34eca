//! What a file may be, by its name.

use pipeline::kind::Kind;

/// Beginnings of words, lower case, and the kind that they speak for.
const WORDS: [(&str, Kind); 28] = [
    ("passport", Kind::Passport),
    ("паспорт", Kind::Passport),
    ("translation", Kind::PassportTranslation),
    ("перевод", Kind::PassportTranslation),
    ("portrait", Kind::Portrait),
    ("photo", Kind::Portrait),
    ("портрет", Kind::Portrait),
    ("фото", Kind::Portrait),
    ("resume", Kind::Cv),
    ("résumé", Kind::Cv),
    ("curriculum", Kind::Cv),
    ("резюме", Kind::Cv),
    ("portfolio", Kind::Portfolio),
    ("портфолио", Kind::Portfolio),
    ("motivation", Kind::MotivationLetter),
    ("мотивац", Kind::MotivationLetter),
    ("police", Kind::PoliceClearance),
    ("clearance", Kind::PoliceClearance),
    ("судимост", Kind::PoliceClearance),
    ("справк", Kind::PoliceClearance),
    ("petition", Kind::Petition),
    ("ходатайств", Kind::Petition),
    ("questionnaire", Kind::Questionnaire),
    ("anketa", Kind::Questionnaire),
    ("анкет", Kind::Questionnaire),
    ("diploma", Kind::Diploma),
    ("диплом", Kind::Diploma),
    ("cv", Kind::Cv),
];

/// The kind that a file's name speaks for: its first telling word, except that
/// the translation of a passport is a translation.
pub(super) fn kind(name: &str) -> Kind {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let words = stem.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let told: Vec<Kind> = words.filter_map(of_word).collect();
    let other = told.iter().copied().find(|kind| *kind != Kind::PassportTranslation);
    match (told.contains(&Kind::PassportTranslation), other) {
        (true, None | Some(Kind::Passport)) => Kind::PassportTranslation,
        (_, other) => other.unwrap_or(Kind::Other),
    }
}

fn of_word(word: &str) -> Option<Kind> {
    // so short that other words begin with it
    if word.starts_with("cv") && word != "cv" {
        return None;
    }
    WORDS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kinds() {
        for (name, expected) in [
            ("passport.jpg", Kind::Passport),
            ("Passport-2.PDF", Kind::Passport),
            ("passport_translation.pdf", Kind::PassportTranslation),
            ("translation of passport.pdf", Kind::PassportTranslation),
            ("translation.pdf", Kind::PassportTranslation),
            ("diploma translation.pdf", Kind::Diploma),
            ("photo.png", Kind::Portrait),
            ("portrait_3x4.jpeg", Kind::Portrait),
            ("passport_photo.jpg", Kind::Passport),
            ("my-cv.pdf", Kind::Cv),
            ("cvijanovic.pdf", Kind::Other),
            ("resume.pdf", Kind::Cv),
            ("portfolio.pdf", Kind::Portfolio),
            ("motivation letter.pdf", Kind::MotivationLetter),
            ("police_clearance.pdf", Kind::PoliceClearance),
            ("clearance.pdf", Kind::PoliceClearance),
            ("petition.pdf", Kind::Petition),
            ("anketa1.pdf", Kind::Questionnaire),
            ("questionnaire.pdf", Kind::Questionnaire),
            ("diploma.tiff", Kind::Diploma),
            ("Паспорт скан.jpg", Kind::Passport),
            ("перевод паспорта.pdf", Kind::PassportTranslation),
            ("справка о несудимости.pdf", Kind::PoliceClearance),
            ("IMG_2041.HEIC", Kind::Other),
            ("", Kind::Other),
            (".", Kind::Other),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }
}
