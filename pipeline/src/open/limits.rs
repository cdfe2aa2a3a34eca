//! Limits on an untrusted file.

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

const MIB: u64 = 1024 * 1024;

/// Limits on one file. Those on size are compared with the header before anything
/// is decoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Length of the file, in bytes.
    pub bytes: u64,
    /// Pixels of one picture: width times height.
    pub pixels: u64,
    /// Pixels along either side of one picture.
    pub side: u32,
    /// Pages that the kind may have.
    pub pages: u32,
    /// Number of pages that are examined, from the first.
    pub examined_pages: u32,
    /// The same for a file with more than `pages`, which fails anyway.
    pub overlong_pages: u32,
    /// Resolution at which PDF pages are drawn, in dots per inch; lowered for
    /// pages so large that `drawn_pixels` or `side` would be exceeded.
    pub drawn_dpi: f64,
    /// Pixels of one drawn PDF page. Drawing takes four times the memory of
    /// decoding, so this is less than `pixels`.
    pub drawn_pixels: u64,
    /// Bytes to which the streams of a PDF may unpack, except pictures, which have
    /// the limits above.
    pub unpacked_bytes: u64,
    /// Bytes of text stored of all pages together.
    pub text_bytes: u64,
}

impl Default for Limits {
    /// 20 MiB, 50 megapixels, 12 000 pixels a side, 30 pages.
    fn default() -> Self {
        Self {
            bytes: 20 * MIB,
            pixels: 50_000_000,
            side: 12_000,
            pages: 30,
            examined_pages: 30,
            overlong_pages: 3,
            drawn_dpi: 200.0,
            drawn_pixels: 16_000_000,
            unpacked_bytes: 128 * MIB,
            text_bytes: MIB,
        }
    }
}

impl Limits {
    /// Returns the limits for one kind: a portfolio may have 100 MiB and 200 pages, of
    /// which the first 30 are examined.
    #[must_use]
    pub fn for_kind(kind: Kind) -> Self {
        match kind {
            Kind::Passport | Kind::Portrait => Self::default(),
            Kind::Portfolio => Self { bytes: 100 * MIB, pages: 200, ..Self::paper() },
            _ => Self::paper(),
        }
    }
}

/// A limits file: top-level keys apply to every kind, a table named after a kind
/// (`[portfolio]`) to that kind; absent keys keep their defaults.
#[derive(Clone, Debug, Default)]
pub struct LimitsFile(toml::Table);

impl LimitsFile {
    /// Parses the text of a limits file.
    ///
    /// # Errors
    /// A description of the fault: not TOML, a table that is not a kind, an unknown
    /// key, a value of another type.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
        for (name, _) in table.iter().filter(|(_, value)| value.is_table()) {
            Kind::from_name(name).ok_or_else(|| format!("[{name}] is not a kind of document"))?;
        }
        let file = Self(table);
        for kind in Kind::ALL {
            let limits = file.merged(kind).map_err(|error| error.to_string())?;
            // a file of which no page is examined has neither a page nor a fault
            if limits.examined_pages == 0 || limits.overlong_pages == 0 {
                return Err("examined_pages and overlong_pages must be at least 1".to_owned());
            }
        }
        Ok(file)
    }

    /// Returns the limits for one kind.
    #[must_use]
    pub fn for_kind(&self, kind: Kind) -> Limits {
        self.merged(kind).expect("parse has tried every kind")
    }

    fn merged(&self, kind: Kind) -> Result<Limits, toml::de::Error> {
        let Ok(mut merged) = toml::Table::try_from(Limits::for_kind(kind)) else {
            return Ok(Limits::for_kind(kind));
        };
        let own = self.0.get(kind.name()).and_then(toml::Value::as_table);
        let all = self.0.iter().filter(|(_, value)| !value.is_table());
        merged.extend(all.chain(own.into_iter().flatten()).map(|(k, v)| (k.clone(), v.clone())));
        merged.try_into()
    }
}

impl Limits {
    /// Papers are drawn for display and fingerprints, not for measurement: at three
    /// quarters of the resolution thirty pages take half the time.
    fn paper() -> Self {
        Self { drawn_dpi: 150.0, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portfolio_may_be_longer_without_more_examined_pages() {
        let portfolio = Limits::for_kind(Kind::Portfolio);
        assert_eq!(
            (portfolio.bytes, portfolio.pages, portfolio.examined_pages),
            (104_857_600, 200, 30)
        );
        assert_eq!(Limits::for_kind(Kind::Passport), Limits::default());
    }

    #[test]
    fn top_level_keys_apply_to_every_kind_and_a_table_to_its_own() {
        let file = LimitsFile::parse("side = 500\n[portfolio]\npages = 7").unwrap();
        let of = |kind| (file.for_kind(kind).side, file.for_kind(kind).pages);
        assert_eq!((of(Kind::Portfolio), of(Kind::Cv)), ((500, 7), (500, 30)));
        for (text, fault) in [
            ("[visa]", "[visa]"),
            ("sides = 1", "sides"),
            ("side = \"a\"", "side"),
            ("examined_pages = 0", "at least 1"),
            ("[cv]\noverlong_pages = 0", "at least 1"),
        ] {
            let error = LimitsFile::parse(text).unwrap_err();
            assert!(error.contains(fault), "{error}");
        }
    }

    #[test]
    fn absent_keys_keep_their_defaults() {
        let limits: Limits = toml::from_str("side = 500").unwrap();
        assert_eq!(limits, Limits { side: 500, ..Limits::default() });
        assert!(toml::from_str::<Limits>("sides = 500").is_err());
    }
}
