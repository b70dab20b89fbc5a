//! Nouns of the harness: verdicts, levels, causes, places, findings, problems. No logic beyond their own shape.

mod cause;
pub mod exit;
mod finding;
mod level;
mod location;
mod problem;
mod text;
mod verdict;

pub use cause::{Cause, CauseKind, Confidence};
pub use finding::{Finding, InBaseline, Ruler, RulerCell};
pub use level::Level;
pub use location::{Location, without_positions};
pub use problem::{Problem, Problems};
pub use text::{Bilingual, Lang};
pub use verdict::{NotRunReason, Verdict, aggregate};
