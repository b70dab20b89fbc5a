//! The client towards the systems under test: one request, one connection, every phase with its own limit, everything
//! that came back kept as it came. Redirects are not followed, nothing is decoded, no proxy is used, and nothing is sent
//! to a host that the plan does not name.

mod allowed;
mod capture;
pub(crate) mod coded;
mod connect;
mod fair;
pub(crate) mod fault;
mod identity;
mod incoming;
pub(crate) mod redact;
mod send;
mod tls;
mod words;

pub use allowed::Allowed;
pub use capture::{BodyKind, capture};
pub use connect::probe;
pub use identity::Identity;
pub(crate) use incoming::incoming;
pub use send::{Answer, Limits, Outgoing, Reply, send};
pub use tls::Trust;
pub use words::explain;

#[cfg(test)]
mod tests;
