//! Check boxes, radio buttons and push buttons.

use hayro::hayro_syntax::object::{Dict, Name, Object};

use super::content::{Alignment, Content};
use super::field::{Button, Form, TextStyle};
use super::strings::text;
use super::text_field::{Area, set_text};
use super::typeset::TextLook;

/// The name of the font of symbols in the resources of an appearance.
pub(super) const SYMBOLS: &str = "Symbols";
/// Codes of that font: a check mark and a disc.
const CHECK_MARK: &str = "4";
const DISC: &str = "l";
/// Width of these symbols, as a share of their size.
const SYMBOL_WIDTH: f64 = 0.78;
/// Size of a symbol, as a share of the shorter side of its box.
const SYMBOL_FILLS: f64 = 0.8;

/// Draws the mark of a button that is on, or the caption of a push button.
pub(super) fn draw(
    content: &mut Content,
    widget: &Dict<'_>,
    form: &Form<'_>,
    button: Button,
    look: &TextLook,
    area: Area,
) {
    let caption = widget.get::<Dict<'_>>("MK").and_then(|look| look.get::<Object<'_>>("CA"));
    let caption = caption.as_ref().and_then(text);
    match button {
        Button::Push => {
            if let Some(caption) = caption {
                set_text(content, look, Alignment::Middle, TextStyle::OneLine, area, &caption);
            }
        }
        Button::Check | Button::Radio if is_on(widget, form) => {
            let usual = if button == Button::Radio { DISC } else { CHECK_MARK };
            let symbol = caption.filter(|symbol| symbol.len() == 1);
            draw_symbol(content, look, area, symbol.as_deref().unwrap_or(usual));
        }
        Button::Check | Button::Radio => {}
    }
}

/// Whether the widget shows the state of its field: an appearance state decides, without
/// one the value.
fn is_on<'a>(widget: &Dict<'a>, form: &Form<'a>) -> bool {
    let state = widget.get::<Name<'_>>("AS");
    let value = || form.inherited(widget, "V").and_then(Object::into_name);
    state.or_else(value).is_some_and(|state| state.as_ref() != b"Off")
}

fn draw_symbol(content: &mut Content, look: &TextLook, area: Area, symbol: &str) {
    let size = SYMBOL_FILLS * (area.width.min(area.height) - 2.0 * area.border).max(1.0);
    content.write("q");
    content.write(&look.colour);
    content.write("BT");
    let x = (area.width - SYMBOL_WIDTH * size) / 2.0;
    let y = area.height / 2.0 - SYMBOL_WIDTH * size / 2.2;
    content.operator(&[x, y], "Td");
    content.operator(&[], &format!("/{SYMBOLS} {size:.2} Tf"));
    let code = symbol.bytes().next().unwrap_or(b'4');
    content.write(&format!("<{code:02x}> Tj"));
    content.write("ET Q");
}
