//! Form fields (ISO 32000-1 12.7.3): a widget inherits entries from the fields above it.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Object};

use super::strings::text;

/// Fields above a widget; forms have two or three levels.
const MAX_LEVELS: u32 = 16;
/// Choices that are looked at.
const MAX_CHOICES: usize = 1_000;

/// The interactive form of a document.
pub(super) struct Form<'a> {
    dictionary: Dict<'a>,
    /// Whether values are newer than the appearances of their fields.
    pub(super) needs_appearances: bool,
}

impl<'a> Form<'a> {
    pub(super) fn new(pdf: &'a Pdf) -> Self {
        let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
        let dictionary: Dict<'_> =
            catalog.and_then(|catalog| catalog.get("AcroForm")).unwrap_or_default();
        let needs_appearances = dictionary.get::<bool>("NeedAppearances").unwrap_or(false);
        Self { dictionary, needs_appearances }
    }

    /// Returns an entry of a widget, of a field above it, or of the form.
    pub(super) fn inherited(&self, widget: &Dict<'a>, key: &str) -> Option<Object<'a>> {
        let mut field = widget.clone();
        for _ in 0..MAX_LEVELS {
            if let Some(value) = field.get::<Object<'_>>(key) {
                return Some(value);
            }
            let Some(parent) = field.get::<Dict<'_>>("Parent") else { break };
            field = parent;
        }
        self.dictionary.get(key)
    }

    /// Returns the name that stands in a font of the form.
    pub(super) fn font_name(&self, name: &str) -> Option<String> {
        let resources = self.dictionary.get::<Dict<'_>>("DR")?;
        let font = resources.get::<Dict<'_>>("Font")?.get::<Dict<'_>>(name)?;
        text(&font.get::<Object<'_>>("BaseFont")?)
    }
}

/// What a field holds, and how it is shown.
#[derive(Debug, PartialEq)]
pub(super) enum Field {
    Text {
        value: String,
        style: TextStyle,
    },
    /// A box of choices, each with whether it is chosen, from the first one shown.
    List(Vec<(String, bool)>),
    Button(Button),
}

/// How a text field breaks its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextStyle {
    OneLine,
    Lines,
    /// One letter in each of so many cells.
    Comb(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Button {
    Check,
    Radio,
    Push,
}

/// Flags of fields (ISO 32000-1 tables 226 to 230).
mod flag {
    pub(super) const MULTILINE: u32 = 1 << 12;
    pub(super) const PASSWORD: u32 = 1 << 13;
    pub(super) const RADIO: u32 = 1 << 15;
    pub(super) const PUSH_BUTTON: u32 = 1 << 16;
    pub(super) const COMBO: u32 = 1 << 17;
    pub(super) const COMB: u32 = 1 << 24;
}

impl Field {
    /// Returns the field of a widget; `None` without a value to show.
    pub(super) fn of<'a>(widget: &Dict<'a>, form: &Form<'a>) -> Option<Self> {
        let entry = |key| form.inherited(widget, key);
        let flags = entry("Ff").and_then(Object::into_i32).unwrap_or(0).cast_unsigned();
        let has = |flag: u32| flags & flag != 0;
        match entry("FT")?.into_name()?.as_ref() {
            b"Tx" => {
                let value = entry("V").as_ref().and_then(text)?;
                let value =
                    if has(flag::PASSWORD) { "*".repeat(value.chars().count()) } else { value };
                let length = entry("MaxLen").and_then(Object::into_i32).unwrap_or(0);
                let style = match u32::try_from(length) {
                    _ if has(flag::MULTILINE) => TextStyle::Lines,
                    Ok(length) if has(flag::COMB) && length > 0 => TextStyle::Comb(length),
                    _ => TextStyle::OneLine,
                };
                Some(Self::Text { value, style })
            }
            b"Ch" => {
                let chosen = chosen(&entry("V")?);
                let choices = choices(entry("Opt"));
                let shown = |value: &String| {
                    let choice = choices.iter().find(|(export, _)| export == value);
                    choice.map_or_else(|| value.clone(), |(_, shown)| shown.clone())
                };
                if has(flag::COMBO) {
                    let value = chosen.first().map(shown)?;
                    return Some(Self::Text { value, style: TextStyle::OneLine });
                }
                let first = entry("TI").and_then(Object::into_i32).unwrap_or(0);
                let first = usize::try_from(first).unwrap_or(0);
                let list = choices.iter().skip(first).map(|(export, shown)| {
                    (shown.clone(), chosen.contains(export) || chosen.contains(shown))
                });
                Some(Self::List(list.collect()))
            }
            b"Btn" => Some(Self::Button(match () {
                () if has(flag::PUSH_BUTTON) => Button::Push,
                () if has(flag::RADIO) => Button::Radio,
                () => Button::Check,
            })),
            _ => None,
        }
    }
}

fn chosen(value: &Object<'_>) -> Vec<String> {
    match value {
        Object::Array(all) => {
            all.iter::<Object<'_>>().take(MAX_CHOICES).filter_map(|one| text(&one)).collect()
        }
        one => text(one).into_iter().collect(),
    }
}

/// Returns the choices: what is exported, and what is shown.
fn choices(options: Option<Object<'_>>) -> Vec<(String, String)> {
    let Some(options) = options.and_then(Object::into_array) else { return Vec::new() };
    let pair = |option: Object<'_>| match &option {
        Object::Array(pair) => both(pair),
        one => text(one).map(|text| (text.clone(), text)),
    };
    options.iter::<Object<'_>>().take(MAX_CHOICES).filter_map(pair).collect()
}

fn both(pair: &Array<'_>) -> Option<(String, String)> {
    let mut texts = pair.iter::<Object<'_>>().map(|one| text(&one));
    Some((texts.next()??, texts.next()??))
}
