//! End-to-end tests: the house itself, and the program through its binary.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod agreement_pairs;
mod agreement_sheet;
mod auth;
mod bad_input;
mod cli;
mod client;
mod dependencies;
mod file_set;
mod harness;
mod import;
mod joint;
mod looks;
mod oidc;
mod packs;
mod pages;
mod privacy;
mod probe;
mod readme;
mod register;
mod relay;
mod rooms;
mod samples;
mod spec_tools;
mod stand_in;
mod travel;
