//! References between the items of a HEIC, in a form that libheif 1.15 accepts.
//!
//! A `meta` box names the items of a file (pictures, blocks of metadata) and how they refer to
//! each other. Phones since iOS 18 and Android 15 add an item `tmap`, a recipe that brightens
//! the picture with a gain map, and let the gain map and the EXIF block refer to the picture
//! and to the recipe. libheif knows no `tmap`, accepts one referent for each of these
//! references, and refuses the whole file otherwise.
//!
//! Positions of pixels count from the start of the file, so nothing may move: the box becomes
//! free space, and a copy with other references follows after the end.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::boxes::{Part, parts};

/// Larger `meta` boxes stay as they are: one of a picture of 192 tiles has 10 kB.
const MAX_META: usize = 256 * 1024;

/// References that libheif follows to one picture: thumbnail, auxiliary picture, metadata.
const TO_ONE: [&[u8; 4]; 3] = [b"thmb", b"auxl", b"cdsc"];

/// Types of items that libheif 1.15 decodes.
const PICTURES: [&[u8; 4]; 6] = [b"hvc1", b"grid", b"iden", b"iovl", b"av01", b"vvc1"];

/// Returns the bytes, changed where libheif would refuse them for their references alone.
pub(super) fn mended(untrusted: &[u8]) -> Cow<'_, [u8]> {
    changed(untrusted).map_or(Cow::Borrowed(untrusted), Cow::Owned)
}

fn changed(untrusted: &[u8]) -> Option<Vec<u8>> {
    let meta = parts(untrusted).find(|part| part.is(b"meta"))?;
    if meta.whole.len() > MAX_META {
        return None;
    }
    let items = Items::parse(meta.body)?;
    let (primary, references) = items.mended();
    if (primary, &references) == (items.primary, &items.references) {
        return None;
    }
    let meta = written(meta.body, primary, &references)?;
    let mut file = Vec::with_capacity(untrusted.len() + meta.len());
    for part in parts(untrusted) {
        let at = file.len();
        file.extend(part.whole);
        if part.is(b"meta") {
            file[at + 4..at + 8].copy_from_slice(b"free");
        }
        // a box that extends to the end of the file would contain the copy
        if part.whole.starts_with(&[0; 4]) {
            let length = u32::try_from(part.whole.len()).ok()?;
            file[at..at + 4].copy_from_slice(&length.to_be_bytes());
        }
    }
    file.extend(meta);
    Some(file)
}

/// What a `meta` box says about its items.
struct Items {
    primary: u32,
    kinds: BTreeMap<u32, [u8; 4]>,
    references: Vec<Reference>,
}

#[derive(Clone, PartialEq)]
struct Reference {
    kind: [u8; 4],
    from: u32,
    to: Vec<u32>,
}

impl Items {
    fn parse(meta: &[u8]) -> Option<Self> {
        let children = || parts(meta.get(4..).unwrap_or_default());
        let child = |kind| children().find(|part: &Part<'_>| part.is(kind));
        let references = child(b"iref").map_or(Some(Vec::new()), |iref| {
            let (version, entries) = iref.version()?;
            parts(entries).map(|entry| Reference::parse(&entry, version)).collect()
        })?;
        let (version, primary) = child(b"pitm")?.version()?;
        let (primary, _) = number(primary, version != 0)?;
        Some(Self { primary, kinds: kinds(&child(b"iinf")?)?, references })
    }

    fn is(&self, item: u32, kind: &[u8; 4]) -> bool {
        self.kinds.get(&item) == Some(kind)
    }

    fn is_picture(&self, item: u32) -> bool {
        self.kinds.get(&item).is_some_and(|kind| PICTURES.contains(&kind))
    }

    /// Returns the primary picture and the references without what libheif refuses.
    fn mended(&self) -> (u32, Vec<Reference>) {
        let recipes =
            || self.references.iter().filter(|it| &it.kind == b"dimg" && self.is(it.from, b"tmap"));
        let recipe = recipes().find(|it| it.from == self.primary);
        let primary = recipe.and_then(|it| it.to.first()).copied().unwrap_or(self.primary);
        let mut references: Vec<Reference> = Vec::with_capacity(self.references.len());
        for reference in &self.references {
            if !TO_ONE.contains(&&reference.kind) {
                references.push(reference.clone());
                continue;
            }
            let pictures = || reference.to.iter().copied().filter(|item| self.is_picture(*item));
            let one = pictures().find(|item| *item == primary).or_else(|| pictures().next());
            references.extend(one.map(|one| Reference { to: vec![one], ..reference.clone() }));
        }
        // a gain map is no picture of its own; as the recipe is unknown, nothing says so
        let parts_of_another: BTreeSet<u32> =
            references.iter().filter(|it| TO_ONE.contains(&&it.kind)).map(|it| it.from).collect();
        for recipe in recipes() {
            if let [base, gain, ..] = recipe.to[..]
                && base != gain
                && gain != primary
                && self.is_picture(base)
                && !parts_of_another.contains(&gain)
                && !parts_of_another.contains(&base)
            {
                references.push(Reference { kind: *b"thmb", from: gain, to: vec![base] });
            }
        }
        (primary, references)
    }
}

impl Reference {
    fn parse(entry: &Part<'_>, version: u8) -> Option<Self> {
        let wide = version != 0;
        let (from, rest) = number(entry.body, wide)?;
        let (count, mut rest) = number(rest, false)?;
        let mut to = Vec::new();
        for _ in 0..count {
            let (item, after) = number(rest, wide)?;
            to.push(item);
            rest = after;
        }
        Some(Self { kind: entry.kind, from, to })
    }

    fn write(&self, wide: bool, out: &mut Vec<u8>) -> Option<()> {
        let width = if wide { 4 } else { 2 };
        let length = 8 + width + 2 + width * self.to.len();
        out.extend(u32::try_from(length).ok()?.to_be_bytes());
        out.extend(self.kind);
        write_number(self.from, wide, out)?;
        write_number(u32::try_from(self.to.len()).ok()?, false, out)?;
        self.to.iter().try_for_each(|item| write_number(*item, wide, out))
    }
}

/// Returns the types of the items that an `iinf` box lists.
fn kinds(iinf: &Part<'_>) -> Option<BTreeMap<u32, [u8; 4]>> {
    let (version, body) = iinf.version()?;
    let (_, entries) = number(body, version != 0)?;
    let kind = |entry: Part<'_>| {
        let (version, body) = entry.version()?;
        let (item, rest) = number(body, version > 2)?;
        // after two bytes about protection; earlier versions have no type
        let kind = rest.get(2..)?.first_chunk().copied().filter(|_| version >= 2);
        Some((item, kind?))
    };
    Some(parts(entries).filter(|part| part.is(b"infe")).filter_map(kind).collect())
}

/// Returns a `meta` box with this body, another primary picture and other references.
fn written(body: &[u8], primary: u32, references: &[Reference]) -> Option<Vec<u8>> {
    let mut meta = [&[0; 4], &b"meta"[..], body.get(..4)?].concat();
    for part in parts(body.get(4..)?) {
        let at = meta.len();
        match &part.kind {
            b"pitm" => {
                let (version, _) = part.version()?;
                meta.extend([&[0; 4], &b"pitm"[..], part.body.get(..4)?].concat());
                write_number(primary, version != 0, &mut meta)?;
            }
            b"iref" => {
                let (version, _) = part.version()?;
                meta.extend([&[0; 4], &b"iref"[..], part.body.get(..4)?].concat());
                references.iter().try_for_each(|it| it.write(version != 0, &mut meta))?;
            }
            _ => {
                meta.extend(part.whole);
                continue;
            }
        }
        set_length(&mut meta, at)?;
    }
    set_length(&mut meta, 0)?;
    Some(meta)
}

/// Writes the length of the box that begins at `at` and ends with the bytes.
fn set_length(bytes: &mut [u8], at: usize) -> Option<()> {
    let length = u32::try_from(bytes.len() - at).ok()?;
    bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
    Some(())
}

/// Reads a number of four bytes where `wide`, else of two.
fn number(bytes: &[u8], wide: bool) -> Option<(u32, &[u8])> {
    if wide {
        bytes.split_first_chunk().map(|(number, rest)| (u32::from_be_bytes(*number), rest))
    } else {
        bytes.split_first_chunk().map(|(number, rest)| (u16::from_be_bytes(*number).into(), rest))
    }
}

fn write_number(number: u32, wide: bool, out: &mut Vec<u8>) -> Option<()> {
    if wide {
        out.extend(number.to_be_bytes());
    } else {
        out.extend(u16::try_from(number).ok()?.to_be_bytes());
    }
    Some(())
}
