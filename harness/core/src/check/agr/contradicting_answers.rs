use super::{answer_of, hit};
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// AGR-008
pub(super) const RULE: Rule = Rule {
    code: "AGR-008",
    name: "contradicting-answers",
    source: include_str!("contradicting_answers.md"),
};

/// Every answer that another excludes, told once for each reason and side.
pub(super) fn check(settled: &Settled, out: &mut Sink) {
    for found in &settled.contradictions {
        let answer = match found.side {
            Some(side) => answer_of(settled, side),
            None => settled.consumer.as_ref().or(settled.provider.as_ref()),
        };
        let (ja, en) = match found.side {
            Some("provider") => ("提供側の申告", "what the provider declares"),
            Some(_) => ("利用側の申告", "what the consumer declares"),
            None => ("双方の合意", "what both settled"),
        };
        let told: Vec<String> = found
            .values
            .iter()
            .map(|(id, value)| format!("{id}={value}"))
            .collect();
        let others = found.values.iter().filter(|(id, _)| *id != settled.item.id);
        let others: Vec<&str> = others.map(|(id, _)| id.as_str()).collect();
        let mut hit = hit(&RULE, settled, answer)
            .expected("-")
            .observed(told.join(", "))
            .arg("whose_ja", ja)
            .arg("whose", en)
            .arg("others", others.join(", "))
            .arg("why_ja", found.message.ja.clone())
            .arg("why", found.message.en.clone())
            .arg("ground", found.source.clone());
        hit.key = format!(
            "{}|{}|{}",
            hit.key,
            found.id,
            found.side.unwrap_or_default()
        );
        out.push(hit);
    }
}
