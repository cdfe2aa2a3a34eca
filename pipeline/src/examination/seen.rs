//! The pages of a file, or why there are none.

use super::page::Page;
use crate::reason::{Code, Reason};

/// The pages of a file, or why there are none: never neither.
#[derive(Debug)]
pub(crate) enum Seen {
    /// At least one page, and remarks about others.
    Pages {
        /// The first page that could be decoded.
        first: Page,
        /// The further pages.
        rest: Vec<Page>,
        /// Reasons about pages that could not be decoded.
        remarks: Vec<Reason>,
    },
    /// No page.
    Nothing {
        /// The reason that explains it.
        why: Reason,
        /// Other reasons.
        more: Vec<Reason>,
    },
}

impl Seen {
    /// Creates a file without pages.
    pub(crate) fn nothing(why: Reason) -> Self {
        Self::Nothing { why, more: Vec::new() }
    }

    /// Creates the result of decoding every examined page. Where no page could be
    /// decoded, every different reason is kept.
    pub(crate) fn new(pages: Vec<Page>, unreadable: Vec<(u32, Reason)>) -> Self {
        let mut pages = pages.into_iter();
        if let Some(first) = pages.next() {
            let page = |number| Reason::new(Code::FilePageUnreadable).with("page", number);
            let remarks = unreadable.iter().map(|(number, _)| page(*number)).collect();
            return Self::Pages { first, rest: pages.collect(), remarks };
        }
        let mut different: Vec<Reason> = Vec::new();
        for (_, reason) in unreadable {
            if !different.iter().any(|known| known.code == reason.code) {
                different.push(reason);
            }
        }
        // that single pages are unreadable says nothing more where all are
        different.retain(explains_no_page);
        let mut different = different.into_iter();
        let why = different.next().unwrap_or_else(|| Reason::new(Code::FileCorrupt));
        Self::Nothing { why, more: different.collect() }
    }

    /// Returns the pages, and the reasons about them.
    pub(crate) fn into_parts(self) -> (Vec<Page>, Vec<Reason>) {
        match self {
            Self::Pages { first, rest, remarks } => {
                (std::iter::once(first).chain(rest).collect(), remarks)
            }
            Self::Nothing { why, more } => (Vec::new(), std::iter::once(why).chain(more).collect()),
        }
    }
}

/// Reasons why a file has no page. The list stands here, and not in the table of codes,
/// because it decides what an examination contains.
const NO_PAGE: [Code; 13] = [
    Code::FileEmpty,
    Code::FileTooLarge,
    Code::FileTypeUnsupported,
    Code::FileCorrupt,
    Code::FileTruncated,
    Code::FileEncrypted,
    Code::FileTooManyPages,
    Code::FilePixelBomb,
    Code::FileUnpackBomb,
    Code::FileExhaustsTime,
    Code::FileExhaustsMemory,
    Code::FileBreaksReader,
    Code::FileNotFound,
];

/// Returns whether a reason explains that a file has no page.
pub(super) fn explains_no_page(reason: &Reason) -> bool {
    NO_PAGE.contains(&reason.code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examination::PageOrigin;

    fn page(number: u32) -> Page {
        Page {
            number,
            width: 1,
            height: 1,
            dpi: None,
            rotation: 0,
            mirrored: false,
            origin: PageOrigin::Image,
        }
    }

    #[track_caller]
    fn check(pages: &[u32], unreadable: &[(u32, Code)], codes: &[&str]) {
        let pages: Vec<Page> = pages.iter().map(|number| page(*number)).collect();
        let unreadable = unreadable.iter().map(|(n, code)| (*n, Reason::new(*code))).collect();
        let (found, reasons) = Seen::new(pages.clone(), unreadable).into_parts();
        assert_eq!(found, pages);
        let found: Vec<&str> = reasons.iter().map(|reason| reason.code.name()).collect();
        assert_eq!(found, codes);
    }

    #[test]
    fn there_are_pages_or_a_reason() {
        use Code::{FileCorrupt, FilePageUnreadable, FilePixelBomb};
        check(&[1, 2], &[], &[]);
        check(&[2], &[(1, FileCorrupt), (3, FilePixelBomb)], &["FILE_PAGE_UNREADABLE"; 2]);
        check(&[], &[(1, FilePixelBomb)], &["FILE_PIXEL_BOMB"]);
        check(&[], &[(1, FilePageUnreadable), (2, FilePageUnreadable)], &["FILE_CORRUPT"]);
        check(&[], &[(1, FilePageUnreadable), (2, FilePixelBomb)], &["FILE_PIXEL_BOMB"]);
        check(&[], &[], &["FILE_CORRUPT"]);
    }
}
