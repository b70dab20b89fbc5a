use super::{Baseline, Change, RunDiff, apply, diff};
use crate::model::{InBaseline, Level, NotRunReason, Verdict, exit};
use crate::record::ResultDocument;

/// The realistic failing run that the reports are tested with.
fn run() -> ResultDocument {
    serde_json::from_str(include_str!("../../../report/tests/fixtures/failing.json")).unwrap()
}

fn change_of(found: &RunDiff, fingerprint: &str) -> Change {
    found
        .findings
        .iter()
        .find(|f| f.fingerprint == fingerprint)
        .unwrap()
        .change
}

/// A case that ran and has a failing finding, with that finding's fingerprint.
fn failing_case(doc: &ResultDocument) -> (String, String) {
    let finding = doc
        .findings
        .iter()
        .find(|f| f.effect == Verdict::Fail && f.level == Level::Error && !f.case.is_empty())
        .unwrap();
    (finding.case.clone(), finding.fingerprint.clone())
}

fn without(doc: &ResultDocument, fingerprint: &str) -> ResultDocument {
    let mut less = doc.clone();
    less.findings.retain(|f| f.fingerprint != fingerprint);
    less
}

#[test]
fn a_run_compared_with_itself_changes_nothing() {
    let run = run();
    let found = diff(&run, &run);
    assert!(found.findings.len() > 5);
    assert!(found.findings.iter().all(|f| f.change == Change::Unchanged));
    assert!(found.cases.iter().all(|case| !case.differs()));
    assert_eq!(found.remarks, []);
}

#[test]
fn what_is_gone_is_resolved_only_when_its_case_ran_again() {
    let before = run();
    let (case, fingerprint) = failing_case(&before);
    let mut after = without(&before, &fingerprint);
    assert_eq!(
        change_of(&diff(&before, &after), &fingerprint),
        Change::Resolved
    );
    assert_eq!(change_of(&diff(&after, &before), &fingerprint), Change::New);
    let at = after.cases.iter().position(|c| c.id == case).unwrap();

    after.cases[at].checks = before.cases[at].checks - 1;
    let fewer = diff(&before, &after);
    assert_eq!(change_of(&fewer, &fingerprint), Change::NotExecuted);
    after.cases[at].checks = before.cases[at].checks;

    after.cases[at].verdict = Verdict::NotRun;
    after.cases[at].not_run = Some(NotRunReason::Cancelled);
    let not_run = diff(&before, &after);
    assert_eq!(change_of(&not_run, &fingerprint), Change::NotExecuted);
    assert!(not_run.cases.iter().any(|c| c.id == case && c.differs()));

    after.cases.remove(at);
    let lost = diff(&before, &after);
    assert_eq!(change_of(&lost, &fingerprint), Change::NotExecuted);
    let row = lost.cases.iter().find(|c| c.id == case).unwrap();
    assert_eq!((row.before.is_some(), row.after), (true, None));
    let total: u64 = lost.counts.values().sum();
    assert_eq!(total, lost.findings.len() as u64);
}

#[test]
fn a_finding_that_weighs_or_counts_differently_is_changed() {
    let before = run();
    let (_, fingerprint) = failing_case(&before);
    let mut after = before.clone();
    for finding in &mut after.findings {
        finding.location.record = finding.location.record.map(|n| n + 1);
    }
    let moved = diff(&before, &after);
    assert!(moved.findings.iter().all(|f| f.change == Change::Unchanged));
    let at = after
        .findings
        .iter()
        .position(|f| f.fingerprint == fingerprint)
        .unwrap();
    after.findings[at].count += 1;
    let found = diff(&before, &after);
    let row = found
        .findings
        .iter()
        .find(|f| f.change == Change::Changed)
        .unwrap();
    assert_eq!(row.differs[0].what, "count");
    assert_eq!(found.counts["changed"], 1);
}

#[test]
fn a_finding_follows_its_case_to_a_new_name() {
    let before = run();
    let (case, fingerprint) = failing_case(&before);
    let mut after = before.clone();
    for known in after.cases.iter_mut().filter(|c| c.id == case) {
        known.id = "C-RENAMED".to_owned();
    }
    for finding in after.findings.iter_mut().filter(|f| f.case == case) {
        finding.case = "C-RENAMED".to_owned();
    }
    assert_eq!(
        change_of(&diff(&before, &after), &fingerprint),
        Change::Unchanged
    );
}

#[test]
fn only_new_findings_fail() {
    let first = run();
    let (case, fingerprint) = failing_case(&first);
    let mut all_known = first.clone();
    let baseline = Baseline::of(&first);
    apply(&mut all_known, &baseline);
    let row = all_known.cases.iter().find(|c| c.id == case).unwrap();
    assert_ne!(row.verdict, Verdict::Fail);
    assert!(row.reason.ja.contains("既知"));
    assert_ne!(all_known.exit_code, exit::NONCONFORMING);
    assert!(all_known.counts.values().sum::<u64>() == all_known.cases.len() as u64);

    let mut one_new = first.clone();
    apply(&mut one_new, &Baseline::of(&without(&first, &fingerprint)));
    let row = one_new.cases.iter().find(|c| c.id == case).unwrap();
    assert_eq!(row.verdict, Verdict::Fail);
    assert_eq!(one_new.exit_code, exit::NONCONFORMING);
    let finding = one_new
        .findings
        .iter()
        .find(|f| f.fingerprint == fingerprint)
        .unwrap();
    assert_eq!(finding.baseline, Some(InBaseline::New));
}

#[test]
fn what_could_not_be_judged_is_never_excused() {
    let mut first = run();
    for finding in &mut first.findings {
        finding.effect = Verdict::Inconclusive;
        finding.level = Level::Error;
    }
    assert_eq!(Baseline::of(&first).findings, []);
    let mut baseline = Baseline::of(&run());
    for known in &mut baseline.findings {
        known.effect = Verdict::Review;
    }
    let mut later = run();
    apply(&mut later, &baseline);
    let worse = |f: &&crate::model::Finding| f.baseline == Some(InBaseline::Worse);
    assert!(later.findings.iter().filter(worse).count() > 0);
    assert_eq!(later.verdict, run().verdict, "a worse finding counts");
}

#[test]
fn a_baseline_reads_back_and_others_are_refused() {
    let made = Baseline::of(&run());
    let bytes = serde_json::to_vec(&made).unwrap();
    assert_eq!(Baseline::read("b.json", &bytes).unwrap(), made);
    for text in ["", "[]", "{\"schema\":\"renkei.result/v1\"}"] {
        assert!(Baseline::read("b.json", text.as_bytes()).is_err());
    }
}
