//! Chinese names in Russian: the system of Palladius, backwards to pinyin. Passports
//! write `ü` as `YU`.

/// Initials: pinyin and Palladius.
const INITIALS: [(&str, &str); 18] = [
    ("B", "Б"),
    ("P", "П"),
    ("M", "М"),
    ("F", "Ф"),
    ("D", "Д"),
    ("T", "Т"),
    ("N", "Н"),
    ("L", "Л"),
    ("G", "Г"),
    ("K", "К"),
    ("H", "Х"),
    ("ZH", "ЧЖ"),
    ("CH", "Ч"),
    ("SH", "Ш"),
    ("R", "Ж"),
    ("Z", "ЦЗ"),
    ("C", "Ц"),
    ("S", "С"),
];

/// Initials before `I` and `Ü` alone.
const SOFT: [(&str, &str); 3] = [("J", "ЦЗ"), ("Q", "Ц"), ("X", "С")];

/// Finals after hard initials.
const HARD_FINALS: [(&str, &str); 17] = [
    ("A", "А"),
    ("E", "Э"),
    ("AI", "АЙ"),
    ("EI", "ЭЙ"),
    ("AO", "АО"),
    ("OU", "ОУ"),
    ("AN", "АНЬ"),
    ("EN", "ЭНЬ"),
    ("ANG", "АН"),
    ("ENG", "ЭН"),
    ("ONG", "УН"),
    ("U", "У"),
    ("UA", "УА"),
    ("UO", "О"),
    ("UI", "УЙ"),
    ("UAN", "УАНЬ"),
    ("UN", "УНЬ"),
];

/// Finals with `I`.
const I_FINALS: [(&str, &str); 10] = [
    ("I", "И"),
    ("IA", "Я"),
    ("IE", "Е"),
    ("IAO", "ЯО"),
    ("IU", "Ю"),
    ("IAN", "ЯНЬ"),
    ("IN", "ИНЬ"),
    ("IANG", "ЯН"),
    ("ING", "ИН"),
    ("IONG", "ЮН"),
];

/// Finals with `Ü` after `J`, `Q` and `X`.
const U_FINALS: [(&str, &str); 4] = [("U", "ЮЙ"), ("UE", "ЮЭ"), ("UAN", "ЮАНЬ"), ("UN", "ЮНЬ")];

/// All other syllables.
const OTHERS: &str = "\
БО BO ПО PO МО MO ФО FO ХУЭЙ HUI ХОЙ HUI ГУАЙ GUAI КУАЙ KUAI ХУАЙ HUAI ЧЖУАЙ ZHUAI ЧУАЙ CHUAI ШУАЙ SHUAI \
ГУАН GUANG КУАН KUANG ХУАН HUANG ЧЖУАН ZHUANG ЧУАН CHUANG ШУАН SHUANG \
ЧЖИ ZHI ЧИ CHI ШИ SHI ЖИ RI ЦЗЫ ZI ЦЫ CI СЫ SI НЮЙ NYU|NU|NV ЛЮЙ LYU|LU|LV НЮЭ NYUE|NUE ЛЮЭ LYUE|LUE \
А A О O Э E АЙ AI ЭЙ EI АО AO ОУ OU АНЬ AN ЭНЬ EN АН ANG ЭР ER \
И YI Я YA Е YE ЯО YAO Ю YOU ЯНЬ YAN ИНЬ YIN ЯН YANG ИН YING ЮН YONG ЙО YO \
У WU ВА WA ВО WO ВАЙ WAI ВЭЙ WEI ВАНЬ WAN ВЭНЬ WEN ВАН WANG ВЭН WENG \
ЮЙ YU ЮЭ YUE ЮАНЬ YUAN ЮНЬ YUN Ъ -";

/// Returns the rules of the syllables, in the form of the other tables.
pub(super) fn rules() -> String {
    let mut rules = OTHERS.to_owned();
    let mut add = |initials: &[(&str, &str)], finals: &[(&str, &str)]| {
        for (initial, russian) in initials {
            for (rest, end) in finals {
                rules.push_str(&format!(" {russian}{end} {initial}{rest}"));
            }
        }
    };
    add(&INITIALS, &HARD_FINALS);
    // DIAN, NIU, MIAO: no I finals after G, K, H and the flat and curled ones
    add(&INITIALS[..8], &I_FINALS);
    add(&SOFT, &I_FINALS);
    add(&SOFT, &U_FINALS);
    rules
}
