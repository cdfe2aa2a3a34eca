//! The schemes as data: letters and what stands for each.
//!
//! A rule is a source and its targets: `Ц TS`. `|` separates alternatives, `-` is
//! nothing, `^` before a source is the first letter of a word, `~` is that or after
//! a vowel or a sign, `$` is the last letters. Longer sources win over shorter ones,
//! and rules with a place over rules without.

/// Which names a scheme is tried for, besides those of its states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Every name: passports of many states use it.
    Everywhere,
    /// Names of unknown issuers and of states that have no scheme here.
    Elsewhere,
    /// Only its states, and names with its own letters.
    Home,
}

/// One scheme as written here.
pub(super) struct Table {
    pub(super) id: &'static str,
    pub(super) states: &'static [&'static str],
    /// Letters that no neighbour of the language has.
    pub(super) letters: &'static str,
    pub(super) reach: Reach,
    /// Whether the general row of Doc 9303 holds where `rules` says nothing.
    pub(super) on_icao: bool,
    pub(super) rules: &'static str,
}

/// ICAO Doc 9303-3 (8th edition, 2021), section 6, table B, general row. Letters of
/// Kazakh, Uzbek and others that it does not have are at the end, by their base.
pub(super) const ICAO: &str = "\
А A Б B В V Г G Д D Е E Ё E Ж ZH З Z И I І I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ф F \
Х KH Ц TS Ч CH Ш SH Щ SHCH Ъ IE Ы Y Ь - Э E Ю IU Я IA Ѵ Y Ґ G Ў U Ѫ U Ѓ G Ђ D Ѕ DZ Ј J Ќ K \
Љ LJ Њ NJ Ћ C Џ DZ Є IE Ї I \
Ә A Ғ G Қ K Ң N Ө O Ұ U Ү U Һ H Ҳ H Ҷ J Ӣ I Ӯ U Ѐ E Ѝ I";

/// Every scheme, in the order in which those of the same standing are tried.
pub(super) const TABLES: &[Table] = &[
    // Russia since 2013: Doc 9303 as it is
    Table {
        id: "rus-icao-2013",
        states: &["RUS"],
        letters: "",
        reach: Reach::Everywhere,
        on_icao: true,
        rules: "",
    },
    // GOST R 52535.1-2006, passports of 2010 to 2013
    Table {
        id: "rus-gost-2010",
        states: &["RUS"],
        letters: "",
        reach: Reach::Everywhere,
        on_icao: true,
        rules: "Ц TC Ъ -",
    },
    // order of the interior ministry No. 310 of 1997: Ё after a sign YE, Е after a sign YE
    Table {
        id: "rus-mvd-1997",
        states: &["RUS"],
        letters: "",
        reach: Reach::Everywhere,
        on_icao: true,
        rules: "Й Y Ъ - Ю YU Я YA ЬЕ YE ЬЁ YE ИЙ$ IY|Y",
    },
    // BGN/PCGN 1947 without its signs, and what English writes: Ё YO, -ий and -ый Y
    Table {
        id: "eng-bgn",
        states: &[],
        letters: "",
        reach: Reach::Everywhere,
        on_icao: true,
        rules: "Е E ~Е YE|E Ё E|YO|IO ~Ё YE|YO Й Y Ъ - Ю YU Я YA ИЙ$ IY|Y ЫЙ$ YY|Y КС KS|X",
    },
    // decree of the Cabinet of Ministers No. 55 of 2010
    Table {
        id: "ukr-2010",
        states: &["UKR"],
        letters: "ЇЄҐ",
        reach: Reach::Elsewhere,
        on_icao: true,
        rules: "Г H Ґ G ЗГ ZGH И Y Є IE ^Є YE Ї I ^Ї YI Й I ^Й Y Ю IU ^Ю YU Я IA ^Я YA",
    },
    // instruction of the interior ministry of 2008, and passports seen (to be confirmed:
    // Ю and Я after vowels, -ый and -ій)
    Table {
        id: "bel-2008",
        states: &["BLR"],
        letters: "Ў",
        reach: Reach::Elsewhere,
        on_icao: true,
        rules: "Г H Ў U Е E ~Е IE|YE ^Е YE|IE|E Ё IO ^Ё YO|IO Ю IU ~Ю IU|YU Я IA ~Я IA|YA ЫЙ$ YI|Y ІЙ$ II|I ЦЦ TS|TSTS",
    },
    // practice seen in passports of Kazakhstan (to be confirmed): Х KH, Е first and
    // after a vowel YE, Я YA; the letters of Kazakh by their base
    Table {
        id: "kaz-passport",
        states: &["KAZ"],
        letters: "ӘҒҚҢӨҰҮҺІ",
        reach: Reach::Elsewhere,
        on_icao: true,
        rules: "Е E ~Е YE|E Ё E|YO Й I|Y Ң N|NG Һ H|KH Ю YU|IU Я YA|IA Ъ - ИЙ$ IY|Y|II ЫЙ$ YI|Y|YY",
    },
    // draft alphabet of 2021; Ş keeps its mark here, or Ш would be С
    Table {
        id: "kaz-latin-2021",
        states: &["KAZ"],
        letters: "ӘҒҚҢӨҰҮҺ",
        reach: Reach::Home,
        on_icao: true,
        rules: "Ә Ä|A Ғ Ğ|G Ж J И İ|I Й İ|I І I|İ Қ Q Ң Ñ|N Ө Ö|O Ұ Ū|U Ү Ü|U Х H Һ H Ы Y Ш Ş Ъ - \
                Е E Ё IO Ю IU Я IA Ц TS Ч Ç|CH",
    },
    // law of 1995 with the letters of today; o‘ and g‘ lose their comma
    Table {
        id: "uzb-1995",
        states: &["UZB"],
        letters: "ЎҚҒҲ",
        reach: Reach::Elsewhere,
        on_icao: true,
        rules: "Е E ~Е YE|E Ё YO Ж J Й Y Х X Ц TS|S Ъ - Ю YU Я YA Ў O Қ Q Ғ G Ҳ H",
    },
    // BGN/PCGN 1979, signs dropped (to be confirmed for passports)
    Table {
        id: "kir-bgn",
        states: &["KGZ"],
        letters: "ҢӨҮ",
        reach: Reach::Home,
        on_icao: true,
        rules: "Ж J|ZH Й Y|I Ң NG|N Ө O Ү U Ъ - Ю YU|IU Я YA|IA Е E ~Е E|YE",
    },
    // BGN/PCGN 1994, signs dropped (to be confirmed for passports)
    Table {
        id: "taj-bgn",
        states: &["TJK"],
        letters: "ӢӮҲҶҚҒ",
        reach: Reach::Home,
        on_icao: true,
        rules: "Ғ GH|G Ӣ I Қ Q Ӯ U Ҳ H Ҷ J Й Y Ъ - Ю YU Я YA Ё YO Е E ~Е YE|E",
    },
    // law on transliteration of 2009; it lets holders keep an earlier -iya (to be confirmed)
    Table {
        id: "bul-2009",
        states: &["BGR"],
        letters: "",
        reach: Reach::Home,
        on_icao: true,
        rules: "Й Y Х H Щ SHT Ъ A Ь Y Ю YU Я YA ИЯ$ IA|IYA",
    },
    // Serbian Latin; zones drop the marks (Doc 9303-3: Ж Z, Ч C, Ћ C, Ш S)
    Table {
        id: "srp-latin",
        states: &["SRB", "MNE", "BIH"],
        letters: "ЂЋЉЊЏЈ",
        reach: Reach::Home,
        on_icao: true,
        rules: "Ж Ž|Z Ч Č|C Ћ Ć|C Ш Š|S Ђ Đ|DJ|D Đ DJ|D Џ DŽ|DZ Х H Ц C Ј J Љ LJ Њ NJ",
    },
    // Doc 9303-3 by language
    Table {
        id: "mkd-icao",
        states: &["MKD"],
        letters: "ЃЌЅ",
        reach: Reach::Home,
        on_icao: true,
        rules: "Х H Ц C Ѓ GJ Ќ KJ Џ DJ Љ LJ Њ NJ Ј J",
    },
    // MNS 5217:2012 (to be confirmed for passports: Ө)
    Table {
        id: "mon-2012",
        states: &["MNG"],
        letters: "ӨҮ",
        reach: Reach::Home,
        on_icao: true,
        rules: "Е YE|E Ё YO Ж J Й I Ө U|O Ү U Ъ I|- Ь I|- Ю YU Я YA Ц TS|C Э E",
    },
    // national system of 2002
    Table {
        id: "geo-2002",
        states: &["GEO"],
        letters: "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        reach: Reach::Home,
        on_icao: false,
        rules: "ა A ბ B გ G დ D ე E ვ V ზ Z თ T ი I კ K ლ L მ M ნ N ო O პ P ჟ ZH რ R ს S ტ T უ U ფ P \
                ქ K ღ GH ყ Q შ SH ჩ CH ც TS ძ DZ წ TS ჭ CH ხ KH ჯ J ჰ H",
    },
    // BGN/PCGN 1981 without its signs; passports write -yan or -ian (to be confirmed)
    Table {
        id: "arm-bgn",
        states: &["ARM"],
        letters: "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ",
        reach: Reach::Home,
        on_icao: false,
        rules: "Ա A Բ B Գ G Դ D Ե E ^Ե YE Զ Z Է E Ը Y Թ T Ժ ZH Ի I Լ L Խ KH Ծ TS Կ K Հ H Ձ DZ Ղ GH \
                Ճ CH Մ M Յ Y Ն N Շ SH Ո O ^Ո VO Չ CH Պ P Ջ J Ռ R Ս S Վ V Տ T Ր R Ց TS ՈՒ U ^ՈՒ U \
                Ւ V Փ P Ք K Օ O Ֆ F և EV ԵՎ EV ^ԵՎ YEV|EV",
    },
    // passports of Azerbaijan in letters of Doc 9303
    Table {
        id: "aze-passport",
        states: &["AZE"],
        letters: "Ə",
        reach: Reach::Home,
        on_icao: true,
        rules: "X KH|X Q G|Q Ə A|E Ş S|SH Ç C|CH Ğ G|GH",
    },
];
