//! SPC-014 unknown-rule-named: see the page.

use super::{Facts, Place};
use crate::check::registry::rule;
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-014
pub(super) const RULE: Rule = Rule {
    code: "SPC-014",
    name: "unknown-rule-named",
    source: include_str!("unknown_rule_named.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    let pack = &facts.draft.pack;
    let is_unknown = |code: &str| rule(code).is_none();
    let mut say = |place: Place, code: &str| {
        out.push(place.hit(&RULE).observed(code).key(code));
    };
    for requirement in &pack.requirements {
        for code in requirement.tested_by.iter().filter(|c| is_unknown(c)) {
            say(Place::of_requirement(facts, requirement), code);
        }
    }
    for item in &pack.catalogue.items {
        for code in item.rules.iter().filter(|c| is_unknown(c)) {
            let near = format!("\n{},", item.id);
            say(
                Place::near(
                    facts,
                    "agreement-items.csv",
                    &near,
                    "",
                    Some(item.id.clone()),
                )
                .next_line(),
                code,
            );
        }
    }
    for (folder, layout) in &pack.layouts {
        for code in layout.levels.keys().filter(|c| is_unknown(c)) {
            let file = format!("layouts/{folder}/layout.toml");
            say(
                Place::near(facts, &file, code, "[levels]", Some(code.clone())),
                code,
            );
        }
    }
    for accepted in pack.head.accepted.iter().filter(|a| is_unknown(&a.rule)) {
        let code = &accepted.rule;
        say(
            Place::near(facts, "pack.toml", code, "[[accepted]]", Some(code.clone())),
            code,
        );
    }
}
