//! Two runs side by side, and findings that were there before: what is new, changed, unchanged, resolved, or not looked
//! at again. Pure functions over result documents.

mod apply;
mod diff;
mod file;
#[cfg(test)]
mod tests;

pub use apply::apply;
pub use diff::{
    CaseChange, Change, DIFF_SCHEMA_TEXT, Difference, FindingChange, RunDiff, RunRef, Side, diff,
};
pub use file::{BASELINE_SCHEMA, BASELINE_SCHEMA_TEXT, Baseline, Known};
