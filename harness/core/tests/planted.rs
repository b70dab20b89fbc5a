//! An adversary's files: clean ones must be silent, and every planted defect must be told once, at its record, field and
//! byte. Files are made from a seed, so that a failure can be repeated.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test"
)]

#[path = "planted/delimited.rs"]
mod delimited;
#[path = "planted/fixed.rs"]
mod fixed;
#[path = "planted/layouts.rs"]
mod layouts;
#[path = "planted/structure.rs"]
mod structure;
#[path = "planted/whole.rs"]
mod whole;
#[path = "planted/world.rs"]
mod world;
