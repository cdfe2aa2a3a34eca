//! The appearance of one annotation.

use std::collections::BTreeSet;

use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, Stream};
use hayro::kurbo::{Affine, Rect};

use super::content::{Alignment, Content, FILL, STROKE};
use super::field::{Field, Form, TextStyle};
use super::strings::text;
use super::text_field::{Area, set_list, set_text};
use super::typeset::TextLook;
use super::{button, markup};
use crate::open::pdf::fonts::Face;

/// Flags of annotations that are not shown (ISO 32000-1 12.5.3).
const HIDDEN: i32 = 1 << 1;
const NO_VIEW: i32 = 1 << 5;
/// The colour of stamps.
const STAMP: &str = "0.8 0 0 rg";

/// A content stream, and where it is drawn.
pub(super) struct Appearance {
    pub(super) content: Vec<u8>,
    /// The letters it shows: their widths are written with the fonts.
    pub(super) letters: BTreeSet<(Face, u16)>,
    /// The place of the annotation on the page.
    pub(super) rect: Rect,
    /// The part of its own coordinates that fills that place, and how these are turned.
    pub(super) bounds: Rect,
    pub(super) matrix: Affine,
    pub(super) multiplies: bool,
    pub(super) opacity: f64,
}

impl Appearance {
    /// Returns an appearance for an annotation that is to be seen and has none.
    pub(super) fn of<'a>(annotation: &Dict<'a>, form: &Form<'a>) -> Option<Self> {
        let flags = annotation.get::<i32>("F").unwrap_or(0);
        let rect = annotation.get::<PdfRect>("Rect")?;
        let rect = Rect::new(rect.x0, rect.y0, rect.x1, rect.y1);
        let is_place = rect.is_finite() && rect.width() > 0.0 && rect.height() > 0.0;
        let subtype = annotation.get::<Name<'_>>("Subtype")?;
        if flags & (HIDDEN | NO_VIEW) != 0 || !is_place {
            return None;
        }
        let field = || Field::of(annotation, form);
        let has_one = has_appearance(annotation);
        let appearance = match subtype.as_ref() {
            b"Widget" if !has_one => Self::of_widget(annotation, form, rect, field()),
            // the value was changed after the appearance
            b"Widget" if form.needs_appearances => match field()? {
                Field::Text { value, .. } if value.is_empty() => return None,
                Field::Button(_) => return None,
                field => Self::of_widget(annotation, form, rect, Some(field)),
            },
            _ if has_one => return None,
            b"FreeText" => Self::of_free_text(annotation, form, rect),
            b"Stamp" => Self::of_stamp(annotation, form, rect),
            other => {
                let mark = markup::draw(other, annotation, rect)?;
                let own = Self::new(mark.content, mark.bounds, mark.bounds);
                Self { multiplies: mark.multiplies, ..own }
            }
        };
        let opacity = annotation.get::<f64>("CA").unwrap_or(1.0).clamp(0.0, 1.0);
        (!appearance.content.is_empty()).then_some(Self { opacity, ..appearance })
    }

    fn new(content: Content, rect: Rect, bounds: Rect) -> Self {
        Self {
            content: content.bytes,
            letters: content.letters,
            rect,
            bounds,
            matrix: Affine::IDENTITY,
            multiplies: false,
            opacity: 1.0,
        }
    }

    fn of_widget<'a>(widget: &Dict<'a>, form: &Form<'a>, rect: Rect, field: Option<Field>) -> Self {
        let looks = widget.get::<Dict<'_>>("MK").unwrap_or_default();
        let turns = looks.get::<i32>("R").unwrap_or(0).div_euclid(90).rem_euclid(4);
        let (width, height) = match turns {
            1 | 3 => (rect.height(), rect.width()),
            _ => (rect.width(), rect.height()),
        };
        let mut content = Content::default();
        let border = draw_box(&mut content, widget, &looks, width, height);
        let area = Area { width, height, border };
        let default = form.inherited(widget, "DA").as_ref().and_then(text).unwrap_or_default();
        let look = TextLook::parse(&default, form);
        let quadding = form.inherited(widget, "Q").and_then(Object::into_i32);
        let alignment = Alignment::from_quadding(quadding);
        match field {
            Some(Field::Text { value, style }) => {
                set_text(&mut content, &look, alignment, style, area, &value);
            }
            Some(Field::List(choices)) => set_list(&mut content, &look, area, &choices),
            Some(Field::Button(kind)) => {
                button::draw(&mut content, widget, form, kind, &look, area);
            }
            None => {}
        }
        let matrix = Affine::rotate(f64::from(turns) * std::f64::consts::FRAC_PI_2);
        Self { matrix, ..Self::new(content, rect, Rect::new(0.0, 0.0, width, height)) }
    }

    fn of_free_text<'a>(note: &Dict<'a>, form: &Form<'a>, rect: Rect) -> Self {
        let mut content = Content::default();
        let bounds = Rect::new(0.0, 0.0, rect.width(), rect.height());
        let border = markup::border_width(note).unwrap_or(0.0);
        let has_background = content.colour(note.get::<Array<'_>>("C").as_ref(), FILL);
        if has_background {
            content.operator(&[0.0, 0.0, bounds.width(), bounds.height()], "re f");
        }
        let words = note.get::<Object<'_>>("Contents").as_ref().and_then(text).unwrap_or_default();
        let default = note.get::<Object<'_>>("DA").as_ref().and_then(text).unwrap_or_default();
        let mut look = TextLook::parse(&default, form);
        if look.size == 0.0 {
            look.size = 12.0;
        }
        if border > 0.0 {
            let inside = bounds.inset(-border / 2.0);
            content.operator(&[border], "w");
            content.operator(&[inside.x0, inside.y0, inside.width(), inside.height()], "re S");
        }
        let alignment = Alignment::from_quadding(note.get::<i32>("Q"));
        let area = Area { width: bounds.width(), height: bounds.height(), border };
        set_text(&mut content, &look, alignment, TextStyle::Lines, area, &words);
        Self::new(content, rect, bounds)
    }

    fn of_stamp<'a>(stamp: &Dict<'a>, form: &Form<'a>, rect: Rect) -> Self {
        let mut content = Content::default();
        let bounds = Rect::new(0.0, 0.0, rect.width(), rect.height());
        content.write(&STAMP.replace("rg", "RG"));
        let inside = bounds.inset(-1.0);
        content.operator(&[2.0], "w");
        content.operator(&[inside.x0, inside.y0, inside.width(), inside.height()], "re S");
        let mut look = TextLook::parse("/HeBo 0 Tf", form);
        look.colour = STAMP.to_owned();
        let area = Area { width: bounds.width(), height: bounds.height(), border: 2.0 };
        let words = markup::stamp_words(stamp);
        set_text(&mut content, &look, Alignment::Middle, TextStyle::OneLine, area, &words);
        Self::new(content, rect, bounds)
    }
}

/// Draws background and border of a widget; returns the width of the border.
fn draw_box(
    content: &mut Content,
    widget: &Dict<'_>,
    looks: &Dict<'_>,
    width: f64,
    height: f64,
) -> f64 {
    if content.colour(looks.get::<Array<'_>>("BG").as_ref(), FILL) {
        content.operator(&[0.0, 0.0, width, height], "re f");
    }
    let border = markup::border_width(widget).unwrap_or(1.0);
    if border <= 0.0 || !content.colour(looks.get::<Array<'_>>("BC").as_ref(), STROKE) {
        return 0.0;
    }
    content.operator(&[border], "w");
    content.operator(&[border / 2.0, border / 2.0, width - border, height - border], "re S");
    border
}

/// Whether the annotation has an appearance for its state, as `hayro` chooses it. That
/// a state has none means that it shows nothing.
fn has_appearance(annotation: &Dict<'_>) -> bool {
    let appearances = annotation.get::<Dict<'_>>("AP");
    match appearances.and_then(|appearances| appearances.get::<Object<'_>>("N")) {
        Some(Object::Stream(stream)) => stream.dict().contains_key("BBox"),
        Some(Object::Dict(states)) => {
            let state = annotation.get::<Name<'_>>("AS");
            let is_off = state.as_ref().is_none_or(|state| state.as_ref() == b"Off");
            let chosen = |state: &Name<'_>| states.get::<Stream<'_>>(state).is_some();
            is_off || state.as_ref().is_some_and(chosen)
        }
        _ => false,
    }
}
