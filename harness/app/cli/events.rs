//! `renkei run --format jsonl`: what happens, as it happens, one JSON object a line.

use std::time::Duration;

use renkei_core::model::{Bilingual, Lang, Verdict};
use renkei_core::record::{Check, ResultDocument};
use renkei_report::words;
use serde_json::{Map, Value, json};

use crate::screen;

/// Value of `schema` in every line.
const SCHEMA: &str = "renkei.events/v1";

/// A line that goes to standard output at once; a reader that went away does not stop a run.
fn emit(event: &str, message: &Bilingual, facts: Value) {
    let mut line = Map::from_iter([
        ("schema".to_owned(), json!(SCHEMA)),
        ("event".to_owned(), json!(event)),
    ]);
    if let Value::Object(facts) = facts {
        line.extend(facts);
    }
    line.insert("message_ja".to_owned(), json!(message.ja));
    line.insert("message_en".to_owned(), json!(message.en));
    let _ = screen::result(&format!("{}\n", Value::Object(line)));
}

fn verdict_words(id: &str, verdict: Verdict) -> Bilingual {
    let word = |lang| words::of(lang, "verdict", verdict.as_str());
    Bilingual::new(
        format!("{id} {}", word(Lang::Ja)),
        format!("{id} {}", word(Lang::En)),
    )
}

/// The run began.
pub(super) fn run_started(run: &str, title: &Bilingual, cases: usize) {
    let facts = json!({ "run": run, "title_ja": title.ja, "title_en": title.en, "cases": cases });
    let message = Bilingual::new(format!("{run} を開始しました"), format!("{run} began"));
    emit("run_started", &message, facts);
}

/// A preflight check was made.
pub(super) fn checked(check: &Check) {
    let facts = json!({ "check": check.id, "party": check.party, "ok": check.ok });
    emit("preflight", &check.seen, facts);
}

/// A case began.
pub(super) fn case_started(case: &str, title: &Bilingual) {
    emit("case_started", title, json!({ "case": case }));
}

/// Somebody else must act.
pub(super) fn waiting(case: &str, party: &str, what: &Bilingual, left: Duration) {
    let facts = json!({ "case": case, "party": party, "seconds_left": left.as_secs() });
    emit("waiting", what, facts);
}

/// A case ended with a verdict.
pub(super) fn case_finished(case: &str, verdict: Verdict, took: Duration) {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let facts = json!({ "case": case, "verdict": verdict.as_str(), "duration_ms": ms });
    emit("case_finished", &verdict_words(case, verdict), facts);
}

/// The run ended and is judged.
pub(super) fn run_finished(document: &ResultDocument) {
    let facts = json!({
        "run": document.run.id, "verdict": document.verdict.as_str(), "exit_code": document.exit_code,
        "counts": document.counts, "findings": document.findings.len(),
    });
    emit(
        "run_finished",
        &verdict_words(&document.run.id, document.verdict),
        facts,
    );
}
