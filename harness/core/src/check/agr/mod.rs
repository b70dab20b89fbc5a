//! AGR: what both sides declared.

mod ambiguous_encoding_label;
mod answer_outside_allowed;
mod choice_open;
mod contradicting_answers;
mod decision_outside_declarations;
mod declarations_conflict;
mod linkage_named_by_one_side;
mod mandatory_item_unanswered;
mod observed_differs_from_agreed;
mod one_side_silent;

use super::rule::Rule;
use super::sink::{Hit, Sink};
use crate::agreement::{Answer, Settled, scope_words};
use crate::model::{Bilingual, Location};

pub use observed_differs_from_agreed::{check as examine_observed, tell as examine_seen, tell_row};

/// Rules of the area, in the order of codes.
pub(super) const RULES: &[&Rule] = &[
    &declarations_conflict::RULE,
    &one_side_silent::RULE,
    &mandatory_item_unanswered::RULE,
    &answer_outside_allowed::RULE,
    &ambiguous_encoding_label::RULE,
    &choice_open::RULE,
    &observed_differs_from_agreed::RULE,
    &contradicting_answers::RULE,
    &decision_outside_declarations::RULE,
    &linkage_named_by_one_side::RULE,
];

/// Judges the items of a linkage. An item has one state, so at most one kind of finding by it; answers that are not allowed
/// and answers that exclude each other are told one by one.
pub fn examine(items: &[Settled], out: &mut Sink) {
    for settled in items {
        ambiguous_encoding_label::check(settled, out);
        answer_outside_allowed::check(settled, out);
        declarations_conflict::check(settled, out);
        one_side_silent::check(settled, out);
        mandatory_item_unanswered::check(settled, out);
        choice_open::check(settled, out);
        contradicting_answers::check(settled, out);
        decision_outside_declarations::check(settled, out);
    }
    linkage_named_by_one_side::check(items, out);
}

/// A hit about an item, at the declaration of `answer` if there is one.
fn hit(rule: &'static Rule, settled: &Settled, answer: Option<&Answer>) -> Hit {
    let (file, line) = answer.map_or((None, None), |a| place(&a.place));
    let at = Location {
        file,
        line,
        item: Some(settled.item.id.clone()),
        ..Location::default()
    };
    of_scope(Hit::new(rule, at), &settled.linkage, &settled.exchange)
        .key(scope(settled))
        .arg("pair", settled.pair.clone())
        .arg("title_ja", settled.item.title.ja.clone())
        .arg("title", settled.item.title.en.clone())
        .arg("standard", or_dash(&settled.item.standard))
        .arg("provider", told(settled.provider.as_ref()))
        .arg("consumer", told(settled.consumer.as_ref()))
        .arg("provider_source", source(settled.provider.as_ref()))
        .arg("consumer_source", source(settled.consumer.as_ref()))
}

/// Says of which linkage and exchange a hit is.
fn of_scope(hit: Hit, linkage: &str, exchange: &str) -> Hit {
    let words = scope_words(linkage, exchange);
    let words = words.unwrap_or_else(|| Bilingual::new("（全体）", "(any)"));
    hit.arg("linkage_ja", words.ja).arg("linkage", words.en)
}

/// What tells findings about the same item apart.
fn scope(settled: &Settled) -> String {
    let of = format!("{}|{}", settled.linkage, settled.pair);
    match settled.exchange.as_str() {
        "" => of,
        exchange => format!("{of}|{exchange}"),
    }
}

/// The values of an answer, alternatives separated by ` | `.
fn told(answer: Option<&Answer>) -> String {
    answer.map_or_else(|| "-".to_owned(), |a| a.values.join(" | "))
}

/// Where an answer was given.
fn source(answer: Option<&Answer>) -> String {
    match answer {
        Some(answer) if answer.source.is_empty() => answer.place.clone(),
        Some(answer) => format!("{} ({})", answer.place, answer.source),
        None => "-".to_owned(),
    }
}

fn or_dash(text: &str) -> String {
    or(text, "-")
}

fn or(text: &str, without: &str) -> String {
    if text.is_empty() { without } else { text }.to_owned()
}

/// `file:line` as a place.
fn place(text: &str) -> (Option<String>, Option<u64>) {
    match text.rsplit_once(':') {
        Some((file, line)) => match line.parse() {
            Ok(line) => (Some(file.to_owned()), Some(line)),
            Err(_) => (Some(text.to_owned()), None),
        },
        None => (Some(text.to_owned()), None),
    }
}

/// The answer of a side, by its word in [`Settled::outside`].
fn answer_of<'s>(settled: &'s Settled, side: &str) -> Option<&'s Answer> {
    match side {
        "provider" => settled.provider.as_ref(),
        _ => settled.consumer.as_ref(),
    }
}
