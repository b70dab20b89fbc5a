//! Issues (課題): what people decided about findings, across runs. Pure: who and when are handed in, and every operation
//! gives the changes it would make; a store writes them down.
//!
//! The machine drafts, counts and proposes. People adopt, decide and approve. The machine's verdict and the human decision
//! stand side by side: neither overwrites the other.

mod entry;
mod merge;
mod reason;
mod states;
mod sync;
mod time;
mod waive;

pub use entry::{Change, Edit, Human, Issue, Judged, Judgement, Machine, Register, Seen, What};
pub use merge::{Clash, Merged, three_way};
pub use reason::{reason_in_both, result_in_both};
pub use states::{Agreed, MACHINE, Move, Priority, State, move_to, person};
pub use sync::{drafted_impacts, sync};
pub use time::{is_date, moment};
pub use waive::{Waiver, waive};

#[cfg(test)]
mod tests;
