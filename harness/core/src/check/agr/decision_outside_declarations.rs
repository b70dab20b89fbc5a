use super::{hit, told};
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// AGR-009
pub(super) const RULE: Rule = Rule {
    code: "AGR-009",
    name: "decision-outside-declarations",
    source: include_str!("decision_outside_declarations.md"),
};

/// The negotiated record says something that the declarations of today do not allow.
pub(super) fn check(settled: &Settled, out: &mut Sink) {
    let Some(decided) = &settled.overruled else {
        return;
    };
    let both = [
        told(settled.provider.as_ref()),
        told(settled.consumer.as_ref()),
    ];
    out.push(
        hit(&RULE, settled, settled.consumer.as_ref())
            .expected(decided.clone())
            .observed(both.join(" / ")),
    );
}
