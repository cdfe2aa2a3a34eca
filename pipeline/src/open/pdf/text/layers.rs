//! Layers that a reader switches on and off: optional content (ISO 32000-1 8.11).

use std::collections::HashSet;

use hayro::hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;

/// The layers that are off when the file is opened.
#[derive(Default)]
pub(super) struct Layers(HashSet<ObjectIdentifier>);

impl Layers {
    pub(super) fn read(xref: &XRef) -> Self {
        Self::read_catalog(xref).unwrap_or_default()
    }

    fn read_catalog(xref: &XRef) -> Option<Self> {
        let catalog = xref.get::<Dict<'_>>(xref.root_id())?;
        let properties = catalog.get::<Dict<'_>>("OCProperties")?;
        let usual = properties.get::<Dict<'_>>("D")?;
        let mut off = HashSet::new();
        if usual.get::<Name<'_>>("BaseState").is_some_and(|state| *state == *b"OFF") {
            off.extend(identifiers(&properties, "OCGs"));
            for on in identifiers(&usual, "ON") {
                off.remove(&on);
            }
        }
        off.extend(identifiers(&usual, "OFF"));
        Some(Self(off))
    }

    /// Returns whether the content with entry `key` of `owner` is shown: a layer, or a
    /// group of layers with a policy.
    pub(super) fn shows(&self, owner: &Dict<'_>, key: &[u8]) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let is_off = owner.get_ref(key).is_some_and(|layer| self.0.contains(&layer.into()));
        let Some(layer) = owner.get::<Dict<'_>>(key) else { return !is_off };
        if layer.get::<Name<'_>>("Type").is_none_or(|kind| *kind != *b"OCMD") {
            return !is_off;
        }
        let mut members = identifiers(&layer, "OCGs");
        if let Some(only) = layer.get_ref("OCGs").filter(|_| members.is_empty()) {
            members.push(only.into());
        }
        if members.is_empty() {
            return true;
        }
        let mut on = members.iter().map(|member| !self.0.contains(member));
        match layer.get::<Name<'_>>("P").as_deref() {
            Some(b"AllOn") => on.all(|on| on),
            Some(b"AnyOff") => on.any(|on| !on),
            Some(b"AllOff") => on.all(|on| !on),
            _ => on.any(|on| on),
        }
    }
}

fn identifiers(owner: &Dict<'_>, key: &str) -> Vec<ObjectIdentifier> {
    let layers = owner.get::<Array<'_>>(key);
    let items = layers.iter().flat_map(Array::raw_iter);
    items.filter_map(|item| item.as_obj_ref()).map(Into::into).collect()
}
