use super::hit;
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::record::AgreementState;

/// AGR-006
pub(super) const RULE: Rule = Rule {
    code: "AGR-006",
    name: "choice-open",
    source: include_str!("choice_open.md"),
};

/// Several values in common. One of them is proposed, with the reason.
pub(super) fn check(settled: &Settled, out: &mut Sink) {
    if settled.state != AgreementState::Open {
        return;
    }
    let (proposal, why) = settled.proposal.clone().unwrap_or_default();
    out.push(
        hit(&RULE, settled, settled.provider.as_ref())
            .expected("one value")
            .observed(settled.common.join(" | "))
            .arg("open_ja", settled.basis.ja.clone())
            .arg("open", settled.basis.en.clone())
            .arg("proposal", proposal)
            .arg("why_ja", why.ja)
            .arg("why", why.en),
    );
}
