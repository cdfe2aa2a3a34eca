//! Predefined CMaps whose codes are characters.

use super::contains;

/// How characters are codes.
#[derive(Clone, Copy, PartialEq)]
pub(in super::super) enum Form {
    Utf8,
    Utf16,
    Utf32,
}

impl Form {
    /// Returns the form that the name of an encoding states.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        let forms = [("UTF8", Self::Utf8), ("UTF16", Self::Utf16), ("UTF32", Self::Utf32)];
        let forms = forms.into_iter().chain([("UCS2", Self::Utf16)]);
        let (_, form) = forms.into_iter().find(|(part, _)| contains(name, part.as_bytes()))?;
        name.starts_with(b"Uni").then_some(form)
    }

    pub(super) fn length(self, string: &[u8]) -> usize {
        match (self, string) {
            (Self::Utf8, [lead, ..]) => lead.leading_ones().max(1) as usize,
            (Self::Utf16, [0xd8..=0xdb, ..]) | (Self::Utf32, _) => 4,
            _ => 2,
        }
    }

    pub(super) fn character(self, code: u32) -> Option<char> {
        let bytes = code.to_be_bytes();
        let bytes = &bytes[(code.leading_zeros() / 8) as usize..];
        match self {
            Self::Utf8 => str::from_utf8(bytes).ok()?.chars().next(),
            Self::Utf16 => {
                let units = [(code >> 16) as u16, code as u16];
                let units = units.into_iter().skip(usize::from(code <= 0xffff));
                char::decode_utf16(units).next()?.ok()
            }
            Self::Utf32 => char::from_u32(code),
        }
    }
}
