//! Boxes around lines of print on a sheet: dark marks of a letter's size side by
//! side.

use super::sheet::{Rect, Sheet};

/// One line of print.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextBox {
    pub(super) rect: Rect,
    /// Number of its marks.
    pub(super) marks: usize,
    /// Cap height in pixels of the sheet.
    pub(super) height: f32,
}

/// Strokes are narrower than this.
const STROKE_MM: f32 = 1.0;
/// Least contrast of print, as a share of the contrast of the zone's print.
const INK_SHARE: f32 = 0.33;
/// Least contrast of print in grey levels: the grain of a scan is below it.
const MIN_INK: f32 = 14.0;
/// Heights of letters and digits that are searched: labels are smaller.
const LOW_MM: f32 = 1.1;
const HIGH_MM: f32 = 4.6;
/// Greatest width of a mark of touching letters: rules and the edges of photos are wider.
const WIDE_MM: f32 = 45.0;
/// Marks belong together when the gap is below this many heights: a space of
/// typewriter print is wider than one.
const GAP: f32 = 1.45;
/// Limit of marks: a page has some hundred, noise has more.
const MAX_MARKS: usize = 4000;

/// Returns the lines of print, from the top.
pub(super) fn find_boxes(sheet: &Sheet<'_>) -> Vec<TextBox> {
    let ink = detect_ink(sheet);
    let mut marks = find_marks(sheet, &ink);
    marks.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut lines: Vec<Vec<Rect>> = Vec::new();
    for mark in marks {
        let near = lines
            .iter_mut()
            .filter(|line| is_on_line(line, &mark))
            .min_by(|a, b| gap(a, &mark).total_cmp(&gap(b, &mark)));
        match near {
            Some(line) => line.push(mark),
            None => lines.push(vec![mark]),
        }
    }
    let mut boxes: Vec<TextBox> = lines.iter().map(|line| bounding_box(line)).collect();
    boxes.retain(|one| one.rect.width() > 2.2 * one.height);
    boxes.sort_by(|a, b| a.rect.top.total_cmp(&b.rect.top));
    boxes
}

fn gap(line: &[Rect], mark: &Rect) -> f32 {
    line.last().map_or(f32::MAX, |last| mark.left - last.right)
}

/// Whether a mark continues a line: level with it, of similar height, and near.
fn is_on_line(line: &[Rect], mark: &Rect) -> bool {
    let Some(last) = line.last() else { return false };
    let high = line.iter().rev().take(4).map(Rect::height).fold(last.height(), f32::max);
    let overlap = last.bottom.min(mark.bottom) - last.top.max(mark.top);
    let low = last.height().min(mark.height());
    gap(line, mark) < GAP * high
        && overlap > 0.6 * low
        && mark.height() < 1.9 * high
        && high < 2.2 * mark.height()
}

fn bounding_box(line: &[Rect]) -> TextBox {
    let mut rect = line[0];
    for mark in line {
        rect.left = rect.left.min(mark.left);
        rect.top = rect.top.min(mark.top);
        rect.right = rect.right.max(mark.right);
        rect.bottom = rect.bottom.max(mark.bottom);
    }
    let mut heights: Vec<f32> = line.iter().map(Rect::height).collect();
    heights.sort_by(f32::total_cmp);
    // capitals and digits are the higher half of mixed print
    let height = heights[heights.len() * 2 / 3];
    TextBox { rect, marks: line.len(), height }
}

/// Returns the pixels of narrow structures darker than their surroundings.
fn detect_ink(sheet: &Sheet<'_>) -> Vec<bool> {
    let half = ((STROKE_MM * sheet.scale / 2.0).ceil() as usize).max(2);
    let closed = extreme(&extreme(&sheet.data, sheet, half, u8::max), sheet, half, u8::min);
    let least = (sheet.ink * INK_SHARE).max(MIN_INK) as u8;
    closed.iter().zip(&sheet.data).map(|(c, v)| c.saturating_sub(*v) > least).collect()
}

/// Returns the greatest or least value of each square of `2 * half + 1` pixels.
fn extreme(data: &[u8], sheet: &Sheet<'_>, half: usize, pick: fn(u8, u8) -> u8) -> Vec<u8> {
    let (width, height) = (sheet.width, sheet.height);
    let mut across = data.to_vec();
    for (out, row) in across.chunks_exact_mut(width).zip(data.chunks_exact(width)) {
        for shift in 1..=half.min(width - 1) {
            for (o, v) in out[shift..].iter_mut().zip(row) {
                *o = pick(*o, *v);
            }
            for (o, v) in out.iter_mut().zip(&row[shift..]) {
                *o = pick(*o, *v);
            }
        }
    }
    let mut both = across.clone();
    for shift in 1..=half.min(height - 1) {
        let far = shift * width;
        for (o, v) in both[far..].iter_mut().zip(&across) {
            *o = pick(*o, *v);
        }
        for (o, v) in both.iter_mut().zip(&across[far..]) {
            *o = pick(*o, *v);
        }
    }
    both
}

/// Returns the connected components that may be letters, digits or words.
fn find_marks(sheet: &Sheet<'_>, ink: &[bool]) -> Vec<Rect> {
    let (width, scale) = (sheet.width, sheet.scale);
    let mut left = ink.to_vec();
    let mut marks = Vec::new();
    let mut stack = Vec::new();
    for start in 0..left.len() {
        if !left[start] {
            continue;
        }
        left[start] = false;
        stack.push(start);
        let (mut x0, mut x1, mut y0, mut y1) = (width, 0, sheet.height, 0);
        while let Some(at) = stack.pop() {
            let (x, y) = (at % width, at / width);
            (x0, x1, y0, y1) = (x0.min(x), x1.max(x), y0.min(y), y1.max(y));
            for ny in y.saturating_sub(1)..=(y + 1).min(sheet.height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let next = ny * width + nx;
                    if left[next] {
                        left[next] = false;
                        stack.push(next);
                    }
                }
            }
        }
        let mark = Rect {
            left: x0 as f32,
            top: y0 as f32,
            right: (x1 + 1) as f32,
            bottom: (y1 + 1) as f32,
        };
        let (wide, high) = (mark.width() / scale, mark.height() / scale);
        if (LOW_MM..HIGH_MM).contains(&high) && wide < WIDE_MM && marks.len() < MAX_MARKS {
            marks.push(mark);
        }
    }
    marks
}
