//! Guesses the kind of a document from its file name.

use pipeline::kind::Kind;

/// Beginnings of words, in lower case, and the kind that they mean.
const WORDS: [(&str, Kind); 30] = [
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
    ("criminal", Kind::PoliceClearance),
    ("судимост", Kind::PoliceClearance),
    ("справк", Kind::PoliceClearance),
    ("petition", Kind::Petition),
    ("ходатайств", Kind::Petition),
    ("questionnaire", Kind::Questionnaire),
    ("anketa", Kind::Questionnaire),
    ("анкет", Kind::Questionnaire),
    ("diploma", Kind::Diploma),
    ("диплом", Kind::Diploma),
    ("сертификат", Kind::ProfessionalCertificate),
    ("cv", Kind::Cv),
];

/// Returns the kind that a file name means: the first word in the list decides,
/// except that the translation of a passport is a translation.
pub(super) fn kind_from_name(name: &str) -> Kind {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let words: Vec<&str> =
        stem.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    // neither word is enough alone: a police clearance is a certificate too
    if words.windows(2).any(|pair| pair[0] == "professional" && pair[1].starts_with("certificate"))
    {
        return Kind::ProfessionalCertificate;
    }
    let kinds: Vec<Kind> = words.into_iter().filter_map(kind_from_word).collect();
    let other = kinds.iter().copied().find(|kind| *kind != Kind::PassportTranslation);
    match (kinds.contains(&Kind::PassportTranslation), other) {
        (true, None | Some(Kind::Passport)) => Kind::PassportTranslation,
        (_, other) => other.unwrap_or(Kind::Other),
    }
}

fn kind_from_word(word: &str) -> Option<Kind> {
    // many other words begin with these two letters
    if word.starts_with("cv") && word != "cv" {
        return None;
    }
    WORDS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_follow_from_names() {
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
            ("professional_certificate.pdf", Kind::ProfessionalCertificate),
            ("Professional certificates 2.pdf", Kind::ProfessionalCertificate),
            ("сертификаты.pdf", Kind::ProfessionalCertificate),
            ("professional cv.pdf", Kind::Cv),
            ("certificate of no criminal record.pdf", Kind::PoliceClearance),
            ("certificate.pdf", Kind::Other),
            ("Паспорт скан.jpg", Kind::Passport),
            ("перевод паспорта.pdf", Kind::PassportTranslation),
            ("справка о несудимости.pdf", Kind::PoliceClearance),
            ("IMG_2041.HEIC", Kind::Other),
            ("", Kind::Other),
            (".", Kind::Other),
        ] {
            assert_eq!(kind_from_name(name), expected, "{name}");
        }
    }
}
