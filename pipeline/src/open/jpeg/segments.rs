//! The marker segments of a JPEG (ITU-T T.81, B.1).

/// Markers, by their second bytes.
pub(super) const START_OF_SCAN: u8 = 0xda;
pub(super) const QUANTISATION: u8 = 0xdb;
pub(super) const NUMBER_OF_LINES: u8 = 0xdc;
/// A frame of JPEG-LS, a standard of its own.
pub(super) const LOSSLESS_LS: u8 = 0xf7;
const END_OF_IMAGE: u8 = 0xd9;

/// A marker with the content that its length states.
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    /// Offset of the content in the file.
    pub(super) at: usize,
    pub(super) content: &'a [u8],
}

impl Segment<'_> {
    /// Whether a frame begins: SOF0 to SOF15.
    pub(super) fn is_frame(&self) -> bool {
        matches!(self.marker, 0xc0..=0xcf) && !matches!(self.marker, 0xc4 | 0xc8 | 0xcc)
    }
}

/// The segments from the first to the end of the picture, or to the end of the file.
pub(super) struct Segments<'a> {
    file: &'a [u8],
    at: usize,
    /// Whether the marker for the end of the picture was met.
    pub(super) has_end: bool,
}

impl<'a> Segments<'a> {
    pub(super) fn new(untrusted: &'a [u8]) -> Self {
        Self { file: untrusted, at: 2, has_end: false }
    }

    /// Returns the next marker. Entropy-coded data and junk between segments are skipped.
    fn next_marker(&mut self) -> Option<u8> {
        loop {
            let rest = self.file.get(self.at..)?;
            self.at += rest.iter().position(|byte| *byte == 0xff)?;
            match *self.file.get(self.at + 1)? {
                // a stuffed zero belongs to the data, a second 0xff is padding
                0x00 => self.at += 2,
                0xff => self.at += 1,
                marker => {
                    self.at += 2;
                    return Some(marker);
                }
            }
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        loop {
            match self.next_marker()? {
                END_OF_IMAGE => {
                    self.has_end = true;
                    self.at = self.file.len();
                    return None;
                }
                // markers without a segment
                0x01 | 0xd0..=0xd8 => {}
                marker => {
                    let file = self.file;
                    let length = usize::from(u16_at(file, self.at)?).max(2);
                    let content = file.get(self.at + 2..self.at + length)?;
                    let at = self.at + 2;
                    self.at += length;
                    return Some(Segment { marker, at, content });
                }
            }
        }
    }
}

/// Reads a number of two bytes, the higher first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}
