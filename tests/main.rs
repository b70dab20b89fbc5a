//! End-to-end tests: the house itself, and the program through its binary.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod bad_input;
mod cli;
mod dependencies;
mod file_set;
mod harness;
mod joint;
mod looks;
mod packs;
mod pages;
mod readme;
mod rooms;
mod samples;
mod stand_in;
