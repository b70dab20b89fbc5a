//! What the standard says: packs, layouts, code lists, APIs, agreement items. Loads them with every problem at its place.

mod files;
mod item;
pub mod layout;
mod toml_text;

pub use files::{Files, hex};
pub use item::{Allowed, Item, load_items};
pub use toml_text::{read_toml, read_toml_bytes, utf8};
