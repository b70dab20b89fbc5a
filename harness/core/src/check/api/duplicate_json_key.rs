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
    for repeated in &json.duplicates {
        let again = repeated.again;
        let at = place::at_bytes(view, &repeated.pointer, again.offset, again.length);
        out.push(
            place::hit(view, &RULE, at)
                .expected("once")
                .observed("twice")
                .arg("before", repeated.before.offset.to_string())
                .arg("again", again.offset.to_string()),
        );
    }
}
