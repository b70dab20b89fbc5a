//! The workflow: 起票案 → 起票 → 検討 → 対応 → 承認, and 取下げ. Source of the four steps: the procurement
//! specification of the verification project, 8.5(4)イ.

use serde::{Deserialize, Serialize};

use super::entry::{Change, Issue, What};
use crate::model::Bilingual;

/// Code of the harness where a person's code stands. No person may use it.
pub const MACHINE: &str = "renkei";

/// 対応状況.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 起票案: drafted by the harness, adopted by nobody yet.
    Draft,
    /// 起票: a person took it on.
    Raised,
    /// 検討: what to do is being considered.
    Considered,
    /// 対応: being put right.
    Acted,
    /// 承認: put right, and somebody other than the raiser approved it.
    Approved,
    /// 取下げ: no issue.
    Withdrawn,
}

impl State {
    /// Every state, in the order of the workflow.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Raised,
        Self::Considered,
        Self::Acted,
        Self::Approved,
        Self::Withdrawn,
    ];

    /// The word in the register and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "起票案",
            Self::Raised => "起票",
            Self::Considered => "検討",
            Self::Acted => "対応",
            Self::Approved => "承認",
            Self::Withdrawn => "取下げ",
        }
    }

    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Raised => "raised",
            Self::Considered => "considered",
            Self::Acted => "acted",
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of either word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.word() == text || state.as_str() == text)
    }

    /// True while somebody still has to do something.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Approved | Self::Withdrawn)
    }
}

/// 優先度.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// 高
    High,
    /// 中
    Middle,
    /// 低
    Low,
}

impl Priority {
    /// Every priority, the highest first.
    pub const ALL: [Self; 3] = [Self::High, Self::Middle, Self::Low];

    /// The word in the register.
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "高",
            Self::Middle => "中",
            Self::Low => "低",
        }
    }

    /// The priority of its word, Japanese or `high`, `middle`, `low`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "高" | "high" => Some(Self::High),
            "中" | "middle" => Some(Self::Middle),
            "低" | "low" => Some(Self::Low),
            _ => None,
        }
    }
}

/// 責任区分の確定: how firm the side at fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreed {
    /// 提案: the harness's proposal.
    Proposed,
    /// 双方合意
    Both,
    /// 裁定: a third party decided.
    Ruled,
    /// 未合意
    Disputed,
}

impl Agreed {
    /// Every value.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Both, Self::Ruled, Self::Disputed];

    /// The word in the register.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "提案",
            Self::Both => "双方合意",
            Self::Ruled => "裁定",
            Self::Disputed => "未合意",
        }
    }

    /// The value of its word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|agreed| agreed.word() == text)
    }
}

/// A step that a person asks for.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// Where to.
    pub to: State,
    /// Code of the person.
    pub by: &'a str,
    /// RFC 3339.
    pub at: &'a str,
    /// Why; needed for every step back and for withdrawing.
    pub reason: &'a str,
}

/// Checks the code of a person: it stands in the history for ever, so it must be one.
///
/// # Errors
/// What is wrong with it.
pub fn person(code: &str) -> Result<(), Bilingual> {
    let plain = code.chars().count() <= 40 && !code.chars().any(char::is_control);
    if code.trim().is_empty() || code.trim() != code || !plain {
        return Err(Bilingual::new(
            "変更者コードは、前後に空白のない1〜40文字で指定してください",
            "a person's code has 1 to 40 characters without spaces around it",
        ));
    }
    if code.eq_ignore_ascii_case(MACHINE) {
        return Err(Bilingual::new(
            format!("{MACHINE} はツールのコードです。人のコードを指定してください"),
            format!("{MACHINE} is the code of the tool; give a person's"),
        ));
    }
    Ok(())
}

/// Moves an issue along the workflow.
///
/// # Errors
/// Why the step is not allowed.
pub fn move_to(issue: &Issue, step: Move<'_>) -> Result<Change, Bilingual> {
    person(step.by)?;
    let (from, to) = (issue.human.state, step.to);
    allowed(issue, from, to)?;
    if needs_reason(from, to) && step.reason.trim().is_empty() {
        return Err(Bilingual::new(
            format!("{}から{}に移すには理由が必要です", from.word(), to.word()),
            format!(
                "going from {} to {} needs a reason",
                from.as_str(),
                to.as_str()
            ),
        ));
    }
    if to == State::Approved && issue.raised_by == step.by {
        return Err(Bilingual::new(
            format!("起票者 {} は自分の課題を承認できません", step.by),
            format!("{} raised the issue and cannot approve it", step.by),
        ));
    }
    let mut after = issue.clone();
    after.human.state = to;
    let adopted = to == State::Raised && issue.raised_by == MACHINE;
    if adopted {
        step.by.clone_into(&mut after.raised_by);
    }
    after.closed_at = if to == State::Approved {
        step.at.to_owned()
    } else {
        String::new()
    };
    after.proposed_approval &= to.is_open();
    let what = if adopted { What::Adopted } else { What::Moved };
    Ok(Change::of(
        issue,
        after,
        what,
        step.by,
        step.at,
        step.reason,
    ))
}

fn allowed(issue: &Issue, from: State, to: State) -> Result<(), Bilingual> {
    if is_step(from, to) {
        return Ok(());
    }
    let next: Vec<State> = State::ALL
        .into_iter()
        .filter(|next| is_step(from, *next))
        .collect();
    let ja: Vec<&str> = next.iter().map(|s| s.word()).collect();
    let en: Vec<&str> = next.iter().map(|s| s.as_str()).collect();
    Err(Bilingual::new(
        format!(
            "{} は{}から{}に移せません（移せる先: {}）",
            issue.id(),
            from.word(),
            to.word(),
            ja.join("・")
        ),
        format!(
            "{} cannot go from {} to {} (it can go to {})",
            issue.id(),
            from.as_str(),
            to.as_str(),
            en.join(", ")
        ),
    ))
}

/// Forward one step at a time, back to any earlier step, out from anywhere that is open.
fn is_step(from: State, to: State) -> bool {
    use State as S;
    match (from, to) {
        (S::Draft | S::Withdrawn, S::Raised)
        | (S::Raised, S::Considered)
        | (S::Considered, S::Raised | S::Acted)
        | (S::Acted, S::Raised | S::Considered | S::Approved)
        | (S::Approved, S::Considered | S::Acted) => true,
        (from, S::Withdrawn) => from.is_open(),
        _ => false,
    }
}

/// Steps back, and out of the workflow.
fn needs_reason(from: State, to: State) -> bool {
    to == State::Withdrawn || to < from
}
