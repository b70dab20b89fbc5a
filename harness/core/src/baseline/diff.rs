//! What became of each finding and each case between two runs.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{Bilingual, Finding, Level, Verdict};
use crate::record::{CaseResult, ResultDocument};

/// Value of `schema` in every comparison of runs.
const DIFF_SCHEMA: &str = "renkei.diff/v1";

/// The JSON Schema (2020-12) of a comparison of runs, as `renkei schema diff` prints it.
pub const DIFF_SCHEMA_TEXT: &str = include_str!("diff.schema.json");

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only the second run has it.
    New,
    /// Both have it, and it weighs or shows something else.
    Changed,
    /// Both have it, and it says the same.
    Unchanged,
    /// Only the first run has it, and its case ran to a verdict in the second.
    Resolved,
    /// Only the first run has it, and the second did not look: its case did not run, or could not be judged.
    NotExecuted,
}

impl Change {
    /// Every change, in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Changed,
        Self::NotExecuted,
        Self::Unchanged,
        Self::Resolved,
    ];

    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Resolved => "resolved",
            Self::NotExecuted => "not_executed",
        }
    }
}

/// A run that was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRef {
    /// Run id.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// RFC 3339.
    pub started_at: String,
    /// Version of the harness.
    pub tool: String,
    /// The verdict of the run.
    pub verdict: Verdict,
}

/// One side's view of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Id within its run, `F-0001`.
    pub id: String,
    /// Case, or empty.
    pub case: String,
    /// How much it matters.
    pub level: Level,
    /// What it does to the verdict.
    pub effect: Verdict,
    /// Number of places.
    pub count: u64,
    /// What was expected.
    pub expected: String,
    /// What was observed, masked.
    pub observed: String,
}

/// A property that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// `level`, `effect`, `cause`, `count`, `expected`, `observed`.
    pub what: String,
    /// Value in the first run.
    pub before: String,
    /// Value in the second.
    pub after: String,
}

/// A finding of one or both runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingChange {
    /// What became of it.
    pub change: Change,
    /// What both runs know it by.
    pub fingerprint: String,
    /// Rule code.
    pub rule: String,
    /// What the later run that has it says.
    pub message: Bilingual,
    /// In the first run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Side>,
    /// In the second run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Side>,
    /// What differs, for a changed one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<Difference>,
    /// Why nothing is known, for one that was not executed.
    pub reason: Bilingual,
}

/// A case of one or both runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseChange {
    /// Case id.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// Verdict in the first run; absent where it had no such case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Verdict>,
    /// Verdict in the second run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Verdict>,
    /// Why the second run has no plain verdict.
    pub reason: Bilingual,
}

impl CaseChange {
    /// True when the verdict is not what it was.
    pub fn differs(&self) -> bool {
        self.before != self.after
    }
}

/// Two runs side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDiff {
    /// `renkei.diff/v1`.
    pub schema: String,
    /// The first run.
    pub before: RunRef,
    /// The second run.
    pub after: RunRef,
    /// Number of findings by change; every change is there.
    pub counts: BTreeMap<String, u64>,
    /// Findings, new ones first.
    pub findings: Vec<FindingChange>,
    /// Cases, in the order of the second run, those that it lost at the end.
    pub cases: Vec<CaseChange>,
    /// What a reader must know before trusting the rest.
    pub remarks: Vec<Bilingual>,
}

/// Compares two runs. Findings are known by fingerprint and case; a finding of a case that the second run does not have
/// may also turn up in another case of it.
pub fn diff(before: &ResultDocument, after: &ResultDocument) -> RunDiff {
    let old = shown(before);
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut findings = Vec::new();
    for finding in shown(after) {
        let partner = partner(&old, &taken, finding, after);
        match partner.and_then(|at| old.get(at).map(|known| (at, known))) {
            Some((at, known)) => {
                taken.insert(at);
                findings.push(both(known, finding));
            }
            None => findings.push(one(Change::New, None, Some(finding), Bilingual::default())),
        }
    }
    for (at, finding) in old.iter().enumerate() {
        if !taken.contains(&at) {
            let (change, reason) = gone(finding, before, after);
            findings.push(one(change, Some(finding), None, reason));
        }
    }
    let place = |change: Change| Change::ALL.iter().position(|c| *c == change);
    findings.sort_by_key(|finding| place(finding.change));
    let count = |change: Change| findings.iter().filter(|f| f.change == change).count() as u64;
    RunDiff {
        schema: DIFF_SCHEMA.to_owned(),
        before: reference(before),
        after: reference(after),
        counts: Change::ALL
            .map(|change| (change.as_str().to_owned(), count(change)))
            .into(),
        findings,
        cases: cases(before, after),
        remarks: remarks(before, after),
    }
}

fn shown(doc: &ResultDocument) -> Vec<&Finding> {
    doc.findings
        .iter()
        .filter(|finding| finding.level != Level::Off)
        .collect()
}

/// The finding of the first run that a finding of the second is: in the same case, else in a case that is gone.
fn partner(
    old: &[&Finding],
    taken: &BTreeSet<usize>,
    finding: &Finding,
    after: &ResultDocument,
) -> Option<usize> {
    let same = |at: usize, known: &Finding| {
        !taken.contains(&at) && known.fingerprint == finding.fingerprint
    };
    let gone = |case: &str| !case.is_empty() && !after.cases.iter().any(|c| c.id == case);
    let position = |fits: &dyn Fn(&Finding) -> bool| {
        old.iter()
            .enumerate()
            .position(|(at, known)| same(at, known) && fits(known))
    };
    position(&|known| known.case == finding.case).or_else(|| position(&|known| gone(&known.case)))
}

fn both(before: &Finding, after: &Finding) -> FindingChange {
    let differs = differences(before, after);
    let change = if differs.is_empty() {
        Change::Unchanged
    } else {
        Change::Changed
    };
    FindingChange {
        differs,
        ..one(change, Some(before), Some(after), Bilingual::default())
    }
}

/// What a finding weighs and shows. Its row is left out: data made anew for every run moves rows.
fn differences(before: &Finding, after: &Finding) -> Vec<Difference> {
    let properties = |f: &Finding| {
        [
            ("level", f.level.as_str().to_owned()),
            ("effect", f.effect.as_str().to_owned()),
            ("cause", f.cause.kind.as_str().to_owned()),
            ("count", f.count.to_string()),
            ("expected", f.expected.clone()),
            ("observed", f.observed.clone()),
        ]
    };
    properties(before)
        .into_iter()
        .zip(properties(after))
        .filter(|((_, a), (_, b))| a != b)
        .map(|((what, before), (_, after))| Difference {
            what: what.to_owned(),
            before,
            after,
        })
        .collect()
}

fn one(
    change: Change,
    before: Option<&Finding>,
    after: Option<&Finding>,
    reason: Bilingual,
) -> FindingChange {
    let side = |finding: &Finding| Side {
        id: finding.id.clone(),
        case: finding.case.clone(),
        level: finding.level,
        effect: finding.effect,
        count: finding.count,
        expected: finding.expected.clone(),
        observed: finding.observed.clone(),
    };
    let newest = after.or(before);
    FindingChange {
        change,
        fingerprint: newest.map(|f| f.fingerprint.clone()).unwrap_or_default(),
        rule: newest.map(|f| f.rule.clone()).unwrap_or_default(),
        message: newest.map(|f| f.message.clone()).unwrap_or_default(),
        before: before.map(side),
        after: after.map(side),
        differs: Vec::new(),
        reason,
    }
}

/// Whether the second run can say that a finding is resolved.
fn gone(finding: &Finding, before: &ResultDocument, after: &ResultDocument) -> (Change, Bilingual) {
    let not = |ja: String, en: String| (Change::NotExecuted, Bilingual::new(ja, en));
    if finding.case.is_empty() {
        if after.agreement.is_empty() && !before.agreement.is_empty() {
            return not(
                "申告の照合を行っていません".into(),
                "the declarations were not compared".into(),
            );
        }
        return (Change::Resolved, Bilingual::default());
    }
    let Some(case) = after.cases.iter().find(|case| case.id == finding.case) else {
        return not(
            format!("検査項目 {} がありません", finding.case),
            format!("there is no case {}", finding.case),
        );
    };
    if !ran(case) {
        return not(
            format!(
                "検査項目 {} は判定に至っていません。{}",
                case.id, case.reason.ja
            ),
            format!("case {} came to no verdict. {}", case.id, case.reason.en),
        );
    }
    let checks =
        |doc: &ResultDocument| doc.cases.iter().find(|c| c.id == case.id).map(|c| c.checks);
    let (was, is) = (checks(before).unwrap_or(0), case.checks);
    if is < was {
        return not(
            format!("適用した規則が {was} 件から {is} 件に減っています"),
            format!("{is} rules were applied, {was} the first time"),
        );
    }
    (Change::Resolved, Bilingual::default())
}

/// True when a case was judged to its end, so that a finding that is not there is not there.
fn ran(case: &CaseResult) -> bool {
    case.not_run.is_none()
        && matches!(
            case.verdict,
            Verdict::Pass | Verdict::Fail | Verdict::Review
        )
}

fn reference(doc: &ResultDocument) -> RunRef {
    RunRef {
        id: doc.run.id.clone(),
        title: doc.run.title.clone(),
        started_at: doc.run.started_at.clone(),
        tool: doc.tool.version.clone(),
        verdict: doc.verdict,
    }
}

fn cases(before: &ResultDocument, after: &ResultDocument) -> Vec<CaseChange> {
    let find =
        |doc: &ResultDocument, id: &str| doc.cases.iter().find(|c| c.id == id).map(|c| c.verdict);
    let lost = before
        .cases
        .iter()
        .filter(|case| find(after, &case.id).is_none());
    after
        .cases
        .iter()
        .map(|case| (case, true))
        .chain(lost.map(|case| (case, false)))
        .map(|(case, here)| CaseChange {
            id: case.id.clone(),
            title: case.title.clone(),
            before: find(before, &case.id),
            after: here.then_some(case.verdict),
            reason: if here {
                case.reason.clone()
            } else {
                Bilingual::default()
            },
        })
        .collect()
}

fn remarks(before: &ResultDocument, after: &ResultDocument) -> Vec<Bilingual> {
    let mut remarks = Vec::new();
    for pack in &after.packs {
        let other = before.packs.iter().find(|p| p.id == pack.id);
        if other.is_some_and(|p| p.sha256 != pack.sha256) {
            remarks.push(Bilingual::new(
                format!("仕様パック {} の内容が2つの実施で異なります。", pack.id),
                format!("Pack {} is not the same in both runs.", pack.id),
            ));
        }
    }
    if before.tool.version != after.tool.version {
        let (a, b) = (&before.tool.version, &after.tool.version);
        remarks.push(Bilingual::new(
            format!("renkei の版が異なります（{a} と {b}）。規則が増減した可能性があります。"),
            format!("The versions of renkei differ ({a} and {b}); rules may differ too."),
        ));
    }
    if before.run.started_at > after.run.started_at {
        remarks.push(Bilingual::new(
            "1つ目の実施のほうが後の日時です。",
            "The first run is the later one.",
        ));
    }
    remarks
}
