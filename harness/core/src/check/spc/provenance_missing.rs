//! SPC-009 provenance-missing: see the page.

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::spec::Fidelity;

/// SPC-009
pub(super) const RULE: Rule = Rule {
    code: "SPC-009",
    name: "provenance-missing",
    source: include_str!("provenance_missing.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    let head = &facts.draft.pack.head;
    if !facts
        .draft
        .files
        .iter()
        .any(|(path, _)| path == "pack.toml")
    {
        return; // SPC-001 says so.
    }
    // A head with a mistake is not loaded; what it does state is stated all the same.
    let written: Option<toml::Table> = facts.draft.text("pack.toml").parse().ok();
    let silent = |key: &str| written.as_ref().is_some_and(|table| !states(table, key));
    let own = head.fidelity == Fidelity::Illustrative;
    let undated = silent("document_version") && silent("document_date");
    let missing = [
        (
            "document",
            silent("document"),
            "元の文書（document）",
            "the source document",
        ),
        (
            "document_date",
            undated && !own,
            "文書の版も日付（document_version, document_date）",
            "version or date of the document",
        ),
        (
            "source",
            silent("source"),
            "出典（source）",
            "the source line",
        ),
        (
            "licence",
            silent("licence"),
            "利用条件（licence）",
            "the licence",
        ),
    ];
    for (key, is_missing, ja, en) in missing {
        if is_missing {
            let place = Place::near(facts, "pack.toml", key, "", Some(key.to_owned()));
            out.push(place.hit(&RULE).arg("what_ja", ja).arg("what", en));
        }
    }
    for requirement in &facts.draft.pack.requirements {
        if requirement.clause.is_empty() && requirement.source.is_empty() {
            let (ja, en) = (
                format!("要件「{}」の条項", requirement.id),
                format!("the clause of requirement {}", requirement.id),
            );
            let place = Place::of_requirement(facts, requirement);
            out.push(place.hit(&RULE).arg("what_ja", ja).arg("what", en));
        }
    }
}

/// True when the key has a text, or a text in Japanese.
fn states(table: &toml::Table, key: &str) -> bool {
    let value = table.get(key);
    let text = value.and_then(|v| v.as_str().or_else(|| v.get("ja")?.as_str()));
    text.is_some_and(|text| !text.trim().is_empty())
}
