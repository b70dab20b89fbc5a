//! The issue itself, and a change to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::states::{Agreed, Priority, State};
use super::waive::Waiver;
use crate::model::{Bilingual, Location};
use crate::record::ResultDocument;

/// A run in which something about an issue was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Run id.
    pub run: String,
    /// When the run began, RFC 3339.
    pub at: String,
    /// データ区分 of the run, as its document has it; empty where an earlier renkei did not keep it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub data_class: String,
    /// 承認番号 under which the run shows values; empty: they are masked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub revealed: String,
}

impl Seen {
    /// The run of a document.
    pub fn of(doc: &ResultDocument) -> Self {
        Self {
            run: doc.run.id.clone(),
            at: doc.run.started_at.clone(),
            data_class: doc.run.data_class.clone(),
            revealed: doc.run.revealed.clone(),
        }
    }
}

/// What people own. A sync changes only `result` (it appends) and, for 再発, `state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Human {
    /// 課題内容; drafted.
    pub description: String,
    /// 影響; drafted.
    pub impact: String,
    /// 優先度; drafted.
    pub priority: Priority,
    /// 担当者: a code, never a name.
    pub assignee: String,
    /// 対応期限, `2026-12-05` or empty.
    pub due_on: String,
    /// 対応状況.
    pub state: State,
    /// 対応策.
    pub countermeasure: String,
    /// 対応結果.
    pub result: String,
    /// 責任区分: a word of the register's code table; drafted.
    pub fault_side: String,
    /// 責任区分の確定.
    pub fault_agreed: Agreed,
}

/// What the machine found, as of the latest run that showed it. People never change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// `fail`, `review`, `inconclusive`; `pass` for warnings, which leave the verdict as it is.
    pub verdict: String,
    /// `error` or `warning`.
    pub level: String,
    /// Proposed side, the machine's word: `sender`.
    pub cause: String,
    /// Sentence of the finding.
    pub message: Bilingual,
    /// Sender, party id; empty when the finding belongs to no case.
    pub sender: String,
    /// Receiver, party id.
    pub receiver: String,
    /// 連携ID.
    pub linkage: String,
    /// Rule code.
    pub rule: String,
    /// First case that showed it.
    pub case: String,
    /// The first place, as of the latest run.
    pub location: Location,
    /// Number of places in the latest run.
    pub places: u64,
    /// Finding id in the latest run, `F-0001`.
    pub finding: String,
}

/// What people think of the machine's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// 認める: the finding is right.
    Confirmed,
    /// 異議: the finding is not right.
    Disputed,
}

impl Judgement {
    /// The word for people.
    pub fn word(self) -> Bilingual {
        match self {
            Self::Confirmed => Bilingual::new("指摘を認める", "confirmed"),
            Self::Disputed => Bilingual::new("異議あり", "disputed"),
        }
    }
}

/// The human decision beside the machine's verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// What was decided.
    pub judgement: Judgement,
    /// Why.
    pub reason: String,
    /// Code of the person.
    pub by: String,
    /// RFC 3339.
    pub at: String,
}

/// An issue (課題).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// 1 for `K-0001`; never used again.
    pub number: u32,
    /// 版番号: 1 when made, one more with every change.
    pub version: u64,
    /// The finding's fingerprint and the pair; empty for an issue that a person raised without a finding.
    pub fingerprint: String,
    /// 起票者コード: [`super::MACHINE`] until a person adopts the draft.
    pub raised_by: String,
    /// 発生日 as the moment the first run began, RFC 3339.
    pub occurred_at: String,
    /// What people own.
    pub human: Human,
    /// What the machine found; absent for an issue without a finding.
    pub machine: Option<Machine>,
    /// The human decision.
    pub judged: Option<Judged>,
    /// Accepted deviation.
    pub waiver: Option<Waiver>,
    /// Every run that showed the finding, by the time it began.
    pub seen: Vec<Seen>,
    /// Every run that executed the case without the finding, by time.
    pub absent: Vec<Seen>,
    /// 再発回数.
    pub reopened: u32,
    /// True when the latest run proposes 承認.
    pub proposed_approval: bool,
    /// When it was approved, RFC 3339; empty while it is not.
    pub closed_at: String,
}

impl Issue {
    /// `K-0001`.
    pub fn id(&self) -> String {
        Self::id_of(self.number)
    }

    /// `K-0001` for 1.
    pub fn id_of(number: u32) -> String {
        format!("K-{number:04}")
    }

    /// 1 for `K-0001`; `None` when the text is no such number.
    pub fn parse_id(text: &str) -> Option<u32> {
        let digits = text
            .strip_prefix("K-")
            .or_else(|| text.strip_prefix("k-"))?;
        let plain = digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_digit());
        plain
            .then(|| digits.parse().ok())
            .flatten()
            .filter(|n| *n > 0)
    }

    /// 初回実行番号, or empty.
    pub fn first_run(&self) -> &str {
        self.seen.first().map_or("", |seen| seen.run.as_str())
    }

    /// 最終実行番号: the latest run that showed it, or empty.
    pub fn last_run(&self) -> &str {
        self.seen.last().map_or("", |seen| seen.run.as_str())
    }

    /// 検出件数: runs that showed it.
    pub fn hits(&self) -> u64 {
        u64::try_from(self.seen.len()).unwrap_or(u64::MAX)
    }

    /// True when 対応期限 is before `day` and somebody still has to act.
    pub fn is_overdue(&self, day: &str) -> bool {
        self.human.state.is_open()
            && !self.human.due_on.is_empty()
            && self.human.due_on.as_str() < day
    }
}

/// All issues, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// By number.
    pub issues: BTreeMap<u32, Issue>,
}

impl Register {
    /// The number of the next issue. Issues are never taken out of a register, so none is used twice.
    pub fn next_number(&self) -> u32 {
        self.issues
            .last_key_value()
            .map_or(1, |(number, _)| number.saturating_add(1))
    }

    /// Takes changes over, as a store does.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.issues
                .insert(change.after.number, change.after.clone());
        }
    }
}

/// What happened to an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// 起票案 made by a sync.
    Drafted,
    /// Raised by a person without a draft.
    Raised,
    /// Taken on by a person.
    Adopted,
    /// Seen in another run.
    SeenAgain,
    /// 再発: approved, and seen again.
    Reopened,
    /// A run did not show it any more; 承認 is proposed.
    Absent,
    /// Moved along the workflow.
    Moved,
    /// Fields changed by a person.
    Edited,
    /// Deviation accepted.
    Waived,
    /// The human decision was written down.
    Judged,
}

impl What {
    /// Every kind of change.
    pub const ALL: [Self; 10] = [
        Self::Drafted,
        Self::Raised,
        Self::Adopted,
        Self::SeenAgain,
        Self::Reopened,
        Self::Absent,
        Self::Moved,
        Self::Edited,
        Self::Waived,
        Self::Judged,
    ];

    /// The kind of a word in a history.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == text)
    }

    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Raised => "raised",
            Self::Adopted => "adopted",
            Self::SeenAgain => "seen_again",
            Self::Reopened => "reopened",
            Self::Absent => "absent",
            Self::Moved => "moved",
            Self::Edited => "edited",
            Self::Waived => "waived",
            Self::Judged => "judged",
        }
    }

    /// The word for people.
    pub fn word(self) -> Bilingual {
        match self {
            Self::Drafted => Bilingual::new("起票案の作成", "drafted"),
            Self::Raised => Bilingual::new("人による起票", "raised by a person"),
            Self::Adopted => Bilingual::new("起票", "adopted"),
            Self::SeenAgain => Bilingual::new("再検出", "seen again"),
            Self::Reopened => Bilingual::new("再発", "reopened"),
            Self::Absent => {
                Bilingual::new("検出なし（承認を提案）", "not seen (approval proposed)")
            }
            Self::Moved => Bilingual::new("対応状況の変更", "moved"),
            Self::Edited => Bilingual::new("記載の変更", "edited"),
            Self::Waived => Bilingual::new("逸脱の許容", "deviation accepted"),
            Self::Judged => Bilingual::new("人の判断", "judged"),
        }
    }
}

/// One change of one issue: what a store writes down, whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub what: What,
    /// State before; `None` for a new issue.
    pub from: Option<State>,
    /// Version that this change was made upon; 0 for a new issue.
    pub based_on: u64,
    /// The issue after it, its version raised by one.
    pub after: Issue,
    /// Code of whoever made it.
    pub by: String,
    /// RFC 3339.
    pub at: String,
    /// Why.
    pub reason: String,
}

impl Change {
    /// A change upon `before`.
    pub(crate) fn of(
        before: &Issue,
        mut after: Issue,
        what: What,
        by: &str,
        at: &str,
        reason: &str,
    ) -> Self {
        after.version = before.version.saturating_add(1);
        Self {
            what,
            from: Some(before.human.state),
            based_on: before.version,
            after,
            by: by.to_owned(),
            at: at.to_owned(),
            reason: reason.to_owned(),
        }
    }

    /// A new issue.
    pub(crate) fn new_issue(after: Issue, what: What, by: &str, at: &str, reason: &str) -> Self {
        Self {
            what,
            from: None,
            based_on: 0,
            after,
            by: by.to_owned(),
            at: at.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

/// What a person changes without moving the issue.
#[derive(Clone, Debug)]
pub struct Edit<'a> {
    /// The fields as they shall be; the state must be as it is.
    pub human: Human,
    /// The human decision, when one is made.
    pub judgement: Option<Judgement>,
    /// Code of the person.
    pub by: &'a str,
    /// RFC 3339.
    pub at: &'a str,
    /// Why.
    pub reason: &'a str,
}

impl Edit<'_> {
    /// The change, or `None` when nothing differs.
    ///
    /// # Errors
    /// A value that cannot stand in the register.
    pub fn upon(self, issue: &Issue) -> Result<Option<Change>, Bilingual> {
        super::states::person(self.by)?;
        let human = Human {
            state: issue.human.state,
            ..self.human
        };
        human.check()?;
        let mut after = issue.clone();
        after.human = human;
        let mut what = What::Edited;
        if let Some(judgement) = self.judgement {
            what = What::Judged;
            after.judged = Some(Judged {
                judgement,
                reason: self.reason.to_owned(),
                by: self.by.to_owned(),
                at: self.at.to_owned(),
            });
        }
        Ok(
            (after != *issue)
                .then(|| Change::of(issue, after, what, self.by, self.at, self.reason)),
        )
    }

    /// A new issue without a finding, raised by a person.
    ///
    /// # Errors
    /// A value that cannot stand in the register.
    pub fn raise(self, number: u32) -> Result<Change, Bilingual> {
        super::states::person(self.by)?;
        let human = Human {
            state: State::Raised,
            ..self.human
        };
        human.check()?;
        let issue = Issue {
            number,
            version: 1,
            fingerprint: String::new(),
            raised_by: self.by.to_owned(),
            occurred_at: self.at.to_owned(),
            human,
            machine: None,
            judged: None,
            waiver: None,
            seen: Vec::new(),
            absent: Vec::new(),
            reopened: 0,
            proposed_approval: false,
            closed_at: String::new(),
        };
        Ok(Change::new_issue(
            issue,
            What::Raised,
            self.by,
            self.at,
            self.reason,
        ))
    }
}

impl Human {
    /// Checks what people typed.
    ///
    /// # Errors
    /// What cannot stand in the register.
    pub fn check(&self) -> Result<(), Bilingual> {
        if self.description.trim().is_empty() {
            return Err(Bilingual::new(
                "課題内容が空です",
                "the description is empty",
            ));
        }
        if !self.due_on.is_empty() && !super::time::is_date(&self.due_on) {
            return Err(Bilingual::new(
                format!(
                    "対応期限「{}」は 2026-12-05 の形の日付ではありません",
                    self.due_on
                ),
                format!(
                    "the due date `{}` is not a day like 2026-12-05",
                    self.due_on
                ),
            ));
        }
        Ok(())
    }
}
