//! Bundles travel: one zip with a manifest of SHA-256, signed if wanted, verified before anything of it is used.
//!
//! A packed bundle comes from somebody else: paths, sizes, numbers and digests are checked against fixed limits and the
//! manifest before a byte of it lies where a run would lie.

mod keys;
mod manifest;
mod open;
mod write;

pub use keys::{SigningKey, VerifyingKey, generate};
pub use manifest::{Edition, Manifest, Part, SCHEMA};
pub use open::{Packed, Sealed};
pub use write::{Contents, pack};
