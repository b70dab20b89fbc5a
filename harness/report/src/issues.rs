//! Issues as reports show them: those of a register, or the drafts that runs alone would make.

use renkei_core::issue::{Issue, Register, State, sync};
use renkei_core::record::ResultDocument;

use crate::{Options, moment};

/// Without a register the runs alone say what is open: the same drafts that `issues sync` would make. Runs in the order
/// in which they began.
pub(crate) fn drafts(runs: &[&ResultDocument]) -> Vec<Issue> {
    let mut register = Register::default();
    for doc in runs {
        let changes = sync(&register, doc, &doc.run.started_at);
        register.apply(&changes);
    }
    // A draft that the latest run no longer shows is no issue: nobody ever took it on.
    let stands = |issue: &Issue| issue.human.state != State::Draft || !issue.proposed_approval;
    register.issues.into_values().filter(stands).collect()
}

/// Days since an issue was raised, for an open one as of `now` (RFC 3339); until it was approved, for a closed one.
pub(crate) fn age(issue: &Issue, now: &str, options: &Options) -> Option<u64> {
    let end = if issue.closed_at.is_empty() {
        now
    } else {
        &issue.closed_at
    };
    let day = |at: &str| moment::local(at, options).map(|d| d.date());
    let span = day(&issue.occurred_at)?.until(day(end)?).ok()?;
    u64::try_from(span.get_days()).ok()
}
