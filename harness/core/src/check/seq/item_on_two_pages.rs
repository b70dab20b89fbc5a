use std::collections::BTreeMap;

use super::Told;
use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};

/// SEQ-004
pub(super) const RULE: Rule = Rule {
    code: "SEQ-004",
    name: "item-on-two-pages",
    source: include_str!("item_on_two_pages.md"),
};

/// An item that stands on two pages, or twice on one.
pub(super) fn check(told: &[Told], out: &mut Sink) {
    let mut known: BTreeMap<&str, &Told> = BTreeMap::new();
    for page in told {
        for item in &page.values {
            if let Some(first) = known.insert(item, page) {
                out.push(
                    Hit::new(&RULE, page.place())
                        .expected("once")
                        .observed("twice")
                        .arg("first", first.log().to_owned())
                        .arg("again", page.log().to_owned()),
                );
            }
        }
    }
}
