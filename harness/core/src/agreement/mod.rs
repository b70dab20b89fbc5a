//! What two sides declared, joined item by item with the standard.

mod ambiguity;
mod answers_text;
mod contradiction;
mod gate;
mod join;
mod profile;
mod record;
mod scopes;
mod sets;
mod terms;
mod tested;
mod unknown;

pub use ambiguity::{Grounds, ambiguities};
pub use contradiction::Contradiction;
pub use gate::{Answer as GateAnswer, Gate, Reason, gate};
pub use join::{Settled, Sides, join};
pub use record::{Change, Decision, Negotiated, SCHEMA as RECORD_SCHEMA};
pub use scopes::{join_scopes, scope_words};
pub use terms::{Terms, decided};
pub use tested::{Now, Tested, Waived};
pub use unknown::{unknown_decisions, unknown_items};

pub(crate) use profile::expect_schema;
pub use profile::{
    Answer, Client, ClientAuth, Declared, Endpoint, HttpVersion, Profile, SecretSource, Site,
    System, SystemKind, TlsVerification,
};
