use serde::{Deserialize, Serialize};

/// Outcome of a check, case, linkage or pair. The machine's word: people never overwrite it, they add theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 適合
    Pass,
    /// 不適合
    Fail,
    /// 要確認: a person must decide.
    Review,
    /// 判定不能: neither right nor wrong could be shown.
    Inconclusive,
    /// 対象外: only by declaration, never inferred.
    NotApplicable,
    /// 未実施: always with a [`NotRunReason`].
    NotRun,
    /// 試験ツール障害: the harness itself could not work.
    ToolError,
}

impl Verdict {
    /// Every verdict, in the order of aggregation (the worst first).
    pub const ALL: [Self; 7] = [
        Self::ToolError,
        Self::Fail,
        Self::Inconclusive,
        Self::NotRun,
        Self::Review,
        Self::Pass,
        Self::NotApplicable,
    ];

    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Review => "review",
            Self::Inconclusive => "inconclusive",
            Self::NotApplicable => "not_applicable",
            Self::NotRun => "not_run",
            Self::ToolError => "tool_error",
        }
    }
}

/// Why a selected case did not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "detail")]
pub enum NotRunReason {
    /// Something before it failed; the detail names it (a case id, a preflight check, an agreement item).
    BlockedBy(String),
    /// No partner took part.
    NoPeer,
    /// The time set for it was over.
    OutOfTime(String),
    /// The operator stopped the run.
    Cancelled,
    /// The operator left it out; the comment says why.
    OperatorChoice(String),
}

/// The verdict of a group from its members `(verdict, required)`.
///
/// First match wins: tool_error, fail, inconclusive, *required* not_run, review, pass, not_applicable.
/// A group passes only if at least one required member ran: an empty group is [`Verdict::NotRun`], never green.
pub fn aggregate(members: impl IntoIterator<Item = (Verdict, bool)>) -> Verdict {
    let members: Vec<_> = members.into_iter().collect();
    let any = |verdict: Verdict| members.iter().any(|(v, _)| *v == verdict);
    for verdict in [Verdict::ToolError, Verdict::Fail, Verdict::Inconclusive] {
        if any(verdict) {
            return verdict;
        }
    }
    if members.contains(&(Verdict::NotRun, true)) {
        return Verdict::NotRun;
    }
    if any(Verdict::Review) {
        return Verdict::Review;
    }
    if members.contains(&(Verdict::Pass, true)) {
        return Verdict::Pass;
    }
    if !members.is_empty() && members.iter().all(|(v, _)| *v == Verdict::NotApplicable) {
        return Verdict::NotApplicable;
    }
    Verdict::NotRun
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_run_is_never_green() {
        assert_eq!(aggregate([]), Verdict::NotRun);
        assert_eq!(aggregate([(Verdict::Pass, false)]), Verdict::NotRun);
        assert_eq!(
            aggregate([(Verdict::NotApplicable, true), (Verdict::NotRun, false)]),
            Verdict::NotRun
        );
    }

    #[test]
    fn the_first_match_wins() {
        let worst_first = [
            Verdict::ToolError,
            Verdict::Fail,
            Verdict::Inconclusive,
            Verdict::NotRun,
            Verdict::Review,
            Verdict::Pass,
        ];
        for (i, verdict) in worst_first.iter().enumerate() {
            let members: Vec<_> = worst_first[i..].iter().map(|v| (*v, true)).collect();
            assert_eq!(aggregate(members), *verdict);
        }
        assert_eq!(
            aggregate([(Verdict::NotApplicable, true)]),
            Verdict::NotApplicable
        );
        assert_eq!(
            aggregate([(Verdict::NotRun, false), (Verdict::Pass, true)]),
            Verdict::Pass
        );
    }
}
