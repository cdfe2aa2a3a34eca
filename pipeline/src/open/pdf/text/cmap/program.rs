//! What the program of a CMap defines.

use super::tokens::{Token, Tokens};

/// Entries of one CMap; a collection has 30,000 glyphs.
const MAX_ENTRIES: usize = 300_000;

/// The characters for a range: the last one counts up.
pub(super) struct Characters {
    before: String,
    last: u32,
}

impl Characters {
    /// Reads UTF-16; one byte is one character.
    fn read(bytes: &[u8]) -> Self {
        let units: Vec<u16> = match bytes {
            [byte] => vec![u16::from(*byte)],
            _ => bytes.as_chunks().0.iter().map(|unit| u16::from_be_bytes(*unit)).collect(),
        };
        let mut before: String = char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        match before.pop() {
            Some(last) => Self { before, last: last.into() },
            None => Self { before, last: u32::MAX },
        }
    }

    pub(super) fn at(&self, offset: u32) -> String {
        let last = self.last.checked_add(offset).and_then(char::from_u32);
        self.before.chars().chain(last).collect()
    }
}

/// What a CMap program has defined so far.
#[derive(Default)]
pub(super) struct Program {
    pub(super) spaces: Vec<(usize, u32, u32)>,
    pub(super) glyphs: Vec<(u32, u32, u32)>,
    pub(super) characters: Vec<(u32, u32, Characters)>,
    pub(super) vertical: Option<bool>,
    pub(super) base: Option<Vec<u8>>,
}

impl Program {
    pub(super) fn run(&mut self, mut tokens: Tokens<'_>) {
        let mut name: &[u8] = b"";
        while let Some(token) = tokens.next() {
            match token {
                Token::Name(next) => name = next,
                Token::Number(mode) if name == b"WMode" => {
                    self.vertical.get_or_insert(mode == 1);
                }
                Token::Word(b"usecmap") => self.base = Some(name.to_vec()),
                Token::Word(b"begincodespacerange") => self.spaces(&mut tokens),
                Token::Word(b"begincidrange" | b"begincidchar") => self.glyphs(&mut tokens),
                Token::Word(b"beginbfrange") => self.character_ranges(&mut tokens),
                Token::Word(b"beginbfchar") => self.characters(&mut tokens),
                _ => {}
            }
        }
    }

    fn is_full(&self) -> bool {
        self.spaces.len() + self.glyphs.len() + self.characters.len() > MAX_ENTRIES
    }

    fn spaces(&mut self, tokens: &mut Tokens<'_>) {
        while let Some(Token::Hex(low)) = tokens.next()
            && let Some(Token::Hex(high)) = tokens.next()
            && !self.is_full()
        {
            self.spaces.push((low.len().clamp(1, 4), code(&low), code(&high)));
        }
    }

    /// Reads ranges and single codes: a number follows either one or two codes.
    fn glyphs(&mut self, tokens: &mut Tokens<'_>) {
        let mut codes = Vec::new();
        for token in tokens {
            match token {
                Token::Hex(bytes) => codes.push(code(&bytes)),
                Token::Number(glyph) => {
                    if let (Some(first), Some(last), Ok(glyph)) =
                        (codes.first(), codes.last(), u32::try_from(glyph))
                        && !self.is_full()
                    {
                        self.glyphs.push((*first, *last, glyph));
                    }
                    codes.clear();
                }
                _ => break,
            }
        }
    }

    fn characters(&mut self, tokens: &mut Tokens<'_>) {
        while let Some(Token::Hex(bytes)) = tokens.next()
            && let Some(characters) = tokens.next()
            && !self.is_full()
        {
            if let Token::Hex(characters) = characters {
                self.characters.push((code(&bytes), code(&bytes), Characters::read(&characters)));
            }
        }
    }

    fn character_ranges(&mut self, tokens: &mut Tokens<'_>) {
        while let Some(Token::Hex(low)) = tokens.next()
            && let Some(Token::Hex(high)) = tokens.next()
            && let Some(characters) = tokens.next()
            && !self.is_full()
        {
            let (low, high) = (code(&low), code(&high));
            match characters {
                Token::Hex(characters) => {
                    self.characters.push((low, high, Characters::read(&characters)));
                }
                Token::Open => {
                    let mut codes = low..=high;
                    while let Some(Token::Hex(characters)) = tokens.next() {
                        if let Some(one) = codes.next() {
                            self.characters.push((one, one, Characters::read(&characters)));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}
