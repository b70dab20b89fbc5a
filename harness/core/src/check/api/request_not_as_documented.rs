use super::violation::{self, Violation};
use super::{body_not_readable_here, folding::fold, item_not_as_declared, parameters, place};
use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::Location;
use crate::observe::{CallView, CodingFault, Json};
use crate::spec::MediaType;

/// API-051
pub(super) const RULE: Rule = Rule {
    code: "API-051",
    name: "request-not-as-documented",
    source: include_str!("request_not_as_documented.md"),
};

/// Judges what a consumer sent of its own; true when it is as documented. A coded body is judged by a plain copy of it;
/// bodies that were cut are not judged.
pub(super) fn check(view: &CallView<'_>, out: &mut Sink) -> bool {
    let authorized = check_authorization(view, out);
    let asked = check_parameters(view, out);
    let told = check_body(view, out);
    authorized && asked && told
}

fn check_parameters(view: &CallView<'_>, out: &mut Sink) -> bool {
    let misfits = parameters::misfits(view);
    for misfit in &misfits {
        out.push(
            hit(view, Some(misfit.pointer.clone()))
                .expected(misfit.expected.clone())
                .observed(misfit.observed.clone())
                .key(misfit.keywords.join(",")),
        );
    }
    misfits.is_empty()
}

/// An operation that needs a scope needs a token (RFC 6750 2).
fn check_authorization(view: &CallView<'_>, out: &mut Sink) -> bool {
    let needed = view.api.scope(&view.operation.id).is_some();
    let headers = &view.http.request.headers;
    let there = headers
        .iter()
        .any(|h| h.name.eq_ignore_ascii_case("authorization"));
    if !needed || there {
        return true;
    }
    out.push(
        hit(view, Some("header:authorization".to_owned()))
            .expected("present")
            .observed("absent"),
    );
    false
}

fn check_body(view: &CallView<'_>, out: &mut Sink) -> bool {
    let Some(documented) = &view.operation.request else {
        return true; // nothing is documented about a body, so nothing can be said about one
    };
    let cut = view.http.wire.as_ref().is_some_and(|w| w.request.cut);
    let headers = &view.http.request.headers;
    let value = |name: &str| {
        let mut found = headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name));
        found.next().map(|h| h.value.as_str())
    };
    if let Some(fault) = &view.request_coding {
        return check_coding(view, fault, cut, out);
    }
    let Some(json) = &view.request else {
        if documented.required && !cut {
            out.push(hit(view, None).expected("request body").observed("absent"));
            return false;
        }
        return true;
    };
    let mut good = true;
    let told = value("content-type").and_then(MediaType::parse);
    let fits = |told: &MediaType| {
        documented
            .content
            .iter()
            .any(|c| told.essence == c.media_type.essence || told.satisfies(&c.media_type))
    };
    if !documented.content.is_empty() && !told.as_ref().is_some_and(fits) {
        let words: Vec<String> = documented
            .content
            .iter()
            .map(|c| c.media_type.to_string())
            .collect();
        let seen = value("content-type").map_or("absent".to_owned(), |v| super::shape::cut(v, 60));
        out.push(
            hit(view, Some("header:content-type".to_owned()))
                .expected(words.join(" | "))
                .observed(seen),
        );
        good = false;
    }
    let is_json = told.as_ref().is_none_or(MediaType::is_json);
    if cut || !is_json || view.operation.request_schema().is_none() {
        return good;
    }
    match json {
        Err(fault) => {
            let pointer = (!fault.pointer.is_empty()).then(|| fault.pointer.clone());
            out.push(
                hit(view, pointer)
                    .expected("JSON")
                    .observed(fault.kind.word()),
            );
            false
        }
        Ok(json) => {
            let found = violation::of_request(view, json);
            let told: Vec<_> = found.iter().filter(|v| !v.undecided).collect();
            let places = told.iter().map(|v| {
                let at = at(view, Some(v.pointer.clone()).filter(|p| !p.is_empty()));
                (v.pointer.as_str(), v.keywords.join(","), at)
            });
            for folded in fold(places.collect()) {
                let Some(violation) = told.get(folded.first) else {
                    continue;
                };
                let hit = hit(view, folded.at.pointer.clone())
                    .expected(violation.expected.clone())
                    .observed(violation.observed.clone())
                    .key(violation.keywords.join(","));
                out.push_many(hit, folded.more.len() as u64 + 1, &folded.more);
            }
            let fine = check_items(view, json, &found, out);
            good && told.is_empty() && fine
        }
    }
}

/// What a schema cannot say: names that stand twice, numbers that readers take for others, the pack's table of items.
fn check_items(view: &CallView<'_>, json: &Json, known: &[Violation], out: &mut Sink) -> bool {
    let twice = json.duplicates.iter().map(|d| {
        let words = ("once".to_owned(), "twice".to_owned());
        (d.pointer.clone(), words.0, words.1)
    });
    let imprecise = json.imprecise.iter().map(|n| {
        let expected = "a number that a double holds exactly".to_owned();
        let observed = format!("number of {} characters", n.span.length);
        (n.pointer.clone(), expected, observed)
    });
    let items = item_not_as_declared::of_request(view, json, known);
    let all: Vec<_> = twice.chain(imprecise).chain(items).collect();
    let places = all.iter().map(|(pointer, expected, _)| {
        let at = at(view, Some(pointer.clone()));
        (pointer.as_str(), expected.clone(), at)
    });
    for folded in fold(places.collect()) {
        let Some((_, expected, observed)) = all.get(folded.first) else {
            continue;
        };
        let hit = hit(view, folded.at.pointer.clone())
            .expected(expected.clone())
            .observed(observed.clone())
            .key(expected.clone());
        out.push_many(hit, folded.more.len() as u64 + 1, &folded.more);
    }
    all.is_empty()
}

/// A content coding that cannot be undone: the consumer's fault where the bytes are not what the header says, the limit of
/// the harness otherwise.
fn check_coding(view: &CallView<'_>, fault: &CodingFault, cut: bool, out: &mut Sink) -> bool {
    match fault {
        CodingFault::Broken(_) if cut => true,
        CodingFault::Broken(coding) => {
            let at = Some("header:content-encoding".to_owned());
            out.push(
                hit(view, at)
                    .expected(coding.clone())
                    .observed(fault.word()),
            );
            false
        }
        other => {
            body_not_readable_here::push_request(view, other, out);
            true
        }
    }
}

fn at(view: &CallView<'_>, pointer: Option<String>) -> Location {
    Location {
        pointer,
        ..view.place()
    }
}

fn hit(view: &CallView<'_>, pointer: Option<String>) -> Hit {
    let (ja, en) = match &pointer {
        None => ("本文".to_owned(), "body".to_owned()),
        Some(p) => (p.clone(), p.clone()),
    };
    place::hit(view, &RULE, at(view, pointer))
        .arg("where_ja", ja)
        .arg("where", en)
}
