//! All spellings of a name at once, as the edges of a graph, and whether two names
//! have a spelling in common. Alternatives for each letter cost edges, not spellings.

use super::marks::{self, Marks};
use super::schemes::Scheme;
use super::text::Token;

/// How the letters of a name are spelled.
#[derive(Clone, Copy)]
pub(super) enum Spelling<'a> {
    /// As they are; the dotted and dotless I of Turkish and Ё as I and Е.
    Letters,
    /// In the letters of a zone: Latin letters by Doc 9303, others by a scheme.
    Zone(Option<&'a Scheme>, Marks),
}

/// Spellings of a row of tokens. An edge without a letter is free.
#[derive(PartialEq)]
pub(super) struct Automaton {
    edges: Vec<Vec<(Option<char>, usize)>>,
    end: usize,
}

/// How two rows have to agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Whole,
    /// One letter may be missing, too many or another.
    OneLetter,
    /// The second may end before the first.
    SecondEnds,
    /// The first letters agree.
    FirstLetter,
}

impl Automaton {
    pub(super) fn new<'t>(
        tokens: impl IntoIterator<Item = &'t Token>,
        spelling: Spelling<'_>,
    ) -> Self {
        let mut automaton = Self { edges: vec![Vec::new()], end: 0 };
        for token in tokens {
            automaton.add_word(token, spelling);
        }
        automaton
    }

    fn add_word(&mut self, token: &Token, spelling: Spelling<'_>) {
        let word: Vec<char> = token.letters.iter().map(|letter| letter.c).collect();
        let start = self.end;
        // one node for each border between letters
        self.edges.extend((0..word.len()).map(|_| Vec::new()));
        let node = |at: usize| start + at;
        // nodes inside replacements come after those of the word
        for at in 0..word.len() {
            let (c, scheme, marks) = match spelling {
                Spelling::Letters => (plain(word[at]), None, None),
                Spelling::Zone(scheme, marks) => (word[at], scheme, Some(marks)),
            };
            let by_scheme = scheme.map_or_else(Vec::new, |scheme| scheme.at(&word, at));
            for (length, targets) in &by_scheme {
                for target in *targets {
                    self.add_path(node(at), target, node(at + length));
                }
            }
            if !by_scheme.is_empty() {
                continue;
            }
            match marks.and_then(|marks| marks::replacements(c, marks)) {
                Some(all) => all.iter().for_each(|t| self.add_path(node(at), t, node(at + 1))),
                None => self.edges[node(at)].push((Some(c), node(at + 1))),
            }
        }
        self.end = node(word.len());
        self.move_end();
    }

    /// Gives the end its own last node, so that the next word begins there.
    fn move_end(&mut self) {
        let last = self.edges.len();
        self.edges.push(Vec::new());
        self.edges[self.end].push((None, last));
        self.end = last;
    }

    fn add_path(&mut self, from: usize, text: &str, to: usize) {
        let mut at = from;
        let mut letters = text.chars().peekable();
        if letters.peek().is_none() {
            self.edges[from].push((None, to));
        }
        while let Some(c) = letters.next() {
            let next = if letters.peek().is_none() { to } else { self.edges.len() };
            if next != to {
                self.edges.push(Vec::new());
            }
            self.edges[at].push((Some(c), next));
            at = next;
        }
    }

    /// Returns the spellings, at most `most` of them.
    pub(super) fn spellings(&self, most: usize) -> Vec<String> {
        let mut all = Vec::new();
        let mut open = vec![(0, String::new())];
        while let Some((node, text)) = open.pop() {
            if node == self.end {
                all.push(text);
                if all.len() == most {
                    break;
                }
                continue;
            }
            open.extend(self.edges[node].iter().map(|(c, next)| {
                let mut text = text.clone();
                text.extend(c);
                (*next, text)
            }));
        }
        all
    }

    /// Whether the first letters can be the same: most pairs end here. A free edge at
    /// the start may lead anywhere.
    fn may_begin_like(&self, other: &Self) -> bool {
        let (left, right) = (&self.edges[0], &other.edges[0]);
        let is_free = |edges: &[(Option<char>, usize)]| edges.iter().any(|(c, _)| c.is_none());
        is_free(left)
            || is_free(right)
            || left.iter().any(|(c, _)| right.iter().any(|(other, _)| c == other))
    }

    /// Returns whether this row and another have a spelling in common.
    pub(super) fn agrees(&self, other: &Self, fit: Fit) -> bool {
        if fit != Fit::OneLetter && !self.may_begin_like(other) {
            return false;
        }
        let layers = if fit == Fit::OneLetter { 2 } else { 1 };
        let width = other.edges.len();
        let mut seen = vec![false; self.edges.len() * width * layers];
        let mut open = vec![(0, 0, 0)];
        while let Some((a, b, errors)) = open.pop() {
            let key = (a * width + b) * layers + errors;
            if std::mem::replace(&mut seen[key], true) {
                continue;
            }
            match fit {
                Fit::SecondEnds if b == other.end => return true,
                _ if a == self.end && b == other.end => return true,
                _ => {}
            }
            for (left, next) in &self.edges[a] {
                if left.is_none() {
                    open.push((*next, b, errors));
                }
            }
            for (right, next) in &other.edges[b] {
                if right.is_none() {
                    open.push((a, *next, errors));
                }
            }
            let one_more = fit == Fit::OneLetter && errors == 0;
            for (left, to_a) in self.edges[a].iter().filter(|(c, _)| c.is_some()) {
                if one_more {
                    open.push((*to_a, b, 1));
                }
                for (right, to_b) in other.edges[b].iter().filter(|(c, _)| c.is_some()) {
                    if left == right {
                        if fit == Fit::FirstLetter {
                            return true;
                        }
                        open.push((*to_a, *to_b, errors));
                    } else if one_more {
                        open.push((*to_a, *to_b, 1));
                    }
                }
            }
            if one_more {
                let letters = other.edges[b].iter().filter(|(c, _)| c.is_some());
                open.extend(letters.map(|(_, to_b)| (a, *to_b, 1)));
            }
        }
        false
    }
}

fn plain(c: char) -> char {
    match c {
        'İ' => 'I',
        'Ё' => 'Е',
        other => other,
    }
}

/// Returns the first spelling of a token with the place of the letter that each
/// character stands for.
pub(super) fn first_spelling(token: &Token, scheme: Option<&Scheme>) -> Vec<(char, usize)> {
    let word: Vec<char> = token.letters.iter().map(|letter| letter.c).collect();
    let mut spelled = Vec::new();
    let mut at = 0;
    while at < word.len() {
        let by_scheme = scheme.map_or_else(Vec::new, |scheme| scheme.at(&word, at));
        let (length, first) = match by_scheme.first() {
            Some((length, targets)) => (*length, targets.first().cloned().unwrap_or_default()),
            None => {
                let marked = marks::replacements(word[at], Marks::All);
                let marked = marked.and_then(|all| all.into_iter().next());
                (1, marked.unwrap_or_else(|| word[at].to_string()))
            }
        };
        let places = &token.letters[at..at + length];
        for (i, c) in first.chars().enumerate() {
            let place = places.get(i).or(places.last());
            // marks that a scheme keeps are dropped here
            let bare = marks::replacements(c, Marks::All);
            let c = bare.and_then(|all| all[0].chars().next()).unwrap_or(c);
            spelled.extend(place.map(|letter| (c, letter.at)));
        }
        at += length;
    }
    spelled
}
