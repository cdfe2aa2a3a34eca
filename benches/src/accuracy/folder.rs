//! Scores a folder of pages whose content is known, as they are or as hand-held variants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fixtures::degrade::Degradation;
use image::RgbImage;
use pipeline::kind::Kind;
use pipeline::open::{Limits, open};

use super::print::Printed;
use super::score::Score;
use super::truth::{self, HEADER, Truth};
use super::{BenchError, timing};

/// Options of scoring.
pub struct Options {
    /// Number of pages read in parallel; 1 for timing.
    pub threads: usize,
    /// Folder for the scored files and their `truth.tsv`.
    pub keep: Option<PathBuf>,
    /// Converts files whose type the pipeline refuses (BMP, GIF) to PNG first.
    pub convert: bool,
    /// Whether the print above the zone is read too.
    pub visual_zone: bool,
    /// What the pages of a folder print, by file name.
    pub printed: BTreeMap<String, Printed>,
    /// Called with the number of finished pages and of all pages.
    pub progress: fn(usize, usize),
}

/// One file to be scored.
pub struct Page {
    /// Its printed content.
    pub truth: Truth,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Scores `count` pages that `page` returns, in the order of their numbers. At
/// any time each thread has one page in memory.
///
/// # Errors
/// The first error of `page`, or of writing to `keep`.
pub fn score<F>(count: usize, options: &Options, page: F) -> Result<Vec<Score>, BenchError>
where
    F: Fn(usize) -> Result<Page, BenchError> + Sync,
{
    score_with(count, options, page, |_, score| score)
}

/// Scores pages like [`score`] and converts each score.
///
/// # Errors
/// The first error of `page`, or of writing to `keep`.
pub fn score_with<F, G, T>(
    count: usize,
    options: &Options,
    page: F,
    convert: G,
) -> Result<Vec<T>, BenchError>
where
    F: Fn(usize) -> Result<Page, BenchError> + Sync,
    G: Fn(usize, Score) -> T + Sync,
    T: Send,
{
    if let Some(keep) = &options.keep {
        std::fs::create_dir_all(keep).map_err(|error| BenchError::file(keep, error))?;
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new((Vec::new(), None)));
    std::thread::scope(|scope| {
        for _ in 0..options.threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= count {
                        break;
                    }
                    let result = score_one(i, options, &page);
                    let Ok(mut done) = done.lock() else { break };
                    match result {
                        Ok((row, score)) => done.0.push((i, row, convert(i, score))),
                        Err(error) => {
                            done.1.get_or_insert(error);
                            next.store(count, Ordering::Relaxed);
                        }
                    }
                    (options.progress)(done.0.len(), count);
                }
            });
        }
    });
    let (mut done, error) = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(error) = error {
        return Err(error);
    }
    done.sort_by_key(|(i, ..)| *i);
    if let Some(keep) = &options.keep {
        let rows: String = done.iter().map(|(_, row, _)| row.as_str()).collect();
        write(keep, "truth.tsv", format!("{HEADER}{rows}").as_bytes())?;
    }
    Ok(done.into_iter().map(|(.., converted)| converted).collect())
}

fn score_one<F>(i: usize, options: &Options, page: &F) -> Result<(String, Score), BenchError>
where
    F: Fn(usize) -> Result<Page, BenchError>,
{
    let Page { truth, bytes } = page(i)?;
    let mut row = String::new();
    if let Some(keep) = &options.keep {
        write(keep, &truth.file, &bytes)?;
        row = truth.row();
    }
    let (reading, times) = timing::read_timed(&bytes, options.visual_zone);
    Ok((row, Score::new(truth, &reading, times)))
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), BenchError> {
    let path = folder.join(name);
    std::fs::write(&path, bytes).map_err(|error| BenchError::file(&path, error))
}

/// Variants of a page as a phone would take it.
#[derive(Clone, Copy, Debug)]
pub struct Variants {
    /// Number of each page.
    pub count: usize,
    /// Whether they are bad photographs: [`Degradation::hard`], not [`Degradation::any_angle`].
    pub hard: bool,
}

/// Scores the pages of a folder as they are, or variants of each.
///
/// # Errors
/// When the truth or a file cannot be read.
pub fn score_folder(
    folder: &Path,
    variants: Option<Variants>,
    options: &Options,
) -> Result<Vec<Score>, BenchError> {
    let mut truths = truth::read(folder)?;
    for truth in &mut truths {
        truth.printed = options.printed.get(&truth.file).cloned();
    }
    let each = variants.map_or(1, |variants| variants.count);
    score(truths.len() * each, options, |i| {
        let truth = truths[i / each].clone();
        let path = folder.join(&truth.file);
        let bytes = std::fs::read(&path).map_err(|error| BenchError::file(&path, error))?;
        match variants {
            None if options.convert => Ok(Page { bytes: convert_refused(bytes), truth }),
            None => Ok(Page { truth, bytes }),
            Some(variants) => photograph(truth, &bytes, i % each, variants.hard),
        }
    })
}

/// Returns a variant of a page as a phone would take it. The seed depends on the
/// file's name and the variant's number only, so the variant is always the same.
fn photograph(truth: Truth, bytes: &[u8], number: usize, hard: bool) -> Result<Page, BenchError> {
    let picture = upright(bytes).ok_or_else(|| BenchError::Picture(truth.file.clone()))?;
    let seed = seed_of(&truth.file).wrapping_add(number as u64);
    let fault = match hard {
        true => Degradation::hard(seed, pitch(bytes, truth.lines.first().map_or(44, String::len))),
        false => Degradation::any_angle(seed, picture.width().max(picture.height())),
    };
    let stem = truth.file.rsplit_once('.').map_or(truth.file.as_str(), |(stem, _)| stem);
    let notes = format!(
        "{}: rotation={:.0} perspective={:.3} scale={:.2} blur={:.2} motion={:.1} zone glare={:.2} shade={:.2} glare={:.2} noise={:.1} jpeg={}; {}",
        if hard { "hard" } else { "hand-held" },
        fault.rotation_degrees,
        fault.perspective,
        fault.scale,
        fault.blur,
        fault.motion,
        fault.zone_glare,
        fault.shade,
        fault.glare,
        fault.noise,
        fault.jpeg_quality,
        truth.notes
    );
    let file = format!("{stem}-{number}.jpg");
    Ok(Page { bytes: fault.encode(&picture), truth: Truth { file, notes, ..truth } })
}

/// Returns the distance of the characters of the zone in pixels, of a page as it is; 16 where
/// no zone is found.
fn pitch(bytes: &[u8], characters: usize) -> f32 {
    let (reading, _) = timing::read_timed(bytes, false);
    let ends =
        reading.zones.first().and_then(|zone| Some((zone.polygon.first()?, zone.polygon.get(1)?)));
    let length = ends.map(|([ax, ay], [bx, by])| (bx - ax).hypot(by - ay));
    length.map_or(16.0, |length| length as f32 / characters.max(1) as f32)
}

/// Opens the first page with the pipeline, or with `image` if the pipeline
/// refuses its type.
fn upright(bytes: &[u8]) -> Option<RgbImage> {
    let opened = open(bytes, &Limits::for_kind(Kind::Passport)).and_then(|file| file.picture(1));
    let opened = opened.ok().map(|picture| picture.rgb);
    opened.or_else(|| Some(image::load_from_memory(bytes).ok()?.to_rgb8()))
}

/// Returns the bytes, or a PNG of them if the pipeline refuses their type.
fn convert_refused(bytes: Vec<u8>) -> Vec<u8> {
    match open(&bytes, &Limits::for_kind(Kind::Passport)) {
        Ok(_) => bytes,
        Err(_) => upright(&bytes).map_or(bytes, |picture| fixtures::encode::png(&picture)),
    }
}

/// Returns the FNV-1a hash of a name.
fn seed_of(name: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_scored_and_its_variants_are_the_same_twice() {
        let dir = tempfile::tempdir().unwrap();
        let page = fixtures::encode::jpeg(&crate::passport(), 90);
        write(dir.path(), "a.jpg", &page).unwrap();
        let lines = fixtures::passport::Specimen::eriksson().lines();
        let row = format!("a.jpg\ttd3\t{}\t{}\t-\t2031-04-15\tdrawn\n", lines[0], lines[1]);
        write(dir.path(), "truth.tsv", format!("{HEADER}{row}").as_bytes()).unwrap();
        let keep = dir.path().join("kept");
        let plain = Options {
            threads: 1,
            keep: None,
            convert: false,
            visual_zone: true,
            printed: BTreeMap::new(),
            progress: |_, _| {},
        };
        assert!(score_folder(dir.path(), None, &plain).unwrap()[0].whole);
        let kept = Options {
            threads: 2,
            keep: Some(keep.clone()),
            convert: false,
            visual_zone: true,
            printed: BTreeMap::new(),
            progress: |_, _| {},
        };
        let first =
            score_folder(dir.path(), Some(Variants { count: 2, hard: false }), &kept).unwrap();
        assert_eq!(first[1].truth.file, "a-1.jpg");
        assert_eq!(truth::read(&keep).unwrap().len(), 2);
        let second = score_folder(&keep, None, &plain).unwrap();
        assert_eq!(first[0].read, second[0].read);
    }
}
