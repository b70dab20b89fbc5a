//! What is there, with positions and without judgement: calls, token exchanges, receipts. Nothing is repaired here.

mod call;
mod coding;
mod drift;
mod json;
mod number;
mod parameters;
mod platform;
mod receipt;
mod token;
mod xml;

pub use call::{Bodies, BodyView, CallView, ContentType, ResponseView, XmlBody, json_of};
pub use coding::{CodingFault, coded, plain};
pub use drift::{Difference, Normal, drift, matches as pointer_matches};
pub use json::{
    Duplicate, Imprecise, Inside, Json, JsonFault, JsonFaultKind, MAX_DEPTH, Member, Node, Span,
    pointer_step,
};
pub(crate) use parameters::readings;
pub use parameters::{Sent, SentValue, parameters, undocumented};
pub use platform::{PlatformStep, PlatformView};
pub use receipt::{Receipt, ReceiptFault, ReceiptMistake, Rejected, SentFile};
pub use token::{Asked, TokenView};
pub use xml::{Writing, XmlView};
