//! Words for months as passports print them (Doc 9303 part 3, 3.8): English,
//! French and Spanish abbreviations, and national words that are frequent.

/// The words of each month, in capitals without marks.
const WORDS: [&[&str]; 12] = [
    &["JANUARY", "JAN", "JANV", "ENE", "GEN", "ЯНВ", "СІЧ", "ҚАҢ", "OCA", "STY", "IAN"],
    &["FEBRUARY", "FEB", "FEV", "ФЕВ", "ЛЮТ", "АҚП", "SUB", "LUT"],
    &["MARCH", "MAR", "MARS", "MRZ", "MRT", "МАР", "БЕР", "НАУ"],
    &["APRIL", "APR", "AVR", "ABR", "АПР", "КВІ", "СӘУ", "NIS", "KWI"],
    &["MAY", "MAI", "MAYO", "MAG", "MEI", "MAJ", "МАЙ", "МАЯ", "ТРА", "МАМ"],
    &["JUNE", "JUN", "JUIN", "JUI", "GIU", "ИЮН", "ЧЕР", "МАУ", "HAZ", "CZE"],
    &["JULY", "JUL", "JUIL", "LUG", "ИЮЛ", "ЛИП", "ШІЛ", "TEM", "LIP"],
    &["AUGUST", "AUG", "AOUT", "AOU", "AGO", "АВГ", "СЕР", "ТАМ", "SIE"],
    &["SEPTEMBER", "SEP", "SEPT", "SET", "СЕН", "ВЕР", "ҚЫР", "EYL", "WRZ"],
    &["OCTOBER", "OCT", "OKT", "OTT", "OUT", "ОКТ", "ЖОВ", "ҚАЗ", "EKI", "PAZ"],
    &["NOVEMBER", "NOV", "НОЯ", "ЛИС", "ҚАР", "KAS"],
    &["DECEMBER", "DEC", "DIC", "DES", "DEZ", "ДЕК", "ГРУ", "ЖЕЛ", "ARA", "GRU"],
];

/// Returns the words of a month, 1 to 12.
pub(super) fn words(month: u8) -> &'static [&'static str] {
    usize::from(month).checked_sub(1).and_then(|i| WORDS.get(i)).copied().unwrap_or_default()
}

/// Returns the month that a word names.
pub(super) fn month_of(word: &str) -> Option<u8> {
    (1..=12).find(|month| words(*month).contains(&word))
}
