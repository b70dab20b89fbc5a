//! End-to-end tests: the house itself, and the program through its binary.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod acceptance;
mod agreement_calls;
mod agreement_check;
mod agreement_exchanges;
mod agreement_gate;
mod agreement_items;
mod agreement_pairs;
mod agreement_retries;
mod agreement_scopes;
mod agreement_sheet;
mod alternatives;
mod auth;
mod bad_input;
mod booking;
mod callback;
mod canary;
mod cli;
mod client;
mod crowd;
mod delivery;
mod dependencies;
mod file_set;
mod foreign;
mod harness;
mod import;
mod import_unseen;
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
mod relay_secrets;
mod reports;
mod rooms;
mod samples;
mod spec_lint;
mod spec_round_trip;
mod spec_tools;
mod stand_in;
mod travel;
mod travel_refused;
mod wire;
mod xml;
