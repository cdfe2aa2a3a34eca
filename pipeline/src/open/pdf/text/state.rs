//! The part of the graphics state that places text (ISO 32000-1 8.4, 9.3).

use std::rc::Rc;

use hayro::kurbo::Affine;

use super::font::{Font, ShownCode};
use super::words::{Place, Turn};

/// What `q` saves.
#[derive(Clone)]
pub(super) struct State {
    pub(super) page: Affine,
    pub(super) font: Option<(usize, Rc<Font>)>,
    pub(super) size: f64,
    pub(super) letter_spacing: f64,
    pub(super) word_spacing: f64,
    /// Horizontal scale, 1 for the usual width.
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    /// Of the next letter, and of the line's beginning.
    pub(super) text: Affine,
    pub(super) line: Affine,
}

impl State {
    pub(super) fn new(page: Affine) -> Self {
        Self {
            page,
            font: None,
            size: 0.0,
            letter_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
        }
    }

    pub(super) fn begin_text(&mut self) {
        self.set_line(Affine::IDENTITY);
    }

    pub(super) fn set_line(&mut self, line: Affine) {
        (self.line, self.text) = (line, line);
    }

    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.set_line(self.line * Affine::translate((x, y)));
    }

    /// Moves by a number of `TJ`, in thousandths of an em.
    pub(super) fn adjust(&mut self, number: f64, is_vertical: bool) {
        self.advance(-number / 1000.0 * self.size, is_vertical);
    }

    fn advance(&mut self, by: f64, is_vertical: bool) {
        let step = if is_vertical { (0.0, by) } else { (by * self.stretch, 0.0) };
        self.text *= Affine::translate(step);
    }

    /// Returns the place of a code's glyph, and moves to the next one. `None` for a place
    /// that is no number.
    pub(super) fn place(&mut self, shown: &ShownCode, font: (usize, &Font)) -> Option<Shown> {
        let (number, font) = font;
        let is_vertical = font.is_vertical();
        let ems = Affine::new([self.size * self.stretch, 0.0, 0.0, self.size, 0.0, self.rise]);
        let matrix = self.page * self.text * ems;
        let origin = matrix * hayro::kurbo::Point::from(shown.origin);
        let [a, b, c, d, ..] = matrix.as_coeffs();
        // text from top to bottom has its advance down, which is negative in the font
        let (along, sign) = if is_vertical { ((-c, -d), -1.0) } else { ((a, b), 1.0) };
        let turn = Turn::of(along.0, along.1);
        let width = shown.advance * sign;
        let (start, base) = turn.along(origin.x, origin.y);
        let end = turn.along(origin.x + along.0 * width, origin.y + along.1 * width).0;
        let scale = c.hypot(d);
        let place = Place { start, end, base, size: scale * font.em(), turn, font: number };
        let spacing = self.letter_spacing + if shown.is_space { self.word_spacing } else { 0.0 };
        let spacing = if is_vertical { -spacing } else { spacing };
        self.advance(shown.advance * self.size + spacing, is_vertical);
        let is_number = [start, end, base, scale].iter().all(|number| number.is_finite());
        let end = origin + hayro::kurbo::Vec2::new(along.0 * width, along.1 * width);
        is_number.then_some(Shown { place, origin, end })
    }
}

/// Where a glyph is, along its line and on the page.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) place: Place,
    pub(super) origin: hayro::kurbo::Point,
    pub(super) end: hayro::kurbo::Point,
}
