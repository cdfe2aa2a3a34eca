//! The tokens of a CMap program: the part of PostScript that CMaps use.

/// A token of a CMap.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'d> {
    /// The bytes of a string in angle brackets.
    Hex(Vec<u8>),
    Number(i64),
    /// A name after a slash.
    Name(&'d [u8]),
    /// An operator, or anything else.
    Word(&'d [u8]),
    Open,
    Close,
}

/// Longest string that is kept, in bytes: no code is longer than 4, and the text of a
/// ligature has a few letters.
const MAX_STRING: usize = 512;

/// Splits a CMap into tokens; what is not one is skipped.
pub(super) struct Tokens<'d> {
    rest: &'d [u8],
}

impl<'d> Tokens<'d> {
    pub(super) fn new(untrusted: &'d [u8]) -> Self {
        Self { rest: untrusted }
    }

    fn take(&mut self, count: usize) -> &'d [u8] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn take_regular(&mut self) -> &'d [u8] {
        let end = self.rest.iter().position(|byte| !is_regular(*byte));
        self.take(end.unwrap_or(self.rest.len()))
    }

    fn skip_to(&mut self, is_end: impl Fn(u8) -> bool) {
        let end = self.rest.iter().position(|byte| is_end(*byte));
        self.take(end.map_or(self.rest.len(), |end| end + 1));
    }

    /// Reads the digits up to `>`; anything between them is skipped. An odd number of
    /// digits is a number without its first zero.
    fn hex(&mut self) -> Vec<u8> {
        let end = self.rest.iter().position(|byte| *byte == b'>').unwrap_or(self.rest.len());
        let digits = self.take(end + 1);
        let digits: Vec<u8> = digits
            .iter()
            .filter_map(|digit| char::from(*digit).to_digit(16))
            .filter_map(|digit| u8::try_from(digit).ok())
            .take(2 * MAX_STRING)
            .collect();
        let (first, pairs) = digits.split_at(digits.len() % 2);
        let pairs =
            pairs.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit));
        first.iter().copied().chain(pairs).collect()
    }

    /// Skips a string in parentheses, which may be nested.
    fn skip_string(&mut self) {
        let mut depth = 0u32;
        let mut escaped = false;
        let end = self.rest.iter().position(|byte| {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        self.take(end.map_or(self.rest.len(), |end| end + 1));
    }
}

impl<'d> Iterator for Tokens<'d> {
    type Item = Token<'d>;

    fn next(&mut self) -> Option<Token<'d>> {
        loop {
            match *self.rest.first()? {
                b'%' => self.skip_to(|byte| matches!(byte, b'\r' | b'\n')),
                b'(' => self.skip_string(),
                b'/' => {
                    self.take(1);
                    return Some(Token::Name(self.take_regular()));
                }
                b'<' if self.rest.starts_with(b"<<") => {
                    self.take(2);
                }
                b'<' => {
                    self.take(1);
                    return Some(Token::Hex(self.hex()));
                }
                b'[' => {
                    self.take(1);
                    return Some(Token::Open);
                }
                b']' => {
                    self.take(1);
                    return Some(Token::Close);
                }
                byte if is_regular(byte) => {
                    let word = self.take_regular();
                    let number = str::from_utf8(word).ok().and_then(|word| word.parse().ok());
                    return Some(number.map_or(Token::Word(word), Token::Number));
                }
                _ => {
                    self.take(1);
                }
            }
        }
    }
}

/// ISO 32000-1 7.2.2: neither white space nor a delimiter.
fn is_regular(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && byte != 0 && !b"()<>[]{}/%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_spaces_and_broken_strings_are_read() {
        let tokens: Vec<Token<'_>> =
            Tokens::new(b"%x\r/WMode 1def 2 begin<0 0\n4>[<004>(a(\\))b)] <<").collect();
        assert_eq!(
            tokens,
            [
                Token::Name(b"WMode"),
                Token::Word(b"1def"),
                Token::Number(2),
                Token::Word(b"begin"),
                Token::Hex(vec![0, 4]),
                Token::Open,
                Token::Hex(vec![0, 4]),
                Token::Close,
            ]
        );
    }
}
