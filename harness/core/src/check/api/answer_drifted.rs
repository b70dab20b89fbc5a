use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::mask::wire;
use crate::model::Location;
use crate::observe::Difference;
use crate::record::Exchange;

/// API-060
pub(super) const RULE: Rule = Rule {
    code: "API-060",
    name: "answer-drifted",
    source: include_str!("answer_drifted.md"),
};

/// One finding for each place where the answer is not the recorded one.
pub(in crate::check) fn check(exchange: &Exchange, differences: &[Difference], out: &mut Sink) {
    for difference in differences {
        let at = Location {
            log: Some(exchange.log.clone()),
            pointer: Some(wire::pointer(&difference.place, |_| false)),
            ..Location::default()
        };
        out.push(
            Hit::new(&RULE, at)
                .expected(difference.recorded.clone())
                .observed(difference.replayed.clone()),
        );
    }
}
