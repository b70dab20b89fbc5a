//! Accepted deviations: the finding stays, people agreed to live with it until a day.

use serde::{Deserialize, Serialize};

use super::entry::{Change, Issue, What};
use super::states::{MACHINE, State, person};
use super::time::is_date;
use crate::model::Bilingual;

/// An accepted deviation (許容). It never changes a verdict; reports show 条件付き適合 while it is in date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Why it is accepted.
    pub reason: String,
    /// Code of the person who accepted it; not the raiser.
    pub approver: String,
    /// Last day on which it holds, `2027-03-31`.
    pub expires: String,
    /// When it was accepted, RFC 3339.
    pub at: String,
}

impl Waiver {
    /// True on `day` (`2026-11-23`) and before its end.
    pub fn holds_on(&self, day: &str) -> bool {
        day <= self.expires.as_str()
    }
}

/// Accepts the deviation of an issue.
///
/// # Errors
/// Why it cannot be accepted like this.
pub fn waive(issue: &Issue, waiver: Waiver) -> Result<Change, Bilingual> {
    person(&waiver.approver)?;
    if issue.raised_by == MACHINE || issue.human.state == State::Draft {
        return Err(Bilingual::new(
            format!("{} は起票案です。先に adopt で起票してください", issue.id()),
            format!("{} is a draft: adopt it first", issue.id()),
        ));
    }
    if issue.raised_by == waiver.approver {
        return Err(Bilingual::new(
            format!(
                "起票者 {} は自分の課題の逸脱を許容できません",
                waiver.approver
            ),
            format!(
                "{} raised the issue and cannot accept the deviation",
                waiver.approver
            ),
        ));
    }
    if waiver.reason.trim().is_empty() {
        return Err(Bilingual::new(
            "許容する理由が必要です",
            "accepting a deviation needs a reason",
        ));
    }
    let today = waiver.at.get(0..10).unwrap_or_default();
    if !is_date(&waiver.expires) || waiver.expires.as_str() < today {
        return Err(Bilingual::new(
            format!(
                "期限 {} は、今日以降の日付（例 2027-03-31）ではありません",
                waiver.expires
            ),
            format!(
                "the expiry {} is not a day from today on (such as 2027-03-31)",
                waiver.expires
            ),
        ));
    }
    let mut after = issue.clone();
    let (by, at, reason) = (
        waiver.approver.clone(),
        waiver.at.clone(),
        waiver.reason.clone(),
    );
    after.waiver = Some(waiver);
    Ok(Change::of(issue, after, What::Waived, &by, &at, &reason))
}
