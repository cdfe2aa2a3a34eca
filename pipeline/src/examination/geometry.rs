//! Points and outlines on a page.

/// A point in pixels of the upright page.
pub type Point = [f64; 2];

/// Corners in order around the outline, usually four, starting at the top left in
/// reading direction.
pub type Polygon = Vec<Point>;
