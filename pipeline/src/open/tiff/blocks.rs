//! The strips or tiles of a picture, decoded one after another.

use image::RgbImage;

use super::ffi::*;
use super::file::TiffFile;
use super::form::Form;
use super::paint::Painter;
use crate::open::limits::Limits;
use crate::reason::{Code, Reason};

/// Where the blocks of a picture are. Strips are as wide as the picture.
struct Grid {
    picture: (usize, usize),
    block: (usize, usize),
    /// Bytes of a decoded block of one plane.
    bytes: usize,
    /// The planes that are decoded: one of all samples, or one for each sample used.
    planes: Vec<u16>,
}

/// Decodes the picture of the present directory, of a size that was checked.
///
/// # Errors
/// `FILE_UNPACK_BOMB` when blocks decode to far more than the picture needs, `None` when
/// the file has none of what is needed.
pub(super) fn picture(
    file: &mut TiffFile<'_>,
    form: Form,
    (width, height): (u32, u32),
    limits: &Limits,
) -> Result<Option<RgbImage>, Reason> {
    let Some(mut painter) = Painter::new(file, form) else { return Ok(None) };
    let Some(grid) = Grid::read(file, form, (width as usize, height as usize)) else {
        return Ok(None);
    };
    grid.check(limits)?;
    if form.is_float {
        let mut largest = 0f32;
        let done = grid.each_row(file, form, &mut painter, &mut |painter, row| {
            largest = largest.max(painter.largest(&row.planes, row.width));
            Some(())
        });
        if done.is_none() {
            return Ok(None);
        }
        painter.set_largest(largest);
    }
    let mut picture = RgbImage::new(width, height);
    let line = width as usize * 3;
    let done = grid.each_row(file, form, &mut painter, &mut |painter, row| {
        let start = row.y * line + row.x * 3;
        let place = picture.get_mut(start..start + row.width * 3)?;
        match row.in_clump {
            Some(y) => painter.paint_clumps(row.planes.first()?, y, place),
            None => painter.paint(&row.planes, row.width, place),
        }
    });
    Ok(done.map(|()| picture))
}

/// A row of pixels of one block, without what is beyond the picture.
struct Row<'b> {
    x: usize,
    y: usize,
    width: usize,
    /// The samples from the first of the row.
    planes: Vec<&'b [u8]>,
    /// Which row of its clumps it is.
    in_clump: Option<usize>,
}

impl Grid {
    fn read(file: &TiffFile<'_>, form: Form, picture: (usize, usize)) -> Option<Self> {
        let block = if file.is_tiled() {
            (file.long(TILE_WIDTH)? as usize, file.long(TILE_HEIGHT)? as usize)
        } else {
            let rows = file.long(ROWS_PER_STRIP).map_or(picture.1, |rows| rows as usize);
            (picture.0, rows.min(picture.1))
        };
        let planes = if form.is_planar {
            let colours = 0..form.colour.samples();
            colours.chain(form.alpha.map(|alpha| alpha.sample)).collect()
        } else {
            vec![0]
        };
        let grid = Self { picture, block, bytes: file.block_bytes()?, planes };
        let stored_planes = if form.is_planar { usize::from(form.samples) } else { 1 };
        let is_whole = block.0 > 0
            && block.1 > 0
            && grid.per_plane().checked_mul(stored_planes)? <= file.block_count() as usize;
        is_whole.then_some(grid)
    }

    fn across(&self) -> usize {
        self.picture.0.div_ceil(self.block.0)
    }

    fn per_plane(&self) -> usize {
        self.across().saturating_mul(self.picture.1.div_ceil(self.block.1))
    }

    /// Refuses blocks that would take more than six bytes, and pictures whose blocks would
    /// all take more than 64, for each pixel of the largest picture allowed.
    fn check(&self, limits: &Limits) -> Result<(), Reason> {
        let at_once = self.bytes.saturating_mul(self.planes.len()) as u64;
        let all = at_once.saturating_mul(self.per_plane() as u64);
        let limit = limits.pixels.saturating_mul(6);
        if at_once > limit || all > limits.pixels.saturating_mul(64) {
            return Err(Reason::new(Code::FileUnpackBomb).with("limit", limit));
        }
        Ok(())
    }

    /// Decodes every block and passes its rows on. `None` if a block cannot be decoded, is
    /// smaller than it has to be, or a row was not taken.
    fn each_row(
        &self,
        file: &mut TiffFile<'_>,
        form: Form,
        painter: &mut Painter,
        take: &mut dyn FnMut(&mut Painter, Row<'_>) -> Option<()>,
    ) -> Option<()> {
        let is_compressed = file.short_or_default(COMPRESSION) != Some(1);
        let mut buffers = vec![vec![0; self.bytes]; self.planes.len()];
        for block in 0..self.per_plane() {
            let (x, y) =
                (block % self.across() * self.block.0, block / self.across() * self.block.1);
            let width = self.block.0.min(self.picture.0 - x);
            let rows = self.block.1.min(self.picture.1 - y);
            let needed = self.start_of(rows, form, painter)?.0;
            for (plane, buffer) in self.planes.iter().zip(&mut buffers) {
                let number =
                    usize::from(*plane).checked_mul(self.per_plane())?.checked_add(block)?;
                let number = u32::try_from(number).ok()?;
                let is_whole = is_compressed || file.has_bytes(number, needed);
                if !is_whole || !file.decode(number, buffer) {
                    return None;
                }
            }
            for row in 0..rows {
                let (start, in_clump) = self.start_of(row, form, painter)?;
                let planes: Option<Vec<&[u8]>> =
                    buffers.iter().map(|buffer| buffer.get(start..)).collect();
                take(painter, Row { x, y: y + row, width, planes: planes?, in_clump })?;
            }
        }
        Some(())
    }

    /// Returns the first byte of a row of a block, and which row of its clumps it is.
    fn start_of(
        &self,
        row: usize,
        form: Form,
        painter: &Painter,
    ) -> Option<(usize, Option<usize>)> {
        if let Some(clumps) = painter.clumps() {
            let start = (row / clumps.rows()).checked_mul(clumps.row_bytes(self.block.0))?;
            return Some((start, Some(row % clumps.rows())));
        }
        let samples = if form.is_planar { 1 } else { usize::from(form.samples) };
        let bits = self.block.0.checked_mul(samples)?.checked_mul(form.bits.into())?;
        Some((bits.div_ceil(8).checked_mul(row)?, None))
    }
}
