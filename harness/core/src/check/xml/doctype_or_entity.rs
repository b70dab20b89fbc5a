//! XML-004 doctype-or-entity: see the page.

use super::{Origin, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::XmlView;
use crate::spec::xml::{Read, Stop};

/// XML-004
pub(super) const RULE: Rule = Rule {
    code: "XML-004",
    name: "doctype-or-entity",
    source: include_str!("doctype_or_entity.md"),
};

pub(super) fn check(view: &XmlView<'_>, read: &Read, origin: &Origin, out: &mut Sink) {
    let (at, observed) = match &read.stop {
        Some(Stop::Doctype { at }) => (*at, "DOCTYPE"),
        Some(Stop::NotWellFormed { at, .. }) => (*at, "entity reference"),
        _ => return,
    };
    out.push(
        hit(&RULE, origin, view.place(&origin.at, at))
            .expected("none")
            .observed(observed),
    );
}
