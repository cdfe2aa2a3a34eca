//! Sets the text of a field or note in its box.

use super::content::{Alignment, Content};
use super::field::TextStyle;
use super::typeset::{TextLook, lines, width};

/// The inside of a widget, from its lower left corner.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Width of the border around it.
    pub(super) border: f64,
}

/// Space between border and text, in points.
const PADDING: f64 = 2.0;
/// Sizes that are tried where text is to fill several lines, in points.
const SIZES: [f64; 7] = [12.0, 11.0, 10.0, 9.0, 8.0, 6.0, 4.0];
/// Share of the height that the letters of a single line fill, and of their size that
/// lies below the middle of the line.
const LINE_FILLS: f64 = 0.67;
const BELOW_MIDDLE: f64 = 0.36;
/// From line to line, as a share of the letters' size.
const LEADING: f64 = 1.15;
/// Background of a chosen line.
const CHOSEN: &str = "0.6 0.757 0.855 rg";

/// Sets a text.
pub(super) fn set_text(
    content: &mut Content,
    look: &TextLook,
    alignment: Alignment,
    style: TextStyle,
    area: Area,
    text: &str,
) {
    begin(content, area);
    content.write(&look.colour);
    match style {
        TextStyle::Lines => set_lines(content, look, alignment, area, text),
        TextStyle::Comb(cells) => set_comb(content, look, area, cells, text),
        TextStyle::OneLine => {
            let line = text.replace("\r\n", " ").replace(['\r', '\n'], " ");
            let size = one_line_size(look, area, width(look.face, &line));
            let y = area.height / 2.0 - BELOW_MIDDLE * size;
            content.aligned_text(look.face, size, alignment, edges(area, y), &line);
        }
    }
    content.write("Q");
}

/// Sets the choices of a list, the chosen ones on a coloured background.
pub(super) fn set_list(
    content: &mut Content,
    look: &TextLook,
    area: Area,
    choices: &[(String, bool)],
) {
    begin(content, area);
    let size = if look.size > 0.0 { look.size } else { SIZES[0] };
    let mut y = area.height - area.border - PADDING;
    for (choice, chosen) in choices {
        if y < 0.0 {
            break;
        }
        if *chosen {
            content.write(CHOSEN);
            content.operator(&[0.0, y - LEADING * size, area.width, LEADING * size], "re");
            content.write("f");
        }
        content.write(&look.colour);
        let edges = edges(area, y - size);
        content.aligned_text(look.face, size, Alignment::Left, edges, choice);
        y -= LEADING * size;
    }
    content.write("Q");
}

/// Text is clipped to the inside of its box, as viewers do.
fn begin(content: &mut Content, area: Area) {
    let border = area.border;
    content.write("q");
    content.operator(
        &[border, border, area.width - 2.0 * border, area.height - 2.0 * border],
        "re W n",
    );
}

fn edges(area: Area, y: f64) -> [f64; 3] {
    [area.border + PADDING, area.width - area.border - PADDING, y]
}

/// Returns the stated size, or the one with which the line fills the box.
fn one_line_size(look: &TextLook, area: Area, width: f64) -> f64 {
    if look.size > 0.0 {
        return look.size;
    }
    let [left, right, _] = edges(area, 0.0);
    let high = LINE_FILLS * (area.height - 2.0 * area.border);
    let wide = if width > 0.0 { (right - left) * 1000.0 / width } else { high };
    high.min(wide).max(1.0)
}

fn set_lines(content: &mut Content, look: &TextLook, alignment: Alignment, area: Area, text: &str) {
    let [left, right, _] = edges(area, 0.0);
    let broken = |size: f64| lines(look.face, text, (right - left).max(1.0) * 1000.0 / size);
    let fits = |size: &f64| broken(*size).len() as f64 * LEADING * size <= area.height - PADDING;
    let size = match look.size {
        stated if stated > 0.0 => stated,
        _ => SIZES.into_iter().find(fits).unwrap_or(SIZES[SIZES.len() - 1]),
    };
    let mut y = area.height - area.border - PADDING - size;
    for line in broken(size) {
        content.aligned_text(look.face, size, alignment, edges(area, y), &line);
        y -= LEADING * size;
    }
}

fn set_comb(content: &mut Content, look: &TextLook, area: Area, cells: u32, text: &str) {
    let cell = area.width / f64::from(cells);
    let size = match look.size {
        stated if stated > 0.0 => stated,
        _ => (LINE_FILLS * area.height).min(cell * 1.2).max(1.0),
    };
    let y = area.height / 2.0 - BELOW_MIDDLE * size;
    let mut left = 0.0;
    for letter in text.chars().take(usize::try_from(cells).unwrap_or(0)) {
        let letter = letter.to_string();
        content.aligned_text(look.face, size, Alignment::Middle, [left, left + cell, y], &letter);
        left += cell;
    }
}
