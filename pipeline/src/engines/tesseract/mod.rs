//! Recognises single lines of print with the system's tesseract.
//!
//! Unsafe code is allowed here because tesseract is a C++ library with a C
//! interface. The published bindings (`tesseract-sys`, `leptess`,
//! `tesseract-plumbing`) link it, and with it some fifty libraries, into every
//! process, and generate declarations with libclang; here the dozen and a half
//! functions used are declared by hand and resolved when a page is read, so that a
//! machine without tesseract still reads the machine readable zone, and a child
//! that measures a portrait starts fast.
#![allow(unsafe_code)]

mod library;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_int, c_void};
use std::ptr::null;
use std::rc::Rc;

use self::library::{Library, SYMBOL, WORD};
use crate::digest::sha256;
use crate::hidden::hidden_debug;

/// The missing component without which text cannot be recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// There is no such library, or it lacks a function.
    #[error("libtesseract.so.5 was not found")]
    Library,
    /// The library has no data of that language, or cannot load it.
    #[error("the language data was not found")]
    Language,
}

/// One character with the probability that tesseract reports.
#[derive(Clone, Copy, PartialEq)]
pub struct Symbol {
    /// The character.
    pub letter: char,
    /// 0..1.
    pub confidence: f32,
    /// Whether a word begins here.
    pub starts_word: bool,
}

hidden_debug!(Symbol);

/// A picture of one line: brightness by pixel, row by row, dark print on bright.
pub struct Line<'a> {
    /// Pixels across.
    pub width: usize,
    /// Brightness, `width` a row.
    pub pixels: &'a [u8],
}

/// Width limit of a line in pixels.
const MAX_WIDTH: usize = 4096;
/// Height limit of a line in pixels.
const MAX_HEIGHT: usize = 256;
/// Limit of symbols of one line.
const MAX_SYMBOLS: usize = 256;

/// A tesseract instance with one language, for one thread.
pub struct Recogniser {
    /// Several recognisers may share one: it keeps no state between lines.
    engine: Rc<Engine>,
}

/// An instance of the library with a language loaded.
struct Engine {
    library: &'static Library,
    handle: *mut c_void,
}

thread_local! {
    /// The engines of this thread, or why it could not preload one.
    static LOADED: RefCell<BTreeMap<String, Result<Rc<Engine>, Missing>>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// Dictionaries are not loaded: they do not contain dates, numbers and names, and
/// loading them takes longer than the network. Without the debug file it would print to
/// the standard error stream.
const SETTINGS: &[(&CStr, &CStr)] = &[
    (c"debug_file", c"/dev/null"),
    (c"load_system_dawg", c"0"),
    (c"load_freq_dawg", c"0"),
    (c"load_punc_dawg", c"0"),
    (c"load_number_dawg", c"0"),
    (c"load_unambig_dawg", c"0"),
    (c"load_bigram_dawg", c"0"),
    (c"tessedit_do_invert", c"0"),
];

impl Recogniser {
    /// Loads a language: `eng`, `rus`, `kaz`, or several as `rus+eng`.
    ///
    /// # Errors
    /// The component that this machine lacks.
    pub fn new(language: &str) -> Result<Self, Missing> {
        Ok(Self { engine: Engine::find(language)? })
    }

    /// Loads a language for the rest of this thread, so that [`Recogniser::new`]
    /// opens no file, here or in a child that is forked from here.
    ///
    /// # Errors
    /// As [`Recogniser::new`], which then always fails in the same way.
    pub(crate) fn preload(language: &str) -> Result<Self, Missing> {
        let engine = Engine::load(language);
        LOADED.with_borrow_mut(|engines| engines.insert(language.to_owned(), engine));
        Self::new(language)
    }

    /// Recognises one line; returns its symbols from left to right.
    #[must_use]
    pub fn recognise(&mut self, line: &Line<'_>) -> Vec<Symbol> {
        let height = line.pixels.len().checked_div(line.width).unwrap_or(0);
        let whole = height * line.width == line.pixels.len();
        if !whole || height < 4 || line.width < 4 || line.width > MAX_WIDTH || height > MAX_HEIGHT {
            return Vec::new();
        }
        let (width, height) = (line.width as c_int, height as c_int);
        let Engine { library, handle } = &*self.engine;
        // SAFETY: the handle is live, and the picture has `height` rows of
        // `width` bytes, which the library copies.
        let failed = unsafe {
            (library.set_mode)(*handle, RAW_LINE);
            (library.set_image)(*handle, line.pixels.as_ptr(), width, height, 1, width);
            (library.set_resolution)(*handle, 300);
            (library.recognize)(*handle, null())
        };
        let symbols = if failed == 0 { self.engine.symbols() } else { Vec::new() };
        // SAFETY: the handle is live; its results are not used any more.
        unsafe { (library.clear)(*handle) };
        symbols
    }
}

impl Engine {
    /// Returns the engine of a language that this thread has, or else loads it: that takes
    /// longer than the print of a page.
    fn find(language: &str) -> Result<Rc<Self>, Missing> {
        let known = LOADED.with_borrow(|engines| engines.get(language).cloned());
        known.unwrap_or_else(|| {
            let engine = Self::load(language)?;
            LOADED
                .with_borrow_mut(|engines| engines.insert(language.to_owned(), Ok(engine.clone())));
            Ok(engine)
        })
    }

    fn load(language: &str) -> Result<Rc<Self>, Missing> {
        let library = Library::get().ok_or(Missing::Library)?;
        let language = CString::new(language).map_err(|_| Missing::Language)?;
        library.stay_in_one_thread();
        let handle = library.start(&language, SETTINGS);
        if handle.is_null() {
            return Err(Missing::Language);
        }
        Ok(Rc::new(Self { library, handle }))
    }

    fn symbols(&self) -> Vec<Symbol> {
        // SAFETY: the handle is live and has just recognised; the iterator is
        // deleted before the results are cleared, and a text is copied before
        // it is deleted.
        unsafe {
            let iterator = (self.library.iterator)(self.handle);
            if iterator.is_null() {
                return Vec::new();
            }
            let mut symbols = Vec::new();
            loop {
                let text = (self.library.text)(iterator, SYMBOL);
                if !text.is_null() {
                    let letters = CStr::from_ptr(text).to_string_lossy().into_owned();
                    (self.library.delete_text)(text);
                    let confidence = (self.library.confidence)(iterator, SYMBOL) / 100.0;
                    let starts =
                        (self.library.is_start)((self.library.page_iterator)(iterator), WORD) != 0;
                    symbols.extend(letters.chars().enumerate().map(|(i, letter)| Symbol {
                        letter,
                        confidence: confidence.clamp(0.0, 1.0),
                        starts_word: starts && i == 0,
                    }));
                }
                if symbols.len() >= MAX_SYMBOLS || (self.library.next)(iterator, SYMBOL) == 0 {
                    break;
                }
            }
            (self.library.delete_iterator)(iterator);
            symbols
        }
    }
}

/// `PSM_RAW_LINE`: the whole picture is one line.
const RAW_LINE: c_int = 13;

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: created by the library and deleted once.
        unsafe { (self.library.delete)(self.handle) }
    }
}

/// Returns the version of the library.
///
/// # Errors
/// [`Missing::Library`] if this machine does not have it.
pub fn version() -> Result<String, Missing> {
    Library::get().map(Library::version).ok_or(Missing::Library)
}

/// Returns the SHA-256 of the data of these languages, as far as this machine has it.
///
/// # Errors
/// What this machine lacks, if it has none of them.
pub fn language_data(languages: &[&str]) -> Result<String, Missing> {
    let mut missing = Missing::Language;
    // the first one that loads tells the folder of all
    let loaded = |language: &&str| Engine::find(language).map_err(|found| missing = found).ok();
    let engine = languages.iter().find_map(loaded).ok_or(missing)?;
    let folder = engine.library.data_folder(engine.handle);
    let mut all = String::new();
    for language in languages {
        let data = std::fs::read(folder.join(format!("{language}.traineddata")));
        let digest = data.map_or_else(|_| "none".to_owned(), |bytes| sha256(&bytes));
        all.push_str(&format!("{language} {digest}\n"));
    }
    Ok(sha256(all.as_bytes()))
}
