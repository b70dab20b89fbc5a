//! SPC-010 names-what-is-not-there: see the page.

use super::{Facts, Place, Told, told};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Bilingual;

/// SPC-010
pub(super) const RULE: Rule = Rule {
    code: "SPC-010",
    name: "names-what-is-not-there",
    source: include_str!("names_what_is_not_there.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    told(&RULE, "SPC-010", facts, out);
    let pack = &facts.draft.pack;
    let mut say = |place: &Place, what: &str, ja: &str| {
        let message = Bilingual::new(
            format!("{ja}「{what}」はこのパックにありません"),
            format!("`{what}` is not in this pack"),
        );
        let help = Bilingual::new("名前を直します", "correct the name");
        out.push(place.hit(&RULE).args_of(&message, &help).key(what));
    };
    for (folder, layout) in &pack.layouts {
        for reference in &layout.references {
            let file = format!("layouts/{folder}/layout.toml");
            let place = Place::near(facts, &file, &reference.layout, "[[reference]]", None);
            match pack.layouts.get(&reference.layout) {
                None => say(&place, &reference.layout, "参照先の様式"),
                Some(other) => {
                    for name in reference
                        .to
                        .iter()
                        .filter(|n| other.find_field(n).is_none())
                    {
                        say(
                            &place,
                            &format!("{}/{name}", reference.layout),
                            "参照先の項目",
                        );
                    }
                }
            }
        }
    }
    for requirement in &pack.requirements {
        for scope in requirement.scope.iter().filter(|s| !is_there(facts, s)) {
            say(
                &Place::of_requirement(facts, requirement),
                scope,
                "要件の対象",
            );
        }
    }
}

fn is_there(facts: &Facts<'_>, scope: &str) -> bool {
    let pack = &facts.draft.pack;
    let (of, field) = scope.split_once('/').unwrap_or((scope, ""));
    let described = facts.draft.documents.iter().any(|(id, ..)| id == of);
    if described || pack.messages.contains_key(of) {
        return true;
    }
    let mut layouts = pack
        .layouts
        .iter()
        .filter(|(id, _)| of.is_empty() || *id == of);
    layouts.any(|(_, layout)| field.is_empty() || layout.find_field(field).is_some())
}
