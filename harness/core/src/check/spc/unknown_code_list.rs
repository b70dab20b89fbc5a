//! SPC-004 unknown-code-list: see the page.

use super::{Facts, fields};
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-004
pub(super) const RULE: Rule = Rule {
    code: "SPC-004",
    name: "unknown-code-list",
    source: include_str!("unknown_code_list.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    let lists = &facts.draft.pack.code_lists;
    for (place, field) in fields(facts) {
        if !field.code.is_empty() && !lists.contains_key(&field.code) {
            let known: Vec<&str> = lists.keys().map(String::as_str).collect();
            let hit = place.hit(&RULE).observed(field.code.clone());
            out.push(hit.expected(known.join(" | ")));
        }
    }
}
