//! Text of annotations' appearances.

use hayro::hayro_syntax::object::{Dict, Name, Object, Rect, Stream};
use hayro::hayro_syntax::page::Resources;
use hayro::kurbo::{self, Affine, Shape};

use super::{Walk, matrix};

/// ISO 32000-1 table 165: hidden, and not to be shown on a screen.
const UNSEEN: u32 = 1 << 1 | 1 << 5;

impl Walk<'_> {
    /// ISO 32000-1 12.5.5: the box of the appearance is fitted to the annotation.
    pub(super) fn annotation(
        &mut self,
        annotation: &Dict<'_>,
        resources: &Resources<'_>,
    ) -> Option<()> {
        let is_unseen = annotation.get::<u32>("F").unwrap_or(0) & UNSEEN != 0;
        let is_popup = annotation.get::<Name<'_>>("Subtype").is_some_and(|s| *s == *b"Popup");
        if is_unseen || is_popup || !self.layers.shows(annotation, b"OC") {
            return None;
        }
        let appearance = match annotation.get::<Dict<'_>>("AP")?.get::<Object<'_>>("N")? {
            Object::Stream(stream) => stream,
            Object::Dict(states) => states.get::<Stream<'_>>(annotation.get::<Name<'_>>("AS")?)?,
            _ => return None,
        };
        let [x0, y0, x1, y1] = appearance.dict().get::<[f64; 4]>("BBox")?;
        let place = annotation.get::<Rect>("Rect")?;
        let drawn = (matrix(appearance.dict()) * kurbo::Rect::new(x0, y0, x1, y1).to_path(0.1))
            .bounding_box();
        let ratio = |to: f64, from: f64| if from == 0.0 { 1.0 } else { to / from };
        let (sx, sy) = (ratio(place.width(), drawn.width()), ratio(place.height(), drawn.height()));
        let (x, y) = (place.x0 - sx * drawn.x0, place.y0 - sy * drawn.y0);
        self.state.page *= Affine::new([sx, 0.0, 0.0, sy, x, y]);
        self.form(&appearance, resources);
        Some(())
    }
}
