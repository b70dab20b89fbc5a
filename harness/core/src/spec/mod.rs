//! What the standard says: packs, layouts, code lists, APIs, agreement items. Loads them with every problem at its place.

mod api;
mod catalogue;
mod draft;
mod extend;
mod files;
pub mod layout;
mod library;
mod media_type;
mod pack;
mod requirement;
mod toml_text;
pub mod xml;

pub use api::{
    Api, ApiFiles, ApiRules, Applies, Content, Correlation, Direction, ErrorCode, ErrorKind, In,
    MediaRules, Operation, OperationRules, Parameter, Property, RefusalRules, RequestDoc,
    ResponseDoc, Schema, Statuses, Style, TimeRules, TokenRules, compile_schema, faults_of,
};
pub use catalogue::{
    Allowed, Ambiguity, CONTEXT, Catalogue, Choice, Demand, Expression, Implication, Item, Reading,
    Span, Status,
};
pub use draft::Draft;
pub use files::{Files, hex};
pub use layout::{Basis, CodeList, Date, FileSettings, Form, Layout};
pub use library::Library;
pub use media_type::MediaType;
pub use pack::{Accepted, Fidelity, Pack, PackHead};
pub use requirement::{Certainty, REQUIREMENT_COLUMNS, Requirement, Verb, load_requirements};
pub use toml_text::{read_toml, read_toml_bytes, utf8};
pub use xml::XmlMessage;
