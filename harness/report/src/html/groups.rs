//! Findings in detail, by case, and what the filter over them offers.

use renkei_core::model::{Finding, Lang};
use renkei_core::record::ResultDocument;
use serde::Serialize;

use super::card::{self, Card};
use super::filtering;
use super::parts::{self, Chip, case_anchor, direction};
use super::related::Related;
use crate::{view, words};

/// A choice of the filter.
#[derive(Debug, Serialize)]
pub(super) struct Filter {
    name: &'static str,
    label: String,
    options: Vec<Choice>,
}

#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Choice {
    value: String,
    text: String,
    class: String,
}

/// Findings of one case, or of the declarations.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    verdict: Option<Chip>,
    title: String,
    about: String,
    reason: String,
    target: String,
    cards: Vec<Card>,
}

/// Findings by case; groups in the order of their most severe finding.
pub(super) fn groups(
    doc: &ResultDocument,
    shown: &[&Finding],
    related: &Related<'_>,
    lang: Lang,
) -> Vec<Group> {
    let mut groups: Vec<(&str, Group)> = Vec::new();
    for finding in shown {
        let card = card::card(doc, finding, related, lang);
        match groups.iter_mut().find(|(case, _)| *case == finding.case) {
            Some((_, group)) => group.cards.push(card),
            None => groups.push((
                &finding.case,
                Group {
                    cards: vec![card],
                    ..group(doc, finding, lang)
                },
            )),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

pub(super) fn group(doc: &ResultDocument, finding: &Finding, lang: Lang) -> Group {
    let Some(case) = view::case_of(doc, finding) else {
        return Group {
            verdict: None,
            title: if finding.case.is_empty() {
                words::get(lang, "html.declarations")
            } else {
                finding.case.clone()
            },
            about: words::get(lang, "html.declarations_about"),
            reason: String::new(),
            target: String::new(),
            cards: Vec::new(),
        };
    };
    let method = words::of(lang, "method", &case.method);
    let between = direction(
        &view::party_name(doc, &case.from, lang),
        &view::party_name(doc, &case.to, lang),
    );
    Group {
        verdict: Some(parts::verdict(case.verdict, lang)),
        title: format!("{} {}", case.id, case.title.get(lang)),
        about: format!("{}  {method}  {between}", case.linkage),
        reason: view::reason(case, lang),
        target: case_anchor(&case.id),
        cards: Vec::new(),
    }
}

/// What the filter offers: the values that occur, in the order of the page. The cards get the classes of their choices.
pub(super) fn filters(groups: &mut [Group], lang: Lang) -> Vec<Filter> {
    let same = |value: &str| (value.to_owned(), value.to_owned());
    vec![
        filter(groups, "verdict", "html.filter_verdict", lang, &|card| {
            (card.chip.tone.clone(), card.chip.word.clone())
        }),
        filter(groups, "side", "html.filter_side", lang, &|card| {
            let word = words::of(lang, "cause", card.side_key);
            (card.side_key.to_owned(), word)
        }),
        filter(groups, "case", "html.filter_case", lang, &|card| {
            same(&card.case)
        }),
        filter(groups, "rule", "html.filter_rule", lang, &|card| {
            same(&card.rule)
        }),
    ]
}

/// One field; `of` gives a card's value and the word for it.
fn filter(
    groups: &mut [Group],
    name: &'static str,
    key: &str,
    lang: Lang,
    of: &dyn Fn(&Card) -> (String, String),
) -> Filter {
    let mut options: Vec<Choice> = Vec::new();
    for card in groups.iter_mut().flat_map(|group| &mut group.cards) {
        let (value, text) = of(card);
        if value.is_empty() {
            continue;
        }
        let known = options.iter().position(|known| known.value == value);
        let at = known.unwrap_or(options.len());
        let class = filtering::class(name, at);
        card.choices.push(' ');
        card.choices.push_str(&class);
        if known.is_none() {
            options.push(Choice { value, text, class });
        }
    }
    Filter {
        name,
        label: words::get(lang, key),
        options,
    }
}

/// The rules that let the filter work without a script.
pub(super) fn filter_style(filters: &[Filter]) -> String {
    filtering::style(filters.iter().map(|f| (f.name, f.options.len())))
}
