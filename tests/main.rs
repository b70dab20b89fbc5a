//! End-to-end tests: the house itself, and the program through its binary.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod agreement_pairs;
mod agreement_sheet;
mod auth;
mod bad_input;
mod booking;
mod cli;
mod client;
mod dependencies;
mod file_set;
mod foreign;
mod harness;
mod import;
mod joint;
mod looks;
mod oidc;
mod packs;
mod pages;
mod peers;
mod platform;
mod privacy;
mod probe;
mod readme;
mod register;
mod relay;
mod reports;
mod rooms;
mod samples;
mod spec_tools;
mod stand_in;
mod travel;
mod wire;
mod xml;
