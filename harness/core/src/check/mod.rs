//! Rules and the sink that their hits go to. A check states a fact; how much it matters is policy, how it reads is its page.

mod exchange;
mod neutral;
mod page;
mod registry;
mod rule;
mod sink;
mod wording;

pub mod agr;
pub mod api;
pub mod aut;
pub mod enc;
pub mod fil;
pub mod lay;
pub mod net;
pub mod rec;
pub mod val;
pub mod xrf;

pub use exchange::{examine_call, examine_token};
pub use page::{Example, Head, Page};
pub use registry::{RETIRED, RULES, rule, rules};
pub use rule::{Retired, Rule};
pub use sink::{Hit, MAX_SAMPLES, Policy, Sink};
