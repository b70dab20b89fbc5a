//! Findings in detail, by case, and what the filter over them offers.

use renkei_core::model::{Finding, Lang};
use renkei_core::record::ResultDocument;
use serde::Serialize;

use super::card::{self, Card};
use super::parts::{self, Chip, case_anchor, direction};
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
pub(super) fn groups(doc: &ResultDocument, shown: &[&Finding], lang: Lang) -> Vec<Group> {
    let mut groups: Vec<(&str, Group)> = Vec::new();
    for finding in shown {
        let card = card::card(doc, finding, lang);
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

/// What the filter offers: the values that occur, in the order of the page.
pub(super) fn filters(groups: &[Group], lang: Lang) -> Vec<Filter> {
    let cards: Vec<&Card> = groups.iter().flat_map(|group| &group.cards).collect();
    let offered = |choice: &dyn Fn(&Card) -> Choice| {
        let mut options: Vec<Choice> = Vec::new();
        for option in cards
            .iter()
            .map(|card| choice(card))
            .filter(|option| !option.value.is_empty())
        {
            if !options.iter().any(|known| known.value == option.value) {
                options.push(option);
            }
        }
        options
    };
    let filter = |name, key: &str, options| Filter {
        name,
        label: words::get(lang, key),
        options,
    };
    vec![
        filter(
            "verdict",
            "html.filter_verdict",
            offered(&|card| Choice {
                value: card.chip.tone.clone(),
                text: card.chip.word.clone(),
            }),
        ),
        filter(
            "side",
            "html.filter_side",
            offered(&|card| Choice {
                value: card.side_key.into(),
                text: words::of(lang, "cause", card.side_key),
            }),
        ),
        filter(
            "case",
            "html.filter_case",
            offered(&|card| Choice {
                value: card.case.clone(),
                text: card.case.clone(),
            }),
        ),
        filter(
            "rule",
            "html.filter_rule",
            offered(&|card| Choice {
                value: card.rule.clone(),
                text: card.rule.clone(),
            }),
        ),
    ]
}
