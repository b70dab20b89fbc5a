//! What two sides declared, joined item by item with the standard.

mod ambiguity;
mod answers_text;
mod contradiction;
mod gate;
mod join;
mod profile;
mod record;

pub use ambiguity::{Grounds, ambiguities};
pub use contradiction::Contradiction;
pub use gate::{Answer as GateAnswer, Gate, Reason, Tested, gate};
pub use join::{Settled, Sides, join};
pub use record::{Change, Decision, Negotiated, SCHEMA as RECORD_SCHEMA};

pub(crate) use profile::expect_schema;
pub use profile::{
    Answer, Client, ClientAuth, Declared, Endpoint, HttpVersion, Profile, SecretSource, Site,
    System, SystemKind, TlsVerification,
};
