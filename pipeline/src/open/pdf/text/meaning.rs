//! What a code of a font means in a text.

/// The characters of one code.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// Characters that the font states.
    Stated(String),
    /// Characters that other readers show, though nothing states them.
    Guessed(String),
    Unknown,
}

impl Meaning {
    /// Returns the characters without those that mean nothing.
    pub(super) fn stated(characters: &str) -> Option<Self> {
        let kept: String = characters.chars().filter(|c| is_text(*c)).collect();
        // spaces, some of which are control characters, part words and are no letters
        let is_stated = !kept.is_empty() && !kept.chars().all(is_private);
        if is_stated {
            Some(Self::Stated(kept))
        } else if kept.is_empty() {
            None
        } else {
            Some(Self::Guessed(kept))
        }
    }

    /// Returns the same characters as a guess.
    pub(super) fn guessed(self) -> Self {
        match self {
            Self::Stated(characters) => Self::Guessed(characters),
            other => other,
        }
    }

    /// Returns the first stated meaning of several sources, else the first guess.
    pub(super) fn first(sources: impl Iterator<Item = Self>) -> Self {
        let mut guess = Self::Unknown;
        for meaning in sources {
            match meaning {
                Self::Stated(_) => return meaning,
                Self::Guessed(_) if guess == Self::Unknown => guess = meaning,
                _ => {}
            }
        }
        guess
    }

    pub(super) fn characters(&self) -> &str {
        match self {
            Self::Stated(characters) | Self::Guessed(characters) => characters,
            Self::Unknown => "",
        }
    }

    /// Whether it is a letter that nobody knows for sure.
    pub(super) fn is_unsure(&self) -> bool {
        !matches!(self, Self::Stated(_)) && !self.characters().chars().any(is_space)
    }
}

/// Whether a character parts words, as `pdftotext` takes it.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace()
}

/// Neither a control character that is no space, nor a noncharacter, nor the sign for an
/// unknown character.
fn is_text(character: char) -> bool {
    let code = u32::from(character);
    let is_noncharacter = (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe;
    let is_control = character.is_control() && !is_space(character);
    !is_noncharacter && !is_control && character != char::REPLACEMENT_CHARACTER
}

/// Private use: what these characters mean is known to the font's maker alone.
fn is_private(character: char) -> bool {
    matches!(u32::from(character), 0xe000..=0xf8ff | 0xf_0000..=0xf_fffd | 0x10_0000..=0x10_fffd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_without_a_meaning_are_none() {
        assert_eq!(Meaning::stated("\u{0}\u{fffd}\u{fdd0}\u{1ffff}\u{1b}"), None);
        assert_eq!(Meaning::stated("f\u{0}i"), Some(Meaning::Stated("fi".into())));
        assert_eq!(Meaning::stated("\u{f041}"), Some(Meaning::Guessed("\u{f041}".into())));
        assert!(Meaning::Unknown.is_unsure());
        assert!(!Meaning::stated("\t").unwrap().is_unsure());
    }
}
