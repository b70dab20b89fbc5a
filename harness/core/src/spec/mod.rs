//! What the standard says: packs, layouts, code lists, APIs, agreement items. Loads them with every problem at its place.

mod api;
mod draft;
mod extend;
mod files;
mod item;
pub mod layout;
mod media_type;
mod pack;
mod requirement;
mod toml_text;

pub use api::{
    Api, ApiFiles, ApiRules, Applies, Content, Correlation, Direction, ErrorCode, ErrorKind,
    MediaRules, Operation, OperationRules, Property, RefusalRules, RequestDoc, ResponseDoc, Schema,
    Statuses, TimeRules, TokenRules, compile_schema,
};
pub use draft::Draft;
pub use files::{Files, hex};
pub use item::{Allowed, Item, load_items};
pub use layout::{Basis, CodeList, Date, FileSettings, Layout};
pub use media_type::MediaType;
pub use pack::{Accepted, Fidelity, Library, Pack, PackHead};
pub use requirement::{Certainty, Requirement, Verb, load_requirements};
pub use toml_text::{read_toml, read_toml_bytes, utf8};
