//! State and organisation codes (part 3, section 5).

/// ISO 3166-1 alpha-3.
const ISO: &str = "\
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR \
BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG \
COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH \
FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY \
HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM \
KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL \
MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR \
NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU \
SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA \
TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB \
VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE";

/// Codes that Doc 9303 adds: Germany's single letter, British nationality
/// classes, Kosovo, organisations, stateless persons and refugees, withdrawn
/// codes of documents that may still be in use, the specimen state, signing.
const ADDED: &str = "\
D<< GBD GBN GBO GBP GBS RKS EUE UNO UNA UNK XBA XIM XCC XCE XCO XEC XPO XES XMP XOM XDC XXA XXB \
XXC XXX ANT NTZ UTO IAO";

/// Returns the codes that Doc 9303 lists, fillers included (`D<<`).
pub fn codes() -> impl Iterator<Item = &'static str> {
    ISO.split_ascii_whitespace().chain(ADDED.split_ascii_whitespace())
}

/// Whether Doc 9303 lists the code.
#[must_use]
pub fn is_known(code: &str) -> bool {
    codes().any(|known| known == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_special_codes_are_known() {
        for code in ["KAZ", "D<<", "UTO", "GBN", "RKS", "XXA", "ANT"] {
            assert!(is_known(code), "{code}");
        }
        for code in ["SI<", "INP", "TRC", "<<<", "KA", "", "kaz"] {
            assert!(!is_known(code), "{code}");
        }
    }

    #[test]
    fn the_iso_list_is_complete_and_in_order() {
        let codes: Vec<&str> = ISO.split_ascii_whitespace().collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted());
    }
}
