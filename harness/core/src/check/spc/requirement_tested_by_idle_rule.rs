//! SPC-020 requirement-tested-by-idle-rule: see the page.

use super::{Facts, Place, idle};
use crate::check::registry::rule;
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// SPC-020
pub(super) const RULE: Rule = Rule {
    code: "SPC-020",
    name: "requirement-tested-by-idle-rule",
    source: include_str!("requirement_tested_by_idle_rule.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    let pack = &facts.draft.pack;
    for requirement in &pack.requirements {
        for code in requirement.tested_by.iter().filter(|c| rule(c).is_some()) {
            if let Some(reason) = idle::reason(pack, requirement, code) {
                let hit = Place::of_requirement(facts, requirement).hit(&RULE);
                let hit = hit
                    .observed(code)
                    .arg("reason_ja", reason.ja)
                    .arg("reason", reason.en);
                out.push(hit.key(code));
            }
        }
    }
}
