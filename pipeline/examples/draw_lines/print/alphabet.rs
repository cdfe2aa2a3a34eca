//! The classes of the network that reads print.

/// Characters with a class of their own, in its order. Other letters with marks have the class
/// of the letter without.
pub(crate) const ALPHABET: &str =
    " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÄÖÜÅØÆÑÞÐẞƏŁ/.-',():<№";

/// The class of letters of other scripts that resemble none of these.
pub(crate) fn other() -> u8 {
    ALPHABET.chars().count() as u8
}

/// Cyrillic and Greek letters with the form of a Latin one.
const SAME_FORM: [(&str, &str); 2] = [
    ("АВЕКМНОРСТУХІЈЅаеорсухіјѕ", "ABEKMHOPCTYXIJSaeopcyxijs"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo"),
];

/// Letters with marks, and the letters without.
const MARKED: (&str, &str) = (
    "ÀÁÂÃĀĂĄÇĆČĊĎÈÉÊËĒĖĘĚĞĢĠĤÌÍÎÏĪİĮĶĹĻĽŃŅŇÒÓÔÕŌŐŔŘŚŞŠȘŤŢȚÙÚÛŪŮŰŲŴÝŸŶŹŻŽàáâãāăąçćčďèéêëēėęěğģìíîïīįıķĺļľńņňòóôõōőŕřśşšșťţțùúûūůűųŵýÿŷźżž",
    "AAAAAAACCCCDEEEEEEEEGGGHIIIIIIIKLLLNNNOOOOOORRSSSSTTTUUUUUUUWYYYZZZaaaaaaacccdeeeeeeeeggiiiiiiiklllnnnoooooorrsssstttuuuuuuuwyyyzzz",
);

/// Returns the class of a character as printed.
pub(crate) fn class(character: char) -> u8 {
    let same = SAME_FORM.iter().chain([&MARKED]).find_map(|(from, to)| {
        let at = from.chars().position(|known| known == character)?;
        to.chars().nth(at)
    });
    let special = match character {
        'ä' => 'Ä',
        'ö' => 'Ö',
        'ü' => 'Ü',
        'å' => 'Å',
        'ø' => 'Ø',
        'æ' => 'Æ',
        'ñ' => 'Ñ',
        'þ' => 'Þ',
        'ð' | 'Đ' | 'đ' => 'Ð',
        'ß' => 'ẞ',
        'ə' => 'Ə',
        'ł' => 'Ł',
        '’' => '\'',
        character => same.unwrap_or(character),
    };
    let at = ALPHABET.chars().position(|known| known == special);
    at.map_or_else(other, |at| at as u8)
}
