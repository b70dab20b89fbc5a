//! Two realistic result documents: a joint test that fails in every area, and a clean one.
#![allow(dead_code, reason = "every test binary uses some of it")]

use renkei_core::record::ResultDocument;
use serde_json::Value;

pub(crate) const FAILING: &str = include_str!("../fixtures/failing.json");
pub(crate) const CLEAN: &str = include_str!("../fixtures/clean.json");

pub(crate) fn read(source: &str) -> ResultDocument {
    serde_json::from_str(source).unwrap()
}

pub(crate) fn value(source: &str) -> Value {
    serde_json::from_str(source).unwrap()
}
