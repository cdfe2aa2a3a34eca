//! A grey picture.

/// Strips of a sheet, and the rows between two of them.
const STRIPS: usize = 40;
const GAP: usize = 6;

/// Draws forty strips as one picture (PGM). `draw` returns a strip of this size and the shade of
/// each column of the mark below it.
pub(crate) fn draw_sheet(
    [width, height]: [usize; 2],
    mut draw: impl FnMut() -> (Vec<f32>, Vec<u8>),
) -> Vec<u8> {
    let rows = (height + GAP) * STRIPS;
    let mut grey = vec![255u8; width * rows];
    for sheet in grey.chunks_exact_mut(width * (height + GAP)) {
        let (strip, marks) = draw();
        let ink = |value: &f32| (150.0 - 45.0 * value).clamp(0.0, 255.0) as u8;
        sheet.iter_mut().zip(&strip).for_each(|(pixel, value)| *pixel = ink(value));
        sheet[width * (height + 1)..][..width].copy_from_slice(&marks);
    }
    let mut bytes = format!("P5 {width} {rows} 255\n").into_bytes();
    bytes.extend(grey);
    bytes
}

/// Brightness 0..255, rows of `width`.
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) data: Vec<f32>,
}

impl Canvas {
    /// Samples a strip, row by row; `point` returns the point of the canvas for a pixel.
    pub(crate) fn sample(
        &self,
        [width, height]: [usize; 2],
        point: impl Fn(f32, f32) -> [f32; 2],
    ) -> Vec<f32> {
        let mut strip = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let [px, py] = point(x as f32, y as f32);
                let px = px.clamp(0.0, self.width as f32 - 1.001);
                let py = py.clamp(0.0, self.height as f32 - 1.001);
                let (x0, y0) = (px as usize, py as usize);
                let (fx, fy) = (px - x0 as f32, py - y0 as f32);
                let row = &self.data[y0 * self.width..];
                let top = row[x0] * (1.0 - fx) + row[x0 + 1] * fx;
                let bottom = row[self.width + x0] * (1.0 - fx) + row[self.width + x0 + 1] * fx;
                strip.push(top * (1.0 - fy) + bottom * fy);
            }
        }
        strip
    }
}
