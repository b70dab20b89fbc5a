//! One run into the register: which drafts it makes, what it counts, what it proposes. Never closes anything.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Change, Human, Issue, Machine, Register, Seen, What};
use super::reason::Reason;
use super::states::{Agreed, MACHINE, Priority, State};
use super::time::moment;
use crate::model::{Bilingual, CauseKind, Finding, Level, Verdict};
use crate::record::{AgreementState, CaseResult, ResultDocument, case_of, issue_key, pair};

/// The changes that a result document makes. The same document again makes none.
///
/// Findings of level error and warning become drafts; those with the same fingerprint between the same parties are one
/// issue. An issue counts as gone only where the run executed its very case and the case passed (or its agreement item is
/// now agreed): a case that was left out, or failed for another reason, says nothing.
pub fn sync(register: &Register, doc: &ResultDocument, at: &str) -> Vec<Change> {
    let run = Seen::of(doc);
    let found = found(doc);
    let mut changes = Vec::new();
    let mut known = BTreeSet::new();
    for issue in register.issues.values() {
        known.insert(issue.fingerprint.as_str());
        let change = match found.get(&issue.fingerprint) {
            Some(machine) => again(issue, machine, &run, at),
            None if is_gone(issue, doc) => gone(issue, &run, at),
            None => None,
        };
        changes.extend(change);
    }
    let mut number = register.next_number();
    for finding in &doc.findings {
        let key = issue_key(doc, finding);
        let Some(machine) = found.get(&key) else {
            continue;
        };
        if machine.finding != finding.id || known.contains(key.as_str()) {
            continue;
        }
        changes.push(draft(doc, machine, key, number, &run, at));
        number = number.saturating_add(1);
    }
    changes
}

/// Findings that need somebody to act, by the issue they belong to.
fn found(doc: &ResultDocument) -> BTreeMap<String, Machine> {
    let mut found: BTreeMap<String, Machine> = BTreeMap::new();
    let acts = |f: &&Finding| matches!(f.level, Level::Error | Level::Warning);
    for finding in doc.findings.iter().filter(acts) {
        let key = issue_key(doc, finding);
        match found.get_mut(&key) {
            Some(machine) => machine.places = machine.places.saturating_add(finding.count),
            None => {
                found.insert(key, machine(doc, finding));
            }
        }
    }
    found
}

fn machine(doc: &ResultDocument, finding: &Finding) -> Machine {
    let case = case_of(doc, finding);
    let (sender, receiver) = pair(doc, finding);
    let verdict = match finding.level {
        Level::Error => finding.effect,
        _ => Verdict::Pass,
    };
    Machine {
        verdict: verdict.as_str().to_owned(),
        level: finding.level.as_str().to_owned(),
        cause: finding.cause.kind.as_str().to_owned(),
        message: finding.message.clone(),
        sender,
        receiver,
        linkage: case.map(|case| case.linkage.clone()).unwrap_or_default(),
        rule: finding.rule.clone(),
        case: finding.case.clone(),
        location: finding.location.clone(),
        places: finding.count,
        finding: finding.id.clone(),
    }
}

fn draft(
    doc: &ResultDocument,
    machine: &Machine,
    key: String,
    number: u32,
    run: &Seen,
    at: &str,
) -> Change {
    let finding = doc.findings.iter().find(|f| f.id == machine.finding);
    let case = finding.and_then(|finding| case_of(doc, finding));
    let required = case.is_none_or(|case| case.required);
    let kind = finding.map_or(CauseKind::Unknown, |finding| finding.cause.kind);
    let issue = Issue {
        number,
        version: 1,
        fingerprint: key,
        raised_by: MACHINE.to_owned(),
        occurred_at: run.at.clone(),
        human: Human {
            description: machine.message.ja.clone(),
            impact: impact(machine, case),
            priority: match (machine.level.as_str(), machine.verdict.as_str()) {
                ("error", "fail") if required => Priority::High,
                ("error", _) => Priority::Middle,
                _ => Priority::Low,
            },
            assignee: String::new(),
            due_on: String::new(),
            state: State::Draft,
            countermeasure: String::new(),
            result: String::new(),
            fault_side: side(kind).to_owned(),
            fault_agreed: Agreed::Proposed,
        },
        machine: Some(machine.clone()),
        judged: None,
        waiver: None,
        seen: vec![run.clone()],
        absent: Vec::new(),
        reopened: 0,
        proposed_approval: false,
        closed_at: String::new(),
    };
    let reason = Reason::Drafted.of(&run.run, &machine.finding);
    Change::new_issue(issue, What::Drafted, MACHINE, at, &reason)
}

fn impact(machine: &Machine, case: Option<&CaseResult>) -> String {
    let case = case.map(|case| (case.id.as_str(), case.required));
    impact_of(machine, case).ja
}

/// Every wording that 影響 of an issue may have been drafted with, so that a page can say it in its language.
pub fn drafted_impacts(machine: &Machine) -> Vec<Bilingual> {
    let case = machine.case.as_str();
    [Some((case, true)), Some((case, false)), None]
        .map(|case| impact_of(machine, case))
        .into()
}

fn impact_of(machine: &Machine, case: Option<(&str, bool)>) -> Bilingual {
    let (ja, en) = match machine.verdict.as_str() {
        "fail" => ("不適合", "nonconforming"),
        "review" => ("要確認", "a matter for review"),
        "tool_error" => ("試験ツール障害", "a failure of the tool"),
        _ => ("判定不能", "inconclusive"),
    };
    match case {
        _ if machine.level != "error" => {
            Bilingual::new("判定には影響しない", "does not affect the verdict")
        }
        Some((id, true)) => Bilingual::new(
            format!("必須の検査項目 {id} が{ja}になる"),
            format!("makes the mandatory case {id} {en}"),
        ),
        Some((id, false)) => Bilingual::new(
            format!("任意の検査項目 {id} が{ja}になる"),
            format!("makes the optional case {id} {en}"),
        ),
        None => Bilingual::new(
            format!("申告または仕様が{ja}になり連携の前提が定まらない"),
            format!(
                "the declarations or the specification are {en}: the linkage has no settled ground"
            ),
        ),
    }
}

/// 責任区分 as the register's code table has it.
fn side(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Sender => "送信側",
        CauseKind::Receiver => "受信側",
        CauseKind::Agreement => "協議",
        CauseKind::Spec => "仕様の曖昧",
        CauseKind::Config => "設定不備",
        CauseKind::Environment => "試験環境",
        CauseKind::TestData => "試験データ",
        CauseKind::Tool => "試験ツール",
        CauseKind::Unknown => "判定不能",
    }
}

/// The finding is there again.
fn again(issue: &Issue, machine: &Machine, run: &Seen, at: &str) -> Option<Change> {
    if issue.seen.iter().any(|seen| seen.run == run.run) {
        return None;
    }
    let mut after = issue.clone();
    insert(&mut after.seen, run);
    if after.last_run() == run.run {
        let first_case = issue.machine.as_ref().map(|m| m.case.clone());
        let mut machine = machine.clone();
        machine.case = first_case.unwrap_or(machine.case);
        after.machine = Some(machine);
    }
    if is_newest(issue, run) {
        after.proposed_approval = false;
    }
    let reopens = issue.human.state == State::Approved && came_after_the_cure(issue, run);
    if reopens {
        after.human.state = State::Considered;
        after.reopened = after.reopened.saturating_add(1);
        after.closed_at = String::new();
        let reason = Reason::Reopened.of(&run.run, &machine.finding);
        return Some(Change::of(
            issue,
            after,
            What::Reopened,
            MACHINE,
            at,
            &reason,
        ));
    }
    let reason = Reason::SeenAgain.of(&run.run, &machine.finding);
    Some(Change::of(
        issue,
        after,
        What::SeenAgain,
        MACHINE,
        at,
        &reason,
    ))
}

/// True when the run began after the last run without the finding, or, where there is none, after the approval. A run
/// from before that, brought in late, was known when people approved. A time that cannot be read counts as after.
fn came_after_the_cure(issue: &Issue, run: &Seen) -> bool {
    let cure = issue
        .absent
        .last()
        .map_or(issue.closed_at.as_str(), |seen| seen.at.as_str());
    match (moment(&run.at), moment(cure)) {
        (Some(run), Some(cure)) => run > cure,
        _ => true,
    }
}

/// True when the run began after every run known to the issue.
fn is_newest(issue: &Issue, run: &Seen) -> bool {
    let key = moment(&run.at);
    issue
        .seen
        .iter()
        .chain(&issue.absent)
        .all(|seen| moment(&seen.at) <= key)
}

fn insert(list: &mut Vec<Seen>, run: &Seen) {
    let key = moment(&run.at);
    let at = list.partition_point(|seen| moment(&seen.at) <= key);
    list.insert(at, run.clone());
}

/// True when the run shows that the finding is not there any more.
fn is_gone(issue: &Issue, doc: &ResultDocument) -> bool {
    let Some(machine) = &issue.machine else {
        return false;
    };
    if !machine.case.is_empty() {
        return doc.cases.iter().any(|case| {
            case.id == machine.case
                && case.linkage == machine.linkage
                && case.from == machine.sender
                && case.to == machine.receiver
                && case.verdict == Verdict::Pass
        });
    }
    let Some(item) = &machine.location.item else {
        return false;
    };
    let pair = format!("{}..{}", machine.sender, machine.receiver);
    let mut rows = doc
        .agreement
        .iter()
        .filter(|row| row.id == *item && row.pair == pair)
        .peekable();
    rows.peek().is_some()
        && rows.all(|row| matches!(row.state, AgreementState::Agreed | AgreementState::Standard))
}

/// The finding is not there any more: 対応結果 gets the run, 承認 is proposed. A draft and a closed issue only remember it.
fn gone(issue: &Issue, run: &Seen, at: &str) -> Option<Change> {
    if issue.absent.iter().any(|seen| seen.run == run.run)
        || issue.seen.iter().any(|s| s.run == run.run)
    {
        return None;
    }
    let mut after = issue.clone();
    insert(&mut after.absent, run);
    let open = issue.human.state.is_open();
    if open
        && issue.human.state != State::Draft
        && is_newest(issue, run)
        && !issue.proposed_approval
    {
        after.proposed_approval = true;
        let line = Reason::Retested.of(&run.run, "");
        after.human.result = match after.human.result.trim() {
            "" => line,
            written => format!("{written} {line}"),
        };
    }
    let reason = Reason::Absent.of(&run.run, "");
    Some(Change::of(issue, after, What::Absent, MACHINE, at, &reason))
}
