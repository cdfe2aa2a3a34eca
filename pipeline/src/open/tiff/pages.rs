//! Which pictures of a TIFF are its pages.
//!
//! A file has a chain of directories, each with a picture; a directory may name others
//! within it. Some pictures are reduced versions of others, and a camera's raw picture
//! cannot be shown, but has previews beside it.

use super::ffi::*;
use super::file::TiffFile;
use super::form::{Form, Unshown};
use crate::examination::MediaType;
use crate::open::exif_block::{ExifBlock, date_time, declared_dpi};
use crate::open::header::Header;
use crate::open::limits::Limits;
use crate::open::orientation::Orientation;
use crate::open::refusal::{check_size, unsupported_kind_of};
use crate::reason::{Code, Reason};

/// Further directories are not counted: no scanner writes so many.
const MAX_DIRECTORIES: usize = 10_000;
/// Directories within others that are looked at.
const MAX_INNER: usize = 64;

/// The pages of a file.
#[derive(Debug)]
pub(in crate::open) struct Pages {
    pub(in crate::open) all: Vec<Page>,
    /// The only page is a preview of a raw picture.
    pub(in crate::open) is_preview: bool,
}

/// A page: where its directory is, and its header.
#[derive(Debug)]
pub(in crate::open) struct Page {
    pub(super) directory: u64,
    /// Absent when the directory cannot be read.
    pub(in crate::open) header: Option<Header>,
}

/// A picture of the file.
struct Found {
    page: Page,
    role: Role,
    form: Result<Form, Unshown>,
    inner: Vec<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Full,
    Reduced,
    Mask,
}

impl Found {
    fn is_shown_in_full(&self) -> bool {
        self.role == Role::Full && self.form.is_ok()
    }

    fn pixels(&self) -> u64 {
        let header = self.page.header.as_ref();
        header.map_or(0, |header| u64::from(header.width) * u64::from(header.height))
    }
}

/// Reads the directories of all pages. Reduced versions of other pictures, and masks, are
/// not pages, unless the file has nothing else that can be shown.
///
/// # Errors
/// `FILE_TRUNCATED` when pixels or the first directory are past the end of the
/// file, `FILE_CORRUPT`, `FILE_TYPE_UNSUPPORTED` for raw pictures without a preview.
pub(in crate::open) fn pages(untrusted: &[u8], limits: &Limits) -> Result<Pages, Reason> {
    let mut file = TiffFile::open(untrusted, limits)?;
    let mut found = chain(&mut file, limits)?;
    let pages = |all: Vec<Found>| {
        let all = all.into_iter().map(|found| found.page).collect();
        Ok(Pages { all, is_preview: false })
    };
    if found.iter().any(Found::is_shown_in_full) {
        found.retain(|found| found.role == Role::Full);
        return pages(found);
    }
    let mut inner = inner(&mut file, &found, limits);
    if let Some(best) = take_largest(&mut inner, Found::is_shown_in_full) {
        return pages(vec![best]);
    }
    if found.iter().chain(&inner).any(|found| found.form == Err(Unshown::Raw)) {
        let mut previews: Vec<Found> = found.into_iter().chain(inner).collect();
        let best =
            take_largest(&mut previews, |found| found.role != Role::Mask && found.form.is_ok());
        let best = best.ok_or_else(|| unsupported_kind_of(MediaType::Tiff, RAW))?;
        return Ok(Pages { all: vec![best.page], is_preview: true });
    }
    for role in [Role::Full, Role::Reduced, Role::Mask] {
        if found.iter().any(|found| found.role == role) {
            found.retain(|found| found.role == role);
            break;
        }
    }
    pages(found)
}

/// How a raw picture without a preview is named.
pub(super) const RAW: &str = "raw data of a camera's sensor";

/// Reads the directories of the chain.
fn chain(file: &mut TiffFile<'_>, limits: &Limits) -> Result<Vec<Found>, Reason> {
    let mut all: Vec<Found> = Vec::new();
    let mut failure = None;
    for _ in 0..MAX_DIRECTORIES {
        file.source.forget();
        let before = file.offset();
        if file.next() {
            all.push(read(file, None, limits)?);
        } else {
            let unequal = || unsupported_kind_of(MediaType::Tiff, UNEQUAL);
            failure.get_or_insert_with(|| file.source.failure(unequal));
            // the chain ends, or comes back to a directory that was read
            if file.offset() == before {
                break;
            }
            all.push(unreadable(file.offset()));
        }
        if file.is_last() {
            break;
        }
    }
    match failure {
        Some(failure) if all.iter().all(|found| found.page.header.is_none()) => Err(failure),
        _ => Ok(all),
    }
}

/// libtiff reads no directory whose samples differ in size, and no other that it calls
/// unsupported.
const UNEQUAL: &str = "samples of different sizes";

fn unreadable(directory: u64) -> Found {
    Found {
        page: Page { directory, header: None },
        role: Role::Full,
        form: Err(Unshown::Kind(UNEQUAL.to_owned())),
        inner: Vec::new(),
    }
}

/// Reads the directories within others.
fn inner(file: &mut TiffFile<'_>, chain: &[Found], limits: &Limits) -> Vec<Found> {
    let places = chain.iter().flat_map(|outer| outer.inner.iter().map(move |at| (outer, *at)));
    let mut all = Vec::new();
    for (outer, offset) in places.take(MAX_INNER) {
        if file.go_to(offset)
            && let Ok(found) = read(file, outer.page.header.as_ref(), limits)
        {
            all.push(found);
        }
    }
    all
}

/// Reads the present directory. One within another has the orientation, the time and the
/// density of that one where it states none.
fn read(file: &TiffFile<'_>, outer: Option<&Header>, limits: &Limits) -> Result<Found, Reason> {
    let subfile = file.long(SUBFILE_TYPE).unwrap_or(0);
    let role = match subfile {
        kind if kind & 4 != 0 => Role::Mask,
        kind if kind & 1 != 0 => Role::Reduced,
        _ => Role::Full,
    };
    // strips of the old JPEG may have other bytes than the stream
    let is_old_jpeg = file.short_or_default(COMPRESSION) == Some(6);
    let header = header(file, outer);
    let has_size = |header: &Header| check_size(header.width, header.height, limits).is_ok();
    // of a picture that is too large that is said instead
    let is_checked = outer.is_none() && !is_old_jpeg && header.as_ref().is_none_or(has_size);
    if is_checked && file.is_truncated() {
        return Err(Reason::new(Code::FileTruncated));
    }
    Ok(Found {
        page: Page { directory: file.offset(), header },
        role,
        form: Form::read(file),
        inner: file.sub_directories(MAX_INNER),
    })
}

fn header(file: &TiffFile<'_>, outer: Option<&Header>) -> Option<Header> {
    let stated = ExifBlock {
        orientation: file.short(ORIENTATION).and_then(|value| Orientation::from_tag(value.into())),
        taken: file.date_time().and_then(|text| date_time(&text)),
        dpi: None,
    };
    let unit = file.short(RESOLUTION_UNIT).unwrap_or(2);
    let density = file.float(X_RESOLUTION).and_then(|density| declared_dpi(density, unit.into()));
    let outer_exif = outer.and_then(|outer| outer.exif.clone()).unwrap_or_default();
    let exif = ExifBlock {
        orientation: stated.orientation.or(outer_exif.orientation),
        taken: stated.taken.or(outer_exif.taken),
        dpi: None,
    };
    Some(Header {
        width: file.long(WIDTH)?,
        height: file.long(HEIGHT)?,
        density: density.or(outer.and_then(|outer| outer.density)),
        exif: (exif != ExifBlock::default()).then_some(exif),
    })
}

fn take_largest(found: &mut Vec<Found>, is_wanted: impl Fn(&Found) -> bool) -> Option<Found> {
    let wanted = found.iter().enumerate().filter(|(_, found)| is_wanted(found));
    // of equal ones the first
    let (place, _) = wanted.rev().max_by_key(|(_, found)| found.pixels())?;
    Some(found.swap_remove(place))
}
