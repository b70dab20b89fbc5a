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
    let own = head.fidelity == Fidelity::Illustrative;
    let undated = head.document_version.is_empty() && head.document_date.is_empty();
    let missing = [
        (
            "document",
            head.document.ja.trim().is_empty(),
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
            head.source.trim().is_empty(),
            "出典（source）",
            "the source line",
        ),
        (
            "licence",
            head.licence.trim().is_empty(),
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
