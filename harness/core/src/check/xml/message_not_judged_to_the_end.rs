//! XML-007 message-not-judged-to-the-end: see the page.

use super::{Origin, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::XmlView;
use crate::spec::xml::{Read, Stop};

/// XML-007
pub(super) const RULE: Rule = Rule {
    code: "XML-007",
    name: "message-not-judged-to-the-end",
    source: include_str!("message_not_judged_to_the_end.md"),
};

pub(super) fn check(view: &XmlView<'_>, read: &Read, origin: &Origin, out: &mut Sink) {
    let (at, expected, observed) = match &read.stop {
        Some(Stop::Limit {
            at,
            what,
            max,
            found,
        }) => (*at, format!("{what} <= {max}"), found.to_string()),
        Some(Stop::GivenUp(why)) => (
            0,
            "a verdict of the schema engine".to_owned(),
            format!("none {why}").trim().to_owned(),
        ),
        _ if read.more > 0 => (
            0,
            "all places listed".to_owned(),
            format!("{} more places", read.more),
        ),
        _ => return,
    };
    out.push(
        hit(&RULE, origin, view.place(&origin.at, at))
            .expected(expected)
            .observed(observed),
    );
}
