//! Joins two profiles item by item with the standard. Never a silent default: every value knows where it comes from.

use super::contradiction::{self, Contradiction};
use super::{Answer, Negotiated, Profile, sets};
use crate::encoding::repertoire::List;
use crate::model::Bilingual;
use crate::record::{AgreementRow, AgreementState};
use crate::spec::{Allowed, Catalogue, Choice, Item, Span, Status};

/// One item as settled between two sides for one linkage.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The item, as this pair is held to it.
    pub item: Item,
    /// 連携ID.
    pub linkage: String,
    /// Case id, when the item was answered for one exchange only; else empty.
    pub exchange: String,
    /// The pair, `a..b` (provider first).
    pub pair: String,
    /// How it stands.
    pub state: AgreementState,
    /// The provider's answer.
    pub provider: Option<Answer>,
    /// The consumer's answer.
    pub consumer: Option<Answer>,
    /// The value that holds.
    pub value: Option<String>,
    /// Values both sides allow, in the provider's order; more than one when the item is open.
    pub common: Vec<String>,
    /// What to pick when it is open, and why.
    pub proposal: Option<(String, Bilingual)>,
    /// Values that were answered although they are not allowed, with the side that did (`provider`, `consumer`).
    pub outside: Vec<(&'static str, String)>,
    /// Answers it is in contradiction with.
    pub contradictions: Vec<Contradiction>,
    /// What the negotiated record says although the declarations do not allow it.
    pub overruled: Option<String>,
    /// The side (`provider`, `consumer`) that alone names the linkage, where the other names linkages but not this one.
    pub named_by: Option<&'static str>,
    /// Where the value comes from.
    pub basis: Bilingual,
}

/// The two sides of a linkage, and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// 連携ID.
    pub linkage: &'a str,
    /// Case id, when the question is about one exchange; else empty.
    pub exchange: &'a str,
    /// Party id of the provider (or sender) and its profile.
    pub provider: (&'a str, &'a Profile),
    /// Party id of the consumer (or receiver) and its profile.
    pub consumer: (&'a str, &'a Profile),
    /// Kind of exchange: `file`, `api` or `both`.
    pub method: &'a str,
    /// Form of its files: `fixed`, `delimited`; empty when not known or both.
    pub form: &'a str,
    /// What the sides settled before.
    pub negotiated: Option<&'a Negotiated>,
}

impl<'a> Sides<'a> {
    /// A fact about the pair by its name in conditions; `None` for what is not known.
    pub(super) fn fact(&self, name: &str) -> Option<&'a str> {
        let known = |word: &'a str| (!word.is_empty()).then_some(word);
        match name {
            // A linkage may use both kinds; then a condition about one of them decides nothing.
            "method" => known(self.method).filter(|m| *m != "both"),
            "form" => known(self.form),
            "provider_kind" => Some(self.provider.1.system.kind.as_str()),
            "consumer_kind" => Some(self.consumer.1.system.kind.as_str()),
            // A site that was not declared is not on premises: exceptions need a declaration.
            "provider_site" => Some(self.provider.1.system.site().as_str()),
            "consumer_site" => Some(self.consumer.1.system.site().as_str()),
            _ => None,
        }
    }
}

/// Joins the answers of two sides on every item that matters for their kind of exchange.
pub fn join(catalogue: &Catalogue, sides: Sides<'_>) -> Vec<Settled> {
    let sides = Sides {
        method: settled_method(catalogue, sides).unwrap_or(sides.method),
        ..sides
    };
    let matters = |item: &&Item| {
        item.method == "both" || sides.method == "both" || item.method == sides.method
    };
    let items = catalogue.items.iter().filter(matters);
    let lists = catalogue.lists.as_slice();
    let mut settled: Vec<Settled> = items.map(|item| of_pair(catalogue, item, sides)).collect();
    let first = settled.clone();
    let known = |name: &str| sides.fact(name).or_else(|| value_of(&first, name));
    for one in &mut settled {
        let mut item = one.item.clone();
        if demand(catalogue, &mut item, false, &known) {
            *one = settle(item, sides, lists);
        }
    }
    settled.retain(|s| s.item.status != Status::NotApplicable || s.is_answered_for(sides));
    contradiction::find(catalogue, sides, &mut settled);
    settled.retain(|s| s.item.status != Status::NotApplicable || !s.contradictions.is_empty());
    for one in &mut settled {
        if one.item.status == Status::NotApplicable {
            one.state = AgreementState::Contradiction;
        }
        propose(one);
    }
    settled
}

/// An item under the demands that look at the pair alone.
fn of_pair(catalogue: &Catalogue, item: &Item, sides: Sides<'_>) -> Settled {
    let mut item = item.clone();
    demand(catalogue, &mut item, true, &|name: &str| sides.fact(name));
    settle(item, sides, &catalogue.lists)
}

/// The only kind of exchange, where both kinds are asked about and the two settled on one (連携方式): items of the other kind
/// say nothing to them.
fn settled_method(catalogue: &Catalogue, sides: Sides<'_>) -> Option<&'static str> {
    let mut items = catalogue.items.iter();
    let item = items.find(|i| i.setting == "linkage.method" && sides.method == "both")?;
    match of_pair(catalogue, item, sides).value.as_deref() {
        Some("file") => Some("file"),
        Some("rest") => Some("api"),
        _ => None,
    }
}

/// Applies the demands on an item that hold; `about_the_pair` chooses between those that look at no answer and those that do.
fn demand<'v>(
    catalogue: &Catalogue,
    item: &mut Item,
    about_the_pair: bool,
    known: &dyn Fn(&str) -> Option<&'v str>,
) -> bool {
    let mut changed = false;
    let id = item.id.clone();
    for demand in catalogue.demands.iter().filter(|d| d.item == id) {
        if demand.when.is_about_the_pair() == about_the_pair
            && demand.when.holds(known) == Some(true)
        {
            demand.apply(item);
            changed = true;
        }
    }
    changed
}

/// The value of an item, if it has one.
fn value_of<'s>(settled: &'s [Settled], id: &str) -> Option<&'s str> {
    settled.iter().find(|s| s.item.id == id)?.value.as_deref()
}

fn settle(item: Item, sides: Sides<'_>, lists: &[List]) -> Settled {
    let answer = |profile: &Profile| {
        profile
            .answer(&item.id, sides.linkage, sides.exchange)
            .cloned()
    };
    let (provider, consumer) = (answer(sides.provider.1), answer(sides.consumer.1));
    let mut outside = Vec::new();
    for (side, answer) in [("provider", &provider), ("consumer", &consumer)] {
        let values = answer.iter().flat_map(|a| &a.values);
        let bad = values.filter(|v| {
            item.status == Status::Prohibited
                || !item.allowed.accepts(v)
                || !standard_accepts(&item.standard, v)
        });
        outside.extend(bad.map(|v| (side, v.clone())));
    }
    let common = match (&provider, &consumer) {
        (Some(a), Some(b)) => common(&item, &a.values, &b.values, lists),
        _ => Vec::new(),
    };
    let perhaps = sets::is_set(&item) && common.is_empty();
    let scoped = [&provider, &consumer]
        .into_iter()
        .flatten()
        .any(|a| !a.exchange.is_empty());
    let mut settled = Settled {
        linkage: sides.linkage.to_owned(),
        exchange: if scoped {
            sides.exchange.to_owned()
        } else {
            String::new()
        },
        pair: format!("{}..{}", sides.provider.0, sides.consumer.0),
        state: AgreementState::Silent,
        provider,
        consumer,
        value: None,
        common,
        proposal: None,
        outside,
        contradictions: Vec::new(),
        overruled: None,
        named_by: None,
        basis: Bilingual::default(),
        item,
    };
    decide(&mut settled);
    if perhaps {
        open_if_perhaps_the_same(&mut settled, lists);
    }
    if let Some(negotiated) = sides.negotiated {
        take_over(&mut settled, negotiated, sides.exchange);
    }
    settled
}

/// Sets that may be the same, by lists that nobody supplied, are no conflict: a person must say.
fn open_if_perhaps_the_same(settled: &mut Settled, lists: &[List]) {
    let (Some(a), Some(b)) = (&settled.provider, &settled.consumer) else {
        return;
    };
    let perhaps = |x: &&String| b.values.iter().any(|y| sets::same(x, y, lists).is_none());
    let common: Vec<String> = a.values.iter().filter(perhaps).cloned().collect();
    if settled.state == AgreementState::Conflict && !common.is_empty() {
        settled.state = AgreementState::Open;
        settled.common = common;
        settled.basis = Bilingual::new(
            "文字の一覧がないため、双方の範囲が同じか分からず、人が確かめます",
            "without the lists of characters nobody knows whether the sets are the same; a person must confirm",
        );
    }
}

/// Values that both lists allow, in the order of the first. Ranges of numbers meet in what they have in common; sets of
/// characters are the same when they hold the same.
fn common(item: &Item, a: &[String], b: &[String], lists: &[List]) -> Vec<String> {
    let allowed = &item.allowed;
    let is_set = sets::is_set(item);
    let mut found: Vec<String> = Vec::new();
    for one in a {
        for other in b {
            let met = match (allowed, Span::parse(one), Span::parse(other)) {
                (Allowed::Integer, Some(one), Some(other)) => {
                    one.common(other).map(|s| s.to_string())
                }
                _ if is_set => (sets::same(one, other, lists) == Some(true)).then(|| one.clone()),
                _ => (one == other).then(|| one.clone()),
            };
            found.extend(met.filter(|value| !found.contains(value)));
        }
    }
    found
}

fn decide(settled: &mut Settled) {
    let fixed = fixed_value(&settled.item.standard);
    let answers = (settled.provider.is_some(), settled.consumer.is_some());
    let (state, value, basis) = if !settled.outside.is_empty() {
        let basis = match &settled.item.demanded {
            Some(why) => Bilingual::new(
                format!("許されない値が申告されました。{}", why.ja),
                format!("an answer is not allowed; {}", why.en),
            ),
            None => Bilingual::new("許されない値が申告されました", "an answer is not allowed"),
        };
        (AgreementState::Outside, None, basis)
    } else if let Some(value) = fixed {
        let source = &settled.item.source;
        let basis = Bilingual::new(
            format!("標準が定める（{source}）"),
            format!("the standard decides ({source})"),
        );
        (AgreementState::Standard, Some(value.to_owned()), basis)
    } else {
        match (answers, settled.common.as_slice()) {
            ((true, true), [value]) if !is_range(&settled.item, value) => (
                AgreementState::Agreed,
                Some(value.clone()),
                Bilingual::new("双方が認める唯一の値", "the only value both sides allow"),
            ),
            ((true, true), []) => (
                AgreementState::Conflict,
                None,
                Bilingual::new("共通の値がありません", "no value in common"),
            ),
            ((true, true), _) => by_preference(settled),
            ((false, false), _) => (
                AgreementState::Silent,
                None,
                Bilingual::new("どちらも回答していません", "neither side answered"),
            ),
            _ => (
                AgreementState::OneSide,
                None,
                Bilingual::new("片側だけが回答しました", "only one side answered"),
            ),
        }
    };
    settled.state = state;
    settled.value = value;
    settled.basis = basis;
}

fn is_range(item: &Item, value: &str) -> bool {
    matches!(item.allowed, Allowed::Integer)
        && Span::parse(value).is_some_and(|s| s.only().is_none())
}

/// Several values in common: the side that the catalogue names decides by its order, else a person must.
fn by_preference(settled: &Settled) -> (AgreementState, Option<String>, Bilingual) {
    let first = match settled.item.choice {
        Choice::Person => None,
        Choice::Provider => settled.common.first().cloned(),
        Choice::Consumer => {
            let wanted = settled.consumer.iter().flat_map(|a| &a.values);
            let mut wanted = wanted.filter(|v| settled.common.contains(v));
            wanted.next().cloned()
        }
    };
    match first.filter(|value| !is_range(&settled.item, value)) {
        Some(value) => {
            let basis = match settled.item.choice {
                Choice::Consumer => Bilingual::new(
                    "一覧の決め方により、利用側の優先順で決定",
                    "decided by the consumer's order of preference, as the catalogue lays down",
                ),
                _ => Bilingual::new(
                    "一覧の決め方により、提供側の優先順で決定",
                    "decided by the provider's order of preference, as the catalogue lays down",
                ),
            };
            (AgreementState::Agreed, Some(value), basis)
        }
        None => (
            AgreementState::Open,
            None,
            Bilingual::new(
                "共通の値が複数あり、人が選びます",
                "several values in common; a person must pick",
            ),
        ),
    }
}

/// What people decided before holds for an open item; where the declarations no longer allow it, that is told.
fn take_over(settled: &mut Settled, negotiated: &Negotiated, exchange: &str) {
    let Some(decision) = negotiated.decision(&settled.item.id, &settled.linkage, exchange) else {
        return;
    };
    if !decision.exchange.is_empty() {
        exchange.clone_into(&mut settled.exchange);
    }
    let within = |value: &String| match (
        &settled.item.allowed,
        Span::parse(value),
        Span::parse(&decision.value),
    ) {
        (Allowed::Integer, Some(span), Some(decided)) => decided.is_within(span),
        _ => *value == decision.value,
    };
    match settled.state {
        AgreementState::Open if settled.common.iter().any(within) => {
            settled.state = AgreementState::Agreed;
            settled.value = Some(decision.value.clone());
            settled.basis = Bilingual::new(
                format!(
                    "合意設定書 第{}版で決定（{} {} {}）",
                    negotiated.version, decision.by, decision.on, decision.reason
                ),
                format!(
                    "decided in version {} of the negotiated record ({} {} {})",
                    negotiated.version, decision.by, decision.on, decision.reason
                ),
            );
        }
        AgreementState::Agreed | AgreementState::Standard
            if settled.value.as_ref() == Some(&decision.value) => {}
        // Where a side says nothing, what both decided before still holds.
        AgreementState::Silent | AgreementState::OneSide
            if settled.item.allowed.accepts(&decision.value)
                && [&settled.provider, &settled.consumer]
                    .into_iter()
                    .flatten()
                    .all(|a| a.values.iter().any(within)) =>
        {
            settled.state = AgreementState::Agreed;
            settled.value = Some(decision.value.clone());
            settled.basis = Bilingual::new(
                format!("合意設定書 第{}版による", negotiated.version),
                format!(
                    "as in version {} of the negotiated record",
                    negotiated.version
                ),
            );
        }
        _ => settled.overruled = Some(decision.value.clone()),
    }
}

/// What to pick, and why: what is usual, else what the provider, who makes the data, prefers.
fn propose(settled: &mut Settled) {
    if settled.state != AgreementState::Open {
        return;
    }
    let usual = &settled.item.usual;
    let span = |value: &String| Span::parse(value).filter(|_| is_range(&settled.item, value));
    let holds = |value: &String| match (span(value), Span::parse(usual)) {
        (Some(range), Some(usual)) => usual.is_within(range),
        _ => value == usual,
    };
    let proposal = if !usual.is_empty() && settled.common.iter().any(holds) {
        let why = Bilingual::new("通例の値", "the usual value");
        Some((usual.clone(), why))
    } else {
        settled.common.first().map(|value| {
            let end = span(value).and_then(|s| s.low.or(s.high));
            let why = Bilingual::new(
                "データを作る提供側が優先する値",
                "what the provider, who makes the data, prefers",
            );
            (end.map_or_else(|| value.clone(), |n| n.to_string()), why)
        })
    };
    settled.proposal = proposal;
}

/// The one value that a standard fixes; limits (`<=600`) and choices (`a|b`) fix none.
fn fixed_value(standard: &str) -> Option<&str> {
    let limits = standard.starts_with("<=") || standard.starts_with(">=");
    (!standard.is_empty() && !limits && !standard.contains('|')).then_some(standard)
}

fn standard_accepts(standard: &str, value: &str) -> bool {
    if standard.starts_with("<=") || standard.starts_with(">=") {
        let (value, limit) = (Span::parse(value), Span::parse(standard));
        return matches!((value, limit), (Some(value), Some(limit)) if value.is_within(limit));
    }
    standard.is_empty() || standard.split('|').any(|v| v == value)
}

impl Settled {
    /// True when a side answered for this very scope. What was answered in general may be meant for other linkages.
    fn is_answered_for(&self, sides: Sides<'_>) -> bool {
        let general = sides.linkage.is_empty() && sides.exchange.is_empty();
        [&self.provider, &self.consumer]
            .into_iter()
            .flatten()
            .any(|a| general || !a.linkage.is_empty() || !a.exchange.is_empty())
    }

    /// The row of the five-way comparison; what was observed is added by the judge.
    pub fn row(&self) -> AgreementRow {
        let told = |answer: &Option<Answer>| {
            answer
                .as_ref()
                .map_or(String::new(), |a| a.values.join(" | "))
        };
        let sources = [&self.provider, &self.consumer]
            .into_iter()
            .flatten()
            .map(|a| {
                if a.source.is_empty() {
                    a.place.clone()
                } else {
                    format!("{} ({})", a.place, a.source)
                }
            });
        AgreementRow {
            id: self.item.id.clone(),
            linkage: self.linkage.clone(),
            exchange: self.exchange.clone(),
            pair: self.pair.clone(),
            title: self.item.title.clone(),
            state: self.state,
            standard: self.item.standard.clone(),
            status: self.item.status.as_str().to_owned(),
            proposal: self
                .proposal
                .as_ref()
                .map_or(String::new(), |(value, _)| value.clone()),
            a: told(&self.provider),
            b: told(&self.consumer),
            agreed: self.value.clone().unwrap_or_default(),
            basis: self.basis.clone(),
            observed: String::new(),
            not_observed: Bilingual::default(),
            sources: sources.collect(),
        }
    }

    /// True when the item, as it stands, makes exchanging senseless.
    pub fn blocks(&self) -> bool {
        let unsettled = matches!(
            self.state,
            AgreementState::Conflict
                | AgreementState::Outside
                | AgreementState::Contradiction
                | AgreementState::OneSide
                | AgreementState::Silent
        );
        self.item.blocking && unsettled
    }
}

#[cfg(test)]
#[path = "join_tests.rs"]
mod tests;
