use super::{ambiguous_encoding_label, answer_of, hit};
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Bilingual;
use crate::spec::Status;

/// AGR-004
pub(super) const RULE: Rule = Rule {
    code: "AGR-004",
    name: "answer-outside-allowed",
    source: include_str!("answer_outside_allowed.md"),
};

/// Every answer that the item or the standard does not allow. Bare Shift_JIS labels are AGR-005's.
pub(super) fn check(settled: &Settled, out: &mut Sink) {
    let why = settled
        .item
        .demanded
        .as_ref()
        .map_or_else(Bilingual::default, |why| {
            Bilingual::new(format!("。{}", why.ja), format!("; {}", why.en))
        });
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
            .arg("why_ja", why.ja.clone())
            .arg("why", why.en.clone())
            .arg("side", *side)
            .arg("side_ja", side_ja);
        hit.key = format!("{}|{side}|{value}", hit.key);
        out.push(hit);
    }
}

/// What may be answered: what this pair is held to, what the standard lays down, what the item lists.
fn allowed(settled: &Settled) -> String {
    let item = &settled.item;
    match item.status {
        Status::Prohibited => "-".to_owned(),
        _ if item.demanded.is_none() && !item.standard.is_empty() => item.standard.clone(),
        _ => item.allowed.to_string(),
    }
}
