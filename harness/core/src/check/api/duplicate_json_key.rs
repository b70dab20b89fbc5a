use super::folding::fold;
use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, Json};

/// API-010
pub(super) const RULE: Rule = Rule {
    code: "API-010",
    name: "duplicate-json-key",
    source: include_str!("duplicate_json_key.md"),
};

/// Names that stand twice in one object.
pub(super) fn check(view: &CallView<'_>, json: &Json, out: &mut Sink) {
    let places = json.duplicates.iter().map(|repeated| {
        let again = repeated.again;
        let at = place::at_bytes(view, &repeated.pointer, again.offset, again.length);
        (repeated.pointer.as_str(), String::new(), at)
    });
    for folded in fold(places.collect()) {
        let Some(repeated) = json.duplicates.get(folded.first) else {
            continue;
        };
        let hit = place::answer(view, &RULE, folded.at)
            .expected("once")
            .observed("twice")
            .arg("before", repeated.before.offset.to_string())
            .arg("again", repeated.again.offset.to_string());
        out.push_many(hit, folded.more.len() as u64 + 1, &folded.more);
    }
}
