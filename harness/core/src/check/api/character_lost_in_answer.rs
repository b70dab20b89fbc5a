use std::collections::BTreeSet;

use serde_json::Value;

use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::{CallView, Json, pointer_step};

/// API-019
pub(super) const RULE: Rule = Rule {
    code: "API-019",
    name: "character-lost-in-answer",
    source: include_str!("character_lost_in_answer.md"),
};

/// Signs that converters put where they know no character.
const SUBSTITUTES: &[char] = &['?', '？', '〓', '□', '■', '\u{FFFD}', '\u{1A}'];

/// An item that the answer gives back under the same name, equal but for characters that were replaced by a substitute or
/// whose variation selector is gone. Anything else may be the provider's business.
pub(super) fn check(view: &CallView<'_>, json: &Json, out: &mut Sink) {
    let Some(Ok(request)) = &view.request else {
        return;
    };
    let Some(sent) = request.value.as_object() else {
        return;
    };
    let mut found = Vec::new();
    walk(sent, &json.value, "", &mut found);
    for (pointer, observed) in found {
        let at = place::in_body(view, json, &pointer);
        out.push(
            place::answer(view, &RULE, at)
                .expected("the characters of the request")
                .observed(observed),
        );
    }
}

fn walk(
    sent: &serde_json::Map<String, Value>,
    value: &Value,
    at: &str,
    found: &mut Vec<(String, &'static str)>,
) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let pointer = format!("{at}/{}", pointer_step(name));
                match (sent.get(name), value) {
                    (Some(Value::String(before)), Value::String(after)) => {
                        if let Some(what) = lost(before, after) {
                            found.push((pointer, what));
                        }
                    }
                    (Some(Value::Object(inner)), Value::Object(_)) => {
                        walk(inner, value, &pointer, found);
                    }
                    _ => walk(sent, value, &pointer, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                walk(sent, value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn lost(before: &str, after: &str) -> Option<&'static str> {
    if before == after {
        return None;
    }
    let selector = |c: &char| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    let plain: Vec<char> = before.chars().filter(|c| !selector(c)).collect();
    let kept: Vec<char> = after.chars().filter(|c| !selector(c)).collect();
    if plain == kept {
        return Some("variation selector gone");
    }
    // A converter that counts bytes or surrogates writes a substitute for each of them.
    let written: (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let same = substituted(&written.0, &written.1);
    (same || substituted(&plain, &kept)).then_some("substitute character")
}

/// Longest text that is compared, in characters: the work grows with the square of it.
const LONGEST: usize = 1000;

/// True when the texts are equal but for substitutes; one character may have become up to four of them.
fn substituted(before: &[char], after: &[char]) -> bool {
    if before.len() > LONGEST || after.len() > 4 * LONGEST {
        return false;
    }
    // How far into `after` each way of reading it has come.
    let mut reached = BTreeSet::from([0_usize]);
    for b in before {
        let mut next = BTreeSet::new();
        for at in reached {
            if after.get(at) == Some(b) {
                next.insert(at + 1);
            }
            let rest = after.get(at..).unwrap_or_default();
            let marks = rest
                .iter()
                .take(4)
                .take_while(|c| SUBSTITUTES.contains(c))
                .count();
            if !b.is_ascii() {
                next.extend((1..=marks).map(|n| at + n));
            }
        }
        reached = next;
    }
    reached.contains(&after.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lost_characters_count() {
        assert_eq!(lost("𠮷田", "??田"), Some("substitute character"));
        assert_eq!(lost("髙橋", "〓橋"), Some("substitute character"));
        assert_eq!(
            lost("葛\u{E0100}城", "葛城"),
            Some("variation selector gone")
        );
        assert_eq!(lost("吉田", "吉川"), None);
        assert_eq!(lost("A?", "A?"), None);
        assert_eq!(
            lost(&"𠮷".repeat(500), &"?".repeat(1001)),
            Some("substitute character")
        );
        assert_eq!(
            lost(&"𠮷".repeat(100_000), &"?".repeat(100_000)),
            None,
            "too long to compare"
        );
    }
}
