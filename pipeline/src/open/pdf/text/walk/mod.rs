//! Walks through the content of a page and collects its characters.
//!
//! `hayro` draws glyphs without saying of which font they are; what they mean depends on
//! its dictionary. What places no text is passed over.

mod annotation;

use hayro::hayro_interpret::TransformExt;
use hayro::hayro_syntax::content::UntypedIter;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro::kurbo::{self, Affine};

use super::font::{Font, Fonts, ShownCode};
use super::layers::Layers;
use super::letters::Letters;
use super::replacement::Replacement;
use super::state::{Shown, State};
use super::words::Words;

/// Forms within forms.
const MAX_DEPTH: u32 = 16;
/// What running a form costs beside its instructions, in steps.
const FORM_STEPS: u32 = 200;
/// Graphics states that are saved at a time.
const MAX_SAVED: usize = 512;
/// Annotations of one page.
const MAX_ANNOTATIONS: usize = 5000;
/// What a walk needs beside the page.
pub(super) struct Walk<'w> {
    fonts: &'w mut Fonts,
    layers: &'w Layers,
    /// Letters, and instructions of forms, that may still be run, of the whole file: what
    /// pages contain is bounded by its length, what they repeat is not.
    steps: &'w mut u32,
    /// Bytes of text that are wanted.
    limit: usize,
    media: kurbo::Rect,
    state: State,
    saved: Vec<State>,
    depth: u32,
    marks: Vec<Mark>,
    replacement: Option<Replacement>,
    pub(super) words: Words,
    pub(super) letters: Letters,
}

/// An open part of marked content.
enum Mark {
    Plain,
    Hidden,
    Replaced,
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        page: &Page<'_>,
        fonts: &'w mut Fonts,
        layers: &'w Layers,
        steps: &'w mut u32,
        limit: usize,
    ) -> Self {
        let upright = page.initial_transform(true).to_kurbo();
        let media = page.media_box();
        let media = kurbo::Rect::new(media.x0, media.y0, media.x1, media.y1);
        Self {
            fonts,
            layers,
            steps,
            limit,
            media: upright.transform_rect_bbox(media),
            state: State::new(upright),
            saved: Vec::new(),
            depth: 0,
            marks: Vec::new(),
            replacement: None,
            words: Words::default(),
            letters: Letters::default(),
        }
    }

    /// Whether the walk ended before the page did.
    pub(super) fn is_cut(&self) -> bool {
        *self.steps == 0 || self.words.bytes() > self.limit
    }

    /// Collects the text of the page and of its annotations.
    pub(super) fn walk(&mut self, page: &Page<'_>) {
        let upright = self.state.page;
        if let Some(content) = page.page_stream() {
            self.run(content, page.resources());
        }
        let annotations = page.raw().get::<Array<'_>>("Annots");
        let annotations = annotations.iter().flat_map(Array::iter::<Dict<'_>>);
        for annotation in annotations.take(MAX_ANNOTATIONS) {
            self.state = State::new(upright);
            self.marks.clear();
            self.annotation(&annotation, page.resources());
        }
    }

    fn form(&mut self, form: &Stream<'_>, outer: &Resources<'_>) {
        let dictionary = form.dict();
        if self.depth >= MAX_DEPTH || !self.layers.shows(dictionary, b"OC") {
            return;
        }
        let Ok(content) = form.decoded_data() else { return };
        let own = dictionary.get::<Dict<'_>>("Resources").map(Resources::new);
        let before = self.state.clone();
        self.state.page *= matrix(dictionary);
        self.depth += 1;
        self.spend(FORM_STEPS);
        self.run(&content, own.as_ref().unwrap_or(outer));
        self.depth -= 1;
        self.state = before;
    }

    fn spend(&mut self, steps: u32) {
        *self.steps = self.steps.saturating_sub(steps);
    }

    fn run(&mut self, content: &[u8], resources: &Resources<'_>) {
        let (saved, marks) = (self.saved.len(), self.marks.len());
        let mut instructions = UntypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            if self.is_cut() {
                break;
            }
            if self.depth > 0 {
                self.spend(1);
            }
            let operands: Vec<&Object<'_>> = instruction.operands().collect();
            self.step(instruction.operator, &operands, resources, saved);
        }
        self.saved.truncate(saved);
        while self.marks.len() > marks {
            self.end_mark();
        }
    }

    fn step(
        &mut self,
        operator: &[u8],
        operands: &[&Object<'_>],
        resources: &Resources<'_>,
        saved: usize,
    ) {
        let number = |index: usize| match operands.get(index) {
            Some(Object::Number(number)) => number.as_f64(),
            _ => 0.0,
        };
        let affine = || Affine::new([0, 1, 2, 3, 4, 5].map(number));
        match operator {
            b"q" if self.saved.len() < MAX_SAVED => self.saved.push(self.state.clone()),
            b"Q" if self.saved.len() > saved => {
                // text matrices are no part of what is saved
                let (text, line) = (self.state.text, self.state.line);
                if let Some(state) = self.saved.pop() {
                    self.state = State { text, line, ..state };
                }
            }
            b"cm" if operands.len() == 6 => self.state.page *= affine(),
            b"BT" => self.state.begin_text(),
            b"Tm" if operands.len() == 6 => self.state.set_line(affine()),
            b"Td" => self.state.next_line(number(0), number(1)),
            b"TD" => {
                self.state.leading = -number(1);
                self.state.next_line(number(0), number(1));
            }
            b"T*" => self.state.next_line(0.0, -self.state.leading),
            b"Tc" => self.state.letter_spacing = number(0),
            b"Tw" => self.state.word_spacing = number(0),
            b"Tz" => self.state.stretch = number(0) / 100.0,
            b"TL" => self.state.leading = number(0),
            b"Ts" => self.state.rise = number(0),
            b"Tf" => {
                if let Some(Object::Name(name)) = operands.first() {
                    let font = resources.get_font(name).unwrap_or_default();
                    self.state.font = Some(self.fonts.get(&font));
                }
                self.state.size = number(1);
            }
            b"gs" => self.graphics_state(operands, resources),
            b"Tj" | b"TJ" => self.show_all(operands),
            b"'" | b"\"" => {
                if operands.len() == 3 {
                    (self.state.word_spacing, self.state.letter_spacing) = (number(0), number(1));
                }
                self.state.next_line(0.0, -self.state.leading);
                self.show_all(operands);
            }
            b"Do" => {
                if let Some(Object::Name(name)) = operands.first()
                    && self.is_shown()
                    && let Some(object) = resources.get_x_object(name)
                    && object.dict().get::<Name<'_>>("Subtype").is_some_and(|s| *s == *b"Form")
                {
                    self.form(&object, resources);
                }
            }
            b"BMC" => self.marks.push(Mark::Plain),
            b"BDC" => self.begin_mark(operands, resources),
            b"EMC" => self.end_mark(),
            _ => {}
        }
    }

    fn graphics_state(&mut self, operands: &[&Object<'_>], resources: &Resources<'_>) {
        let Some(Object::Name(name)) = operands.first() else { return };
        let font = resources.get_ext_g_state(name).and_then(|s| s.get::<Array<'_>>("Font"));
        let Some(font) = font else { return };
        if let Some(dictionary) = font.iter::<Object<'_>>().next().and_then(Object::into_dict) {
            self.state.font = Some(self.fonts.get(&dictionary));
        }
        if let Some(Object::Number(size)) = font.iter::<Object<'_>>().nth(1) {
            self.state.size = size.as_f64();
        }
    }

    fn begin_mark(&mut self, operands: &[&Object<'_>], resources: &Resources<'_>) {
        let [_, properties] = operands else { return self.marks.push(Mark::Plain) };
        let is_layer = matches!(operands, [Object::Name(tag), _] if **tag == *b"OC");
        let (text, is_shown) = match properties {
            Object::Name(name) => {
                let named = resources.properties.get::<Dict<'_>>(name);
                let text = named.and_then(|named| named.get::<PdfString<'_>>("ActualText"));
                let is_shown = !is_layer || self.layers.shows(&resources.properties, name);
                (text.map(|text| text.as_bytes().to_vec()), is_shown)
            }
            Object::Dict(inline) => {
                let text = inline.get::<PdfString<'_>>("ActualText");
                (text.map(|text| text.as_bytes().to_vec()), true)
            }
            _ => (None, true),
        };
        self.marks.push(match text {
            _ if !is_shown => Mark::Hidden,
            Some(text) if self.replacement.is_none() => {
                self.replacement = Some(Replacement::new(&text));
                Mark::Replaced
            }
            _ => Mark::Plain,
        });
    }

    fn end_mark(&mut self) {
        if let Some(Mark::Replaced) = self.marks.pop()
            && let Some(replacement) = self.replacement.take()
        {
            replacement.finish(&mut self.words);
        }
    }

    fn is_shown(&self) -> bool {
        !self.marks.iter().any(|mark| matches!(mark, Mark::Hidden))
    }

    /// Shows the strings among the operands, and those in an array, with its adjustments.
    fn show_all(&mut self, operands: &[&Object<'_>]) {
        let font = self.state.font.clone();
        let (number, font) = font.unwrap_or_else(|| self.fonts.get(&Dict::default()));
        for operand in operands {
            match operand {
                Object::String(string) => self.show(string.as_bytes(), number, &font),
                Object::Array(array) => {
                    for item in array.iter::<Object<'_>>() {
                        match item {
                            Object::String(string) => self.show(string.as_bytes(), number, &font),
                            Object::Number(by) => {
                                self.state.adjust(by.as_f64(), font.is_vertical());
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn show(&mut self, string: &[u8], number: usize, font: &Font) {
        let is_shown = self.is_shown();
        font.for_each_code(string, |shown| {
            let place = self.state.place(&shown, (number, font));
            if self.is_cut() {
                return;
            }
            self.spend(1);
            if let Some(place) = place.filter(|place| is_shown && self.is_on_page(place)) {
                self.add(&shown, place);
            }
        });
    }

    fn add(&mut self, shown: &ShownCode, Shown { place, .. }: Shown) {
        if let Some(replacement) = &mut self.replacement {
            replacement.cover(place);
        } else {
            self.letters.count(place.font, shown);
            self.words.add(shown.meaning.characters(), place);
        }
    }

    fn is_on_page(&self, Shown { origin, end, .. }: &Shown) -> bool {
        let x = origin.x.max(end.x) >= self.media.x0 && origin.x.min(end.x) <= self.media.x1;
        let y = origin.y.max(end.y) >= self.media.y0 && origin.y.min(end.y) <= self.media.y1;
        x && y
    }
}

/// Returns the matrix of a form.
fn matrix(form: &Dict<'_>) -> Affine {
    form.get::<[f64; 6]>("Matrix").map_or(Affine::IDENTITY, Affine::new)
}
