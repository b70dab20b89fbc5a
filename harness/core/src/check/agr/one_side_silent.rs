use super::{hit, told};
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::record::AgreementState;

/// AGR-002
pub(super) const RULE: Rule = Rule {
    code: "AGR-002",
    name: "one-side-silent",
    source: include_str!("one_side_silent.md"),
};

/// One side answered an item that is not mandatory. Mandatory items are AGR-003's, whole linkages AGR-010's.
pub(super) fn check(settled: &Settled, out: &mut Sink) {
    if settled.state != AgreementState::OneSide
        || settled.item.mandatory
        || settled.named_by.is_some()
    {
        return;
    }
    let answer = settled.provider.as_ref().or(settled.consumer.as_ref());
    let silent = if settled.provider.is_some() {
        "consumer"
    } else {
        "provider"
    };
    out.push(
        hit(&RULE, settled, answer)
            .expected(told(answer))
            .observed("-")
            .arg(
                "silent_ja",
                if silent == "consumer" {
                    "利用側"
                } else {
                    "提供側"
                },
            )
            .arg("silent", silent),
    );
}
