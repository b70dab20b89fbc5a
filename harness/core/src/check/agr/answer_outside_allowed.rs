use super::{ambiguous_encoding_label, answer_of, hit};
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::spec::Allowed;

/// AGR-004
pub(super) const RULE: Rule = Rule {
    code: "AGR-004",
    name: "answer-outside-allowed",
    source: include_str!("answer_outside_allowed.md"),
};

/// Every answer that the item or the standard does not allow. Bare Shift_JIS labels are AGR-005's.
pub(super) fn check(settled: &Settled, out: &mut Sink) {
    for (side, value) in &settled.outside {
        if ambiguous_encoding_label::is_ambiguous(settled, value) {
            continue;
        }
        let answer = answer_of(settled, side);
        let side_ja = if *side == "provider" {
            "提供側"
        } else {
            "利用側"
        };
        let mut hit = hit(&RULE, settled, answer)
            .expected(allowed(settled))
            .observed(value.clone())
            .arg("side", *side)
            .arg("side_ja", side_ja);
        hit.key = format!("{}|{side}|{value}", hit.key);
        out.push(hit);
    }
}

/// What may be answered: what the standard lays down, else what the item lists.
fn allowed(settled: &Settled) -> String {
    let item = &settled.item;
    match &item.allowed {
        _ if !item.standard.is_empty() => item.standard.clone(),
        Allowed::Values(values) => values.join(" | "),
        Allowed::Integer => "integer".to_owned(),
        Allowed::Text => "text".to_owned(),
    }
}
