use std::collections::BTreeMap;

use super::place;
use super::violation::Violation;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Location;
use crate::observe::{CallView, Json};

/// API-005
pub(super) const RULE: Rule = Rule {
    code: "API-005",
    name: "body-violates-schema",
    source: include_str!("body_violates_schema.md"),
};

/// One finding for each documented place; elements of an array are folded into it.
pub(super) fn check(view: &CallView<'_>, json: &Json, violations: &[Violation], out: &mut Sink) {
    let mut order: Vec<(String, &Violation)> = Vec::new();
    let mut places: BTreeMap<String, Vec<Location>> = BTreeMap::new();
    for violation in violations.iter().filter(|v| !v.contract && !v.undecided) {
        let key = format!(
            "{} {}",
            place::generic(&violation.pointer),
            violation.keywords.join(",")
        );
        if !places.contains_key(&key) {
            order.push((key.clone(), violation));
        }
        places
            .entry(key)
            .or_default()
            .push(place::in_body(view, json, &violation.pointer));
    }
    for (key, violation) in order {
        let at = places.remove(&key).unwrap_or_default();
        let mut rest = at.into_iter();
        let Some(first) = rest.next() else {
            continue;
        };
        let more: Vec<Location> = rest.collect();
        let hit = place::hit(view, &RULE, first)
            .expected(violation.expected.clone())
            .observed(violation.observed.clone())
            .key(violation.keywords.join(","));
        out.push_many(hit, more.len() as u64 + 1, &more);
    }
}
