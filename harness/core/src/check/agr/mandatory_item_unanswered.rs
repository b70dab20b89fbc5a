use super::hit;
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::record::AgreementState;

/// AGR-003
pub(super) const RULE: Rule = Rule {
    code: "AGR-003",
    name: "mandatory-item-unanswered",
    source: include_str!("mandatory_item_unanswered.md"),
};

/// A mandatory item that one side or both left open, and that the standard does not settle.
pub(super) fn check(settled: &Settled, out: &mut Sink) {
    let unanswered = matches!(
        settled.state,
        AgreementState::Silent | AgreementState::OneSide
    );
    if !unanswered || !settled.item.mandatory || settled.named_by.is_some() {
        return;
    }
    let (ja, en) = match (&settled.provider, &settled.consumer) {
        (None, None) => ("双方", "both sides"),
        (None, _) => ("提供側", "the provider"),
        _ => ("利用側", "the consumer"),
    };
    let answer = settled.provider.as_ref().or(settled.consumer.as_ref());
    out.push(
        hit(&RULE, settled, answer)
            .expected(settled.item.allowed.to_string())
            .observed("-")
            .arg("silent_ja", ja)
            .arg("silent", en),
    );
}
