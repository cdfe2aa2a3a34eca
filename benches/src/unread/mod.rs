//! Applications whose papers nobody has read: none may pass, each unread paper must be
//! named, and passport and portrait must still pass.

mod applications;
mod people;
mod sheets;
mod tally;

pub use applications::{Drawn, draw};
pub use people::{People, application, examined, good_people, judged};
pub use sheets::{Sheet, sheets};
pub use tally::Tally;
