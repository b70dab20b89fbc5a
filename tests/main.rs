//! End-to-end tests: the house itself, and the program through its binary.

mod bad_input;
mod cli;
mod harness;
mod joint;
mod looks;
mod pages;
mod rooms;
