//! An application of one person at one stage, as a portal submits it.
//!
//! The same JSON is the data of a message and the `application.json` of a
//! folder. Unknown fields are ignored, an unknown kind becomes
//! [`Kind::Other`](crate::kind::Kind::Other), and every text is normalised to NFC.

mod applicant;
mod document;
mod fault;
mod id;
mod nfc;
mod object;
mod submission;

pub use applicant::{Applicant, Name, Sex};
pub use document::Document;
pub use fault::Fault;
pub(crate) use id::id_fault;
pub use id::is_id;
pub use object::{MAX_KEY, Object, is_key};
pub use submission::{Application, ApplicationError, MAX_DOCUMENTS};

#[cfg(test)]
mod tests;
