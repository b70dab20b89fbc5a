//! Each known place is recognised by what shows it, and nothing is invented where nothing does.

use super::*;
use crate::agreement::{Profile, Sides, join};
use crate::model::{Finding, Problems};
use crate::spec::Files;

#[expect(clippy::disallowed_methods, reason = "a test reads the bundled pack")]
fn catalogue() -> Catalogue {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/linkage-items/1");
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder).expect("the pack is there") {
        let entry = entry.expect("readable");
        let bytes = std::fs::read(entry.path()).expect("readable");
        files.insert(entry.file_name().to_string_lossy(), bytes);
    }
    let mut problems = Problems::new();
    let catalogue = Catalogue::load(&files, "linkage-items", &mut problems);
    assert_eq!(problems, []);
    catalogue
}

fn profile(answers: &[(&str, &str)]) -> Profile {
    let answer = |(item, value): &(&str, &str)| {
        format!("[[answer]]\nitem = \"{item}\"\nvalues = ['{value}']\n")
    };
    let text = "schema = \"renkei.profile/v1\"\nname = { ja = \"社\", en = \"v\" }\n\
        system = { kind = \"standard\", product = \"p\", version = \"1\" }\n"
        .to_owned()
        + &answers.iter().map(answer).collect::<String>();
    let mut problems = Problems::new();
    Profile::load("p.toml", text.as_bytes(), &mut problems).expect("the profile is right")
}

fn settled(a: &[(&str, &str)], b: &[(&str, &str)]) -> Vec<Settled> {
    let (a, b) = (profile(a), profile(b));
    let sides = Sides {
        linkage: "L",
        exchange: "",
        provider: ("a", &a),
        consumer: ("b", &b),
        method: "both",
        form: "",
        negotiated: None,
    };
    join(&catalogue(), sides)
}

fn ids(found: &[AmbiguityEntry]) -> Vec<&str> {
    found.iter().map(|e| e.id.as_str()).collect()
}

/// The register for what both declared, what was observed of one item, and a finding (rule, observed value).
fn register(
    a: &[(&str, &str)],
    b: &[(&str, &str)],
    seen: (&str, &str),
    (rule, observed): (&str, &str),
) -> Vec<AmbiguityEntry> {
    let settled = settled(a, b);
    let mut rows: Vec<AgreementRow> = settled.iter().map(Settled::row).collect();
    for row in rows.iter_mut().filter(|r| r.id == seen.0) {
        seen.1.clone_into(&mut row.observed);
    }
    let finding = serde_json::json!({
        "id": "F-0001", "rule": rule, "level": "error", "effect": "review", "case": "C-1",
        "cause": { "kind": "unknown", "confidence": "possible", "proof": { "ja": "", "en": "" } },
        "message": { "ja": "", "en": "" }, "fix": { "ja": "", "en": "" }, "requirements": [], "location": {},
        "expected": "", "observed": observed, "count": 1, "samples": [], "fingerprint": "f",
    });
    let finding: Finding = serde_json::from_value(finding).expect("a finding");
    let case = serde_json::json!({
        "id": "C-1", "title": { "ja": "", "en": "" }, "linkage": "L", "method": "file", "from": "a", "to": "b", "required": true,
        "verdict": "review", "reason": { "ja": "", "en": "" }, "checks": 1, "duration_ms": 1, "findings": [], "log": [],
    });
    let case: CaseResult = serde_json::from_value(case).expect("a case");
    let findings = if rule.is_empty() {
        Vec::new()
    } else {
        vec![finding]
    };
    let grounds = Grounds {
        settled: &settled,
        rows: &rows,
        findings: &findings,
        cases: &[case],
    };
    ambiguities(&catalogue(), grounds)
}

const NOTHING: (&str, &str) = ("", "");

#[test]
fn declarations_that_read_it_differently_are_recognised() {
    for (id, item, a, b) in [
        ("SA-01", "F25", "null", "absent"),
        ("SA-02", "F12", "empty", "quoted"),
        ("SA-03", "F19", "empty", "0000-00-00"),
        ("SA-04", "F14", "chars", "graphemes"),
        ("SA-08", "X12", "30", "60"),
        ("SA-09", "C06", "ms", "jis"),
        ("SA-10", "F18", "yyyy-mm-dd", "yyyymmdd"),
        ("SA-11", "F02", "forbid", "require"),
        ("SA-12", "C02", "allow", "forbid"),
        // Not among the known ones: by the rule that the standard is silent and both are allowed.
        ("SG-F03", "F03", "crlf", "lf"),
        ("SG-C07", "C07", "as-is", "nfc-stable"),
    ] {
        let found = register(&[(item, a)], &[(item, b)], NOTHING, NOTHING);
        assert_eq!(ids(&found), [id], "{item}");
        let by = |value: &str| {
            let mut readings = found.iter().flat_map(|e| &e.readings);
            readings
                .find(|r| r.value == value)
                .map(|r| r.used_by.join(" "))
        };
        assert_eq!(by(a).as_deref(), Some("a"), "{item}");
        assert_eq!(by(b).as_deref(), Some("b"), "{item}");
        assert_eq!(
            found
                .iter()
                .map(|e| e.linkages.join(" "))
                .collect::<Vec<_>>(),
            ["L"]
        );
        assert!(found.iter().all(|e| !e.proposal.ja.is_empty()), "{item}");
    }
}

#[test]
fn exchanges_and_findings_show_it_where_nothing_was_agreed() {
    let shown = |seen, finding| {
        let found = register(&[], &[], seen, finding);
        ids(&found).join(" ")
    };
    assert_eq!(shown(("F25", "null | absent"), NOTHING), "SA-01");
    assert_eq!(shown(("F12", "empty | spaces"), NOTHING), "SA-02");
    assert_eq!(shown(("F19", "partial | 0000-00-00"), NOTHING), "SA-03");
    assert_eq!(
        shown(NOTHING, ("VAL-003", "21 chars (20 graphemes)")),
        "SA-04"
    );
    assert_eq!(shown(NOTHING, ("VAL-015", "1")), "SA-05");
    assert_eq!(shown(NOTHING, ("API-006", "E0001")), "SA-06");
    assert_eq!(shown(NOTHING, ("SEQ-002", "")), "SA-07");
    assert_eq!(shown(NOTHING, ("ENC-018", "")), "SA-09");
    // One side declared another reading than the one that was exchanged, the other nothing.
    let found = register(&[], &[("F19", "empty")], ("F19", "0000-00-00"), NOTHING);
    assert_eq!(ids(&found), ["SA-03"]);
    let told: Vec<String> = found
        .iter()
        .flat_map(|e| &e.readings)
        .map(|r| format!("{} {}", r.value, r.used_by.join(" ")))
        .collect();
    assert_eq!(told, ["empty b", "0000-00-00 L 観測", "partial "]);
}

#[test]
fn nothing_is_invented() {
    let none = |a: &[(&str, &str)], b: &[(&str, &str)], seen, finding| {
        let found = register(a, b, seen, finding);
        assert_eq!(
            ids(&found),
            Vec::<&str>::new(),
            "{a:?} {b:?} {seen:?} {finding:?}"
        );
    };
    none(&[], &[], NOTHING, NOTHING);
    none(&[("F25", "null")], &[("F25", "null")], NOTHING, NOTHING);
    // One reading everywhere; a value that is no reading; a side that says what was exchanged.
    none(&[], &[], ("F25", "null"), NOTHING);
    none(&[], &[], ("F12", "empty | other"), NOTHING);
    none(&[("F19", "partial")], &[], ("F19", "partial"), NOTHING);
    // What was agreed is broken: a mistake, not a reading.
    let both: &[(&str, &str)] = &[("F14", "chars")];
    none(both, both, NOTHING, ("VAL-003", "21 chars (20 graphemes)"));
    let both: &[(&str, &str)] = &[("F25", "null")];
    none(both, both, ("F25", "null | absent"), NOTHING);
    // Too long in every unit; an answer without an error code; a rule that shows none.
    none(&[], &[], NOTHING, ("VAL-003", "30 chars"));
    none(&[], &[], NOTHING, ("API-006", "text/html"));
    none(&[], &[], NOTHING, ("VAL-001", ""));
    // Where the standard decides, and where a value is not allowed at all.
    none(
        &[("F13", "mixed")],
        &[("F13", "standard")],
        NOTHING,
        NOTHING,
    );
    none(&[("F03", "unix")], &[("F03", "lf")], NOTHING, NOTHING);
}
