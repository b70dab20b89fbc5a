//! Rules and the sink that their hits go to. A check states a fact; how much it matters is policy, how it reads is its page.
//!
//! A folder holds the rules of one area and nothing else: each `.rs` has its page beside it. What rules share stands here
//! (`expectation folding parameters place shape violation xml_body` serve the rules about calls).

mod exchange;
mod expectation;
mod folding;
mod neutral;
mod page;
mod parameters;
mod place;
mod registry;
mod relayed;
mod rule;
mod shape;
mod sink;
mod violation;
mod wording;
mod xml_body;

pub mod agr;
pub mod api;
pub mod aut;
pub mod enc;
pub mod fil;
pub mod lay;
pub mod net;
pub mod rec;
pub mod seq;
pub mod spc;
pub mod val;
pub mod xml;
pub mod xrf;

pub use exchange::{examine_call, examine_misuse, examine_platform, examine_token};
pub use page::{Example, Head, Page};
pub use registry::{RETIRED, RULES, rule, rules};
pub use relayed::{examine_drift, examine_relayed, examine_undocumented, examine_way};
pub use rule::{Retired, Rule};
pub use sink::{Hit, MAX_SAMPLES, Policy, Sink};
