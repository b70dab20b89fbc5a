use super::{hit, told};
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::record::AgreementState;

/// AGR-001
pub(super) const RULE: Rule = Rule {
    code: "AGR-001",
    name: "declarations-conflict",
    source: include_str!("declarations_conflict.md"),
};

/// Both answered, and no value is in common.
pub(super) fn check(settled: &Settled, out: &mut Sink) {
    if settled.state != AgreementState::Conflict {
        return;
    }
    // The place is the consumer's line; the provider's is named in the message.
    out.push(
        hit(&RULE, settled, settled.consumer.as_ref())
            .expected(told(settled.provider.as_ref()))
            .observed(told(settled.consumer.as_ref())),
    );
}
