use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::{Bilingual, Cause, CauseKind, Confidence, Finding, Level, Location, Verdict};
use crate::record::ResultDocument;

/// A document of one case; its findings are the fingerprints.
fn run(number: u32, verdict: &str, fingerprints: &[&str]) -> ResultDocument {
    let at = format!("2026-11-{number:02}T10:00:00.000+09:00");
    let mut doc: ResultDocument = serde_json::from_value(json!({
        "schema": "renkei.result/v1",
        "tool": { "name": "renkei", "version": "0" },
        "run": { "id": format!("R-{number}"), "title": { "ja": "試", "en": "t" }, "started_at": at, "finished_at": at,
                 "data_class": "fictional", "reproduce": "" },
        "packs": [], "parties": [], "verdict": verdict, "exit_code": 0, "counts": {}, "inputs": [],
        "cases": [{ "id": "C-001", "title": { "ja": "", "en": "" }, "linkage": "L-01", "method": "file", "from": "a",
                    "to": "b", "required": true, "verdict": verdict, "reason": { "ja": "", "en": "" }, "checks": 1,
                    "duration_ms": 1, "findings": [], "log": [] }],
        "findings": []
    }))
    .unwrap_or_else(|e| panic!("{e}"));
    for (i, fingerprint) in fingerprints.iter().enumerate() {
        doc.findings.push(finding(i + 1, fingerprint));
    }
    doc
}

fn finding(number: usize, fingerprint: &str) -> Finding {
    Finding {
        id: format!("F-{number:04}"),
        rule: "ENC-003".to_owned(),
        level: Level::Error,
        effect: Verdict::Fail,
        case: "C-001".to_owned(),
        cause: Cause {
            kind: CauseKind::Sender,
            confidence: Confidence::Certain,
            proof: Bilingual::default(),
        },
        message: Bilingual::new("文字が範囲外です", "character outside"),
        fix: Bilingual::default(),
        requirements: Vec::new(),
        location: Location::default(),
        expected: String::new(),
        observed: String::new(),
        hex: String::new(),
        ruler: None,
        explains: Vec::new(),
        count: 3,
        samples: Vec::new(),
        fingerprint: fingerprint.to_owned(),
        baseline: None,
    }
}

fn take(register: &mut Register, doc: &ResultDocument) -> Vec<What> {
    let changes = sync(register, doc, "2026-11-30T00:00:00Z");
    register.apply(&changes);
    changes.iter().map(|c| c.what).collect()
}

fn go(register: &mut Register, to: State, by: &str, reason: &str) -> Result<(), Bilingual> {
    let change = move_to(
        &register.issues[&1],
        Move {
            to,
            by,
            at: "2026-11-05T00:00:00Z",
            reason,
        },
    )?;
    register.apply(&[change]);
    Ok(())
}

#[test]
fn the_same_defect_in_three_runs_is_one_issue() {
    let mut register = Register::default();
    assert_eq!(
        take(&mut register, &run(1, "fail", &["x", "y"])),
        [What::Drafted; 2]
    );
    assert_eq!(
        take(&mut register, &run(1, "fail", &["x", "y"])),
        [],
        "the same run again"
    );
    assert_eq!(
        take(&mut register, &run(3, "fail", &["x"])),
        [What::SeenAgain]
    );
    assert_eq!(
        take(&mut register, &run(2, "fail", &["x"])),
        [What::SeenAgain],
        "a run brought in late"
    );
    let issue = &register.issues[&1];
    assert_eq!((issue.id().as_str(), issue.hits()), ("K-0001", 3));
    assert_eq!((issue.first_run(), issue.last_run()), ("R-1", "R-3"));
    assert_eq!(register.issues.len(), 2);
    assert_eq!(
        register.issues[&2].hits(),
        1,
        "a failing case says nothing about the finding it lacks"
    );
    assert!(register.issues[&2].absent.is_empty());
}

#[test]
fn a_passing_run_proposes_and_never_closes_and_a_relapse_reopens() -> Result<(), Bilingual> {
    let mut register = Register::default();
    take(&mut register, &run(1, "fail", &["x"]));
    go(&mut register, State::Raised, "担当-01", "")?;
    go(&mut register, State::Considered, "担当-01", "")?;
    go(&mut register, State::Acted, "担当-01", "")?;
    assert_eq!(take(&mut register, &run(2, "not_run", &[])), []);
    assert_eq!(take(&mut register, &run(3, "pass", &[])), [What::Absent]);
    let issue = &register.issues[&1];
    assert_eq!(
        (issue.human.state, issue.proposed_approval),
        (State::Acted, true)
    );
    assert_eq!(issue.human.result, "再試験 R-3 で検出されず");
    assert!(
        go(&mut register, State::Approved, "担当-01", "").is_err(),
        "the raiser"
    );
    go(&mut register, State::Approved, "担当-02", "")?;
    assert_eq!(
        take(&mut register, &run(2, "fail", &["x"])),
        [What::SeenAgain],
        "before the cure"
    );
    assert_eq!(register.issues[&1].human.state, State::Approved);
    assert_eq!(
        take(&mut register, &run(9, "fail", &["x"])),
        [What::Reopened]
    );
    let issue = &register.issues[&1];
    assert_eq!((issue.human.state, issue.reopened), (State::Considered, 1));
    Ok(())
}

#[test]
fn waivers_need_another_person_a_reason_and_a_day_to_come() -> Result<(), Bilingual> {
    let mut register = Register::default();
    take(&mut register, &run(1, "fail", &["x"]));
    let waiver = |approver: &str, reason: &str, expires: &str| Waiver {
        reason: reason.to_owned(),
        approver: approver.to_owned(),
        expires: expires.to_owned(),
        at: "2026-11-05T00:00:00Z".to_owned(),
    };
    assert!(
        waive(&register.issues[&1], waiver("p2", "理由", "2027-03-31")).is_err(),
        "a draft"
    );
    go(&mut register, State::Raised, "p1", "")?;
    let issue = register.issues[&1].clone();
    assert!(waive(&issue, waiver("p1", "理由", "2027-03-31")).is_err());
    assert!(waive(&issue, waiver("p2", " ", "2027-03-31")).is_err());
    assert!(waive(&issue, waiver("p2", "理由", "2026-11-04")).is_err());
    let change = waive(&issue, waiver("p2", "理由", "2027-03-31"))?;
    let held = change.after.waiver.as_ref();
    assert!(held.is_some_and(|w| w.holds_on("2027-03-31") && !w.holds_on("2027-04-01")));
    assert_eq!(
        change.after.human.state,
        State::Raised,
        "a waiver moves nothing"
    );
    Ok(())
}

#[test]
fn what_only_one_side_changed_is_taken_and_the_rest_clashes() {
    let mut register = Register::default();
    take(&mut register, &run(1, "fail", &["x"]));
    let base = register.issues[&1].human.clone();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    ours.assignee = "担当者-03".to_owned();
    ours.due_on = "2026-12-05".to_owned();
    ours.priority = Priority::Low;
    theirs.due_on = "2026-12-10".to_owned();
    theirs.priority = Priority::Low;
    theirs.countermeasure = "直す".to_owned();
    let merged = three_way(&base, &ours, &theirs);
    assert_eq!(merged.changed, ["assignee_code"]);
    assert_eq!(
        (
            merged.human.assignee.as_str(),
            merged.human.countermeasure.as_str()
        ),
        ("担当者-03", "直す")
    );
    let clash: Vec<_> = merged
        .clashes
        .iter()
        .map(|c| (c.field, c.ours.as_str(), c.theirs.as_str()))
        .collect();
    assert_eq!(clash, [("due_on", "2026-12-05", "2026-12-10")]);
}

#[test]
fn numbers_of_issues_are_read_and_written() {
    assert_eq!(Issue::parse_id("K-0001"), Some(1));
    assert_eq!(Issue::parse_id(&Issue::id_of(12_345)), Some(12_345));
    for wrong in ["K-0000", "K-1", "0001", "K-", "K-００01", "K-99999999999"] {
        assert_eq!(Issue::parse_id(wrong), None, "{wrong}");
    }
}

#[derive(Clone, Debug)]
enum Call {
    Move(State, &'static str, &'static str),
    Sync(u32, bool),
    Edit(&'static str),
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let who = prop::sample::select(vec!["p1", "p2", "renkei", ""]);
    let why = prop::sample::select(vec!["", "理由"]);
    let call = prop_oneof![
        4 => (prop::sample::select(State::ALL.to_vec()), who.clone(), why).prop_map(|(s, w, r)| Call::Move(s, w, r)),
        2 => (1u32..29, any::<bool>()).prop_map(|(n, found)| Call::Sync(n, found)),
        1 => who.prop_map(Call::Edit),
    ];
    prop::collection::vec(call, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever is called in whatever order: every change is one version, only people adopt and approve, the approver is
    /// never the raiser, steps back have reasons, and only a person or a relapse changes the state.
    #[test]
    fn no_sequence_of_calls_breaks_the_rules(calls in calls()) {
        let mut register = Register::default();
        take(&mut register, &run(1, "fail", &["x"]));
        for call in calls {
            let before = register.issues[&1].clone();
            let changes = match call {
                Call::Move(to, by, reason) =>
                    move_to(&before, Move { to, by, at: "2026-11-10T00:00:00Z", reason }).into_iter().collect(),
                Call::Sync(number, true) => sync(&register, &run(number, "fail", &["x"]), "t"),
                Call::Sync(number, false) => sync(&register, &run(number, "pass", &[]), "t"),
                Call::Edit(by) => {
                    let human = Human { due_on: "2026-12-01".to_owned(), state: State::Approved, ..before.human.clone() };
                    let edit = Edit { human, judgement: None, by, at: "t", reason: "" };
                    edit.upon(&before).ok().flatten().into_iter().collect()
                }
            };
            register.apply(&changes);
            prop_assert_eq!(register.issues.len(), 1);
            prop_assert!(changes.len() <= 1);
            let after = &register.issues[&1];
            prop_assert_eq!(after.version, before.version + changes.len() as u64);
            let Some(change) = changes.first() else { continue };
            let (from, to) = (before.human.state, after.human.state);
            if change.by == MACHINE {
                let relapse = change.what == What::Reopened && from == State::Approved && to == State::Considered;
                prop_assert!(from == to || relapse);
                prop_assert_eq!(after.reopened, before.reopened + u32::from(relapse));
                prop_assert_eq!(&after.raised_by, &before.raised_by);
            } else {
                prop_assert!(matches!(change.by.as_str(), "p1" | "p2"));
                prop_assert!(to >= from || !change.reason.is_empty() || to == from);
                prop_assert_eq!(after.reopened, before.reopened);
                prop_assert_eq!(&after.machine, &before.machine);
            }
            if to == State::Approved && from != to {
                prop_assert!(from == State::Acted && change.by != after.raised_by);
            }
            prop_assert_eq!(after.human.state == State::Approved, !after.closed_at.is_empty());
            prop_assert!(matches!(to, State::Draft | State::Withdrawn) || after.raised_by != MACHINE);
            prop_assert!(!after.proposed_approval || to.is_open());
        }
    }
}
