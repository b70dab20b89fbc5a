use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::{Bilingual, Cause, CauseKind, Confidence};
use crate::record::{Exchange, Fault, FaultKind, HttpTransfer};

/// NET-003
pub(super) const RULE: Rule = Rule {
    code: "NET-003",
    name: "no-answer-in-time",
    source: include_str!("no_answer_in_time.md"),
};

pub(super) fn check(
    exchange: &Exchange,
    http: &HttpTransfer,
    fault: &Fault,
    out: &mut Sink,
) -> bool {
    if fault.kind != FaultKind::TimedOut {
        return false;
    }
    let waited = format!(
        "{}.{} s",
        exchange.duration_ms / 1000,
        exchange.duration_ms % 1000 / 100
    );
    let mut hit = hit(exchange, &RULE, &http.request.url)
        .expected("answer")
        .observed(format!("none after {waited}"))
        .arg("waited_ja", waited.replace(" s", "秒"))
        .arg("waited", waited);
    if http.response.is_some() {
        hit = hit.cause(Cause {
            kind: CauseKind::Receiver,
            confidence: Confidence::Probable,
            proof: Bilingual::new(
                "応答の見出しまでは届いており、本文の途中で止まっています",
                "the head of the answer came; it stopped within the body",
            ),
        });
    }
    out.push(hit);
    true
}
