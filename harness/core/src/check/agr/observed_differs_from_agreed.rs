use super::{hit, source};
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// AGR-007
pub(super) const RULE: Rule = Rule {
    code: "AGR-007",
    name: "observed-differs-from-agreed",
    source: include_str!("observed_differs_from_agreed.md"),
};

/// What an exchange (`log`) showed of an item against the value that holds. For items that no other rule judges.
pub fn check(settled: &Settled, observed: &str, log: &str, out: &mut Sink) {
    let Some(agreed) = settled.value.as_deref().filter(|value| *value != observed) else {
        return;
    };
    let answer = settled.provider.as_ref().or(settled.consumer.as_ref());
    let mut hit = hit(&RULE, settled, answer)
        .expected(agreed)
        .observed(observed)
        .arg("source", source(answer));
    hit.at.log = (!log.is_empty()).then(|| log.to_owned());
    out.push(hit);
}
