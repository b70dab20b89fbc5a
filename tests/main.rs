//! End-to-end tests: the house itself, and the program through its binary.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod bad_input;
mod cli;
mod client;
mod dependencies;
mod file_set;
mod harness;
mod import;
mod joint;
mod looks;
mod packs;
mod pages;
mod privacy;
mod probe;
mod readme;
mod relay;
mod rooms;
mod samples;
mod spec_tools;
mod stand_in;
