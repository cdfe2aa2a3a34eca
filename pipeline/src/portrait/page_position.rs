//! Positions of the upright picture, given back in pixels of the page.

use crate::examination::{Face, Point, round};

/// How the upright picture was made from the page.
#[derive(Clone, Copy)]
pub(super) struct PageOrientation {
    /// Clockwise quarter turns that set the page upright.
    pub(super) quarter_turns: u32,
    /// Width and height of the page.
    pub(super) size: [f64; 2],
}

impl PageOrientation {
    /// Returns the face with its points and its box on the page.
    pub(super) fn face_on_page(self, face: Face) -> Face {
        let point = |at: Option<Point>| at.map(|at| round_point(self.point_on_page(at)));
        Face {
            bounds: self.box_on_page(face.bounds),
            right_eye: point(face.right_eye),
            left_eye: point(face.left_eye),
            nose: point(face.nose),
            mouth: point(face.mouth),
            chin: point(face.chin),
            crown_hair: point(face.crown_hair),
            crown_skull: point(face.crown_skull),
            ..face
        }
    }

    /// Returns a box (left, top, width, height) on the page.
    pub(super) fn box_on_page(self, [x, y, w, h]: [f64; 4]) -> [f64; 4] {
        let (a, b) = (self.point_on_page([x, y]), self.point_on_page([x + w, y + h]));
        [a[0].min(b[0]), a[1].min(b[1]), (a[0] - b[0]).abs(), (a[1] - b[1]).abs()]
            .map(|v| round(v, 1))
    }

    fn point_on_page(self, [x, y]: Point) -> Point {
        let [width, height] = self.size;
        match self.quarter_turns {
            1 => [y, height - x],
            2 => [width - x, height - y],
            3 => [width - y, x],
            _ => [x, y],
        }
    }
}

/// Rounds to tenths of a pixel: further digits have no meaning.
pub(super) fn round_point(point: Point) -> Point {
    point.map(|v| round(v, 1))
}
