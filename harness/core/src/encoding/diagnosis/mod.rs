//! Diagnosis: what happened to a file, a column, a value. Facts with their confidence, no verdicts.
//!
//! - whole file: [`Census`] → [`classify`], [`mismatch`] (ENC-007); [`foreign_encoding`] → [`Runs`] (ENC-008);
//!   [`MappingCensus`] (ENC-018)
//! - column: [`GarbledColumn`] (ENC-009)
//! - value: [`lost_runs`] (ENC-005), [`marks`] (ENC-006), [`selectors`] (ENC-010), [`not_nfc`] (ENC-011),
//!   [`references`] (ENC-013), [`cut_character`] (ENC-014), [`dakuten_split`] (ENC-015), [`shift_codes`] (ENC-017),
//!   [`unset_storage`] (ENC-019)
//! - two sides: [`compare`], [`DialectHypotheses`]
//!
//! Accumulators can be merged: chunks of a file that begin at a record are fed on their own and put together in order.

mod census;
mod classify;
mod compare;
mod escape;
mod fields;
mod garbled;
mod mapping;
mod records;
mod traces;

#[cfg(test)]
mod clean;
#[cfg(test)]
mod tests;

pub use census::{Census, Tally};
pub use classify::{Bom, HostCode, Mismatch, Observed, classify, mismatch};
pub use compare::{Difference, DifferenceKind, compare};
pub use escape::{Escape, escape};
pub use fields::{ShiftCodes, Unset, cut_character, dakuten_split, shift_codes, unset_storage};
pub use garbled::{Garble, GarbledColumn, GarbledVerdict, undo, undo_span};
pub use mapping::{DialectHypotheses, MappingCensus};
pub use records::{Run, Runs, foreign_encoding};
pub use traces::{
    MARKS, Mark, NormalFault, Reference, SelectorFault, SelectorFaultKind, SelectorPolicy,
    lost_runs, marks, not_nfc, references, selectors,
};
