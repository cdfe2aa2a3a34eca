//! Forms that only Adobe's programs show (XFA).

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict};

/// Whether the pages are only the shell of a form: their place is taken by a form in
/// another language when Adobe's programs open the file, and what they hold themselves
/// is a notice to wait. `NeedsRendering` says so (ISO 32000-1 table 28), or a form
/// without fields of its own.
pub(super) fn is_form_shell(pdf: &Pdf) -> bool {
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return false };
    let Some(form) = catalog.get::<Dict<'_>>("AcroForm") else { return false };
    let has_fields =
        || form.get::<Array<'_>>("Fields").is_some_and(|all| all.raw_iter().count() > 0);
    let needs_rendering = || catalog.get::<bool>("NeedsRendering").unwrap_or(false);
    form.contains_key("XFA") && (needs_rendering() || !has_fields())
}
