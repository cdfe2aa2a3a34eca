//! Marks that people leave on a page: lines, boxes, highlighted text (ISO 32000-1 12.5.6).
//!
//! All are drawn in the coordinates of the page.

use hayro::hayro_syntax::object::{Array, Dict, Name, Object};
use hayro::kurbo::Rect;

use super::content::{Content, FILL, STROKE};

/// Points of one mark that are drawn: handwriting over a page has some thousand.
const MAX_POINTS: usize = 20_000;
/// Two quarter circles meet where their control points are so far from the corner.
const QUARTER: f64 = 0.552_284_75;

/// What is drawn, and the rectangle that it fills.
pub(super) struct Mark {
    pub(super) content: Content,
    pub(super) bounds: Rect,
    /// Whether it lets the text below show through.
    pub(super) multiplies: bool,
}

/// Draws an annotation of this subtype; `None` for one that shows nothing by itself.
pub(super) fn draw(subtype: &[u8], annotation: &Dict<'_>, rect: Rect) -> Option<Mark> {
    let width = border_width(annotation).unwrap_or(1.0);
    let mut pen = Pen { content: Content::default(), bounds: rect, width, annotation };
    let multiplies = subtype == b"Highlight";
    match subtype {
        b"Highlight" => pen.highlight(),
        b"Underline" => pen.line_in_quads(|quad| [quad[2], quad[3]]),
        b"Squiggly" => pen.line_in_quads(|quad| [quad[2], quad[3]]),
        b"StrikeOut" => {
            pen.line_in_quads(|quad| [middle(quad[0], quad[2]), middle(quad[1], quad[3])])
        }
        b"Ink" => pen.ink(),
        b"Line" => pen.polygon("L", false),
        b"PolyLine" => pen.polygon("Vertices", false),
        b"Polygon" => pen.polygon("Vertices", true),
        b"Square" => pen.square(rect),
        b"Circle" => pen.circle(rect),
        _ => return None,
    }
    (!pen.content.bytes.is_empty()).then_some(Mark {
        content: pen.content,
        bounds: pen.bounds,
        multiplies,
    })
}

/// Returns the stated width of a border.
pub(super) fn border_width(annotation: &Dict<'_>) -> Option<f64> {
    let style = annotation.get::<Dict<'_>>("BS").and_then(|style| style.get::<f64>("W"));
    let border = || annotation.get::<Array<'_>>("Border")?.iter::<f64>().nth(2);
    style.or_else(border).filter(|width| (0.0..1000.0).contains(width))
}

type Point = [f64; 2];

struct Pen<'p, 'a> {
    content: Content,
    bounds: Rect,
    width: f64,
    annotation: &'p Dict<'a>,
}

impl Pen<'_, '_> {
    fn colour(&self, key: &str) -> Option<Array<'_>> {
        self.annotation.get::<Array<'_>>(key)
    }

    fn set_stroke(&mut self) {
        let colour = self.annotation.get::<Array<'_>>("C");
        if !self.content.colour(colour.as_ref(), STROKE) {
            self.content.write("0 G");
        }
        self.content.operator(&[self.width], "w");
    }

    /// Returns the corners of the marked words: upper left, upper right, lower left,
    /// lower right, as all viewers read them.
    fn quads(&mut self) -> Vec<[Point; 4]> {
        let points = points(self.annotation.get::<Array<'_>>("QuadPoints"));
        self.include(&points);
        points.as_chunks::<4>().0.to_vec()
    }

    fn include(&mut self, points: &[Point]) {
        for [x, y] in points {
            let point = Rect::new(*x, *y, *x, *y).inflate(self.width, self.width);
            self.bounds = self.bounds.union(point);
        }
    }

    fn highlight(&mut self) {
        let quads = self.quads();
        let colour = self.annotation.get::<Array<'_>>("C");
        if !self.content.colour(colour.as_ref(), FILL) {
            self.content.write("1 1 0 rg");
        }
        for [a, b, c, d] in quads {
            self.content.path(&[a, b, d, c]);
            self.content.write("h f");
        }
    }

    fn line_in_quads(&mut self, line: impl Fn([Point; 4]) -> [Point; 2]) {
        let quads = self.quads();
        self.set_stroke();
        for quad in quads {
            self.content.path(&line(quad));
            self.content.write("S");
        }
    }

    fn ink(&mut self) {
        let Some(strokes) = self.annotation.get::<Array<'_>>("InkList") else { return };
        self.set_stroke();
        self.content.write("1 J 1 j");
        for stroke in strokes.iter::<Object<'_>>().take(MAX_POINTS) {
            let points = points(stroke.into_array());
            self.include(&points);
            self.content.path(&points);
            if !points.is_empty() {
                self.content.write("S");
            }
        }
    }

    fn polygon(&mut self, key: &str, closed: bool) {
        let points = points(self.annotation.get::<Array<'_>>(key));
        if points.len() < 2 {
            return;
        }
        self.include(&points);
        let filled = closed && self.set_fill();
        self.set_stroke();
        self.content.path(&points);
        self.content.write(match (closed, filled) {
            (true, true) => "b",
            (true, false) => "s",
            _ => "S",
        });
    }

    fn set_fill(&mut self) -> bool {
        let interior = self.annotation.get::<Array<'_>>("IC");
        self.content.colour(interior.as_ref(), FILL)
    }

    fn square(&mut self, rect: Rect) {
        let filled = self.set_fill();
        self.set_stroke();
        let inside = rect.inset(-self.width / 2.0);
        self.content.operator(&[inside.x0, inside.y0, inside.width(), inside.height()], "re");
        self.paint(filled);
    }

    fn circle(&mut self, rect: Rect) {
        let filled = self.set_fill();
        self.set_stroke();
        let inside = rect.inset(-self.width / 2.0);
        let (x, y) = (inside.center().x, inside.center().y);
        let (across, up) = (inside.width() / 2.0, inside.height() / 2.0);
        let at = |right: f64, above: f64| [x + right * across, y + above * up];
        self.content.operator(&at(1.0, 0.0), "m");
        for (from, to) in [
            ((1.0, 0.0), (0.0, 1.0)),
            ((0.0, 1.0), (-1.0, 0.0)),
            ((-1.0, 0.0), (0.0, -1.0)),
            ((0.0, -1.0), (1.0, 0.0)),
        ] {
            let first = at(from.0 + to.0 * QUARTER, from.1 + to.1 * QUARTER);
            let second = at(to.0 + from.0 * QUARTER, to.1 + from.1 * QUARTER);
            let end = at(to.0, to.1);
            self.content.operator(&[first, second, end].concat(), "c");
        }
        self.paint(filled);
    }

    fn paint(&mut self, filled: bool) {
        let has_border = self.width > 0.0 && (self.colour("C").is_some() || !filled);
        self.content.write(match (filled, has_border) {
            (true, true) => "B",
            (true, false) => "f",
            (false, true) => "S",
            (false, false) => "n",
        });
    }
}

fn points(array: Option<Array<'_>>) -> Vec<Point> {
    let Some(array) = array else { return Vec::new() };
    let numbers: Vec<f64> = array.iter::<f64>().take(2 * MAX_POINTS).collect();
    numbers.as_chunks::<2>().0.to_vec()
}

fn middle(a: Point, b: Point) -> Point {
    [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])]
}

/// Returns the words of a stamp: its name, or that of the usual one.
pub(super) fn stamp_words(annotation: &Dict<'_>) -> String {
    let name = annotation.get::<Name<'_>>("Name");
    let name = name.as_ref().map_or("Draft", |name| name.as_str()).trim_start_matches('#');
    let mut words = String::new();
    for letter in name.chars().take(100) {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_uppercase());
    }
    words
}
