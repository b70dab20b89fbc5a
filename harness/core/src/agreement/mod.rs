//! What two sides declared, joined item by item with the standard.

mod join;
mod profile;

pub use join::{Settled, Sides, join};

pub(crate) use profile::expect_schema;
pub use profile::{
    Answer, Client, ClientAuth, Declared, Endpoint, HttpVersion, Profile, SecretSource, System,
    SystemKind, TlsVerification,
};
