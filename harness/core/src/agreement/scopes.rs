//! Two sides asked about everything between them: what they answered in general, and what for one linkage or exchange.

use std::collections::BTreeSet;

use super::{Answer, Contradiction, Profile, Settled, Sides, join};
use crate::model::Bilingual;
use crate::record::AgreementState;
use crate::spec::Catalogue;

/// A linkage and an exchange; empty for any.
type Scope<'a> = (&'a str, &'a str);

/// Joins two sides in general and, where no linkage or exchange was asked about, for each that they answered for: there only
/// what stands otherwise than in general.
pub fn join_scopes(catalogue: &Catalogue, sides: Sides<'_>) -> Vec<Settled> {
    let mut general = join(catalogue, sides);
    if !sides.linkage.is_empty() || !sides.exchange.is_empty() {
        return general;
    }
    let scopes = scopes(sides);
    let alone = named_by_one(sides);
    // Where the two share no linkage, nothing else is left of what is answered linkage by linkage.
    let scoped = |answer: &&Answer, item: &str| {
        answer.item == item
            && match scopes.is_empty() {
                true => alone.iter().any(|(l, _)| *l == answer.linkage),
                false => scopes.contains(&(answer.linkage.as_str(), answer.exchange.as_str())),
            }
    };
    // An item that was left open in general because it is answered linkage by linkage is told there.
    let told_there = |s: &Settled| {
        matches!(s.state, AgreementState::Silent | AgreementState::OneSide)
            && both(sides).any(|p| p.answers.iter().any(|a| scoped(&a, &s.item.id)))
    };
    let (apart, kept): (Vec<_>, Vec<_>) = general.into_iter().partition(told_there);
    general = kept;
    let first = general.clone();
    for (linkage, exchange) in &scopes {
        let of_scope = join(
            catalogue,
            Sides {
                linkage,
                exchange,
                ..sides
            },
        );
        let own = of_scope.into_iter().filter(|s| {
            apart.iter().any(|a| a.item.id == s.item.id) || stands_otherwise(s, &first)
        });
        general.extend(own);
    }
    for (linkage, side) in alone {
        general.extend(of_one_side(catalogue, sides, linkage, side));
    }
    general
}

/// Linkages that one side names and the other does not, although it names linkages, with the side that names them. What was
/// settled for a linkage before, both know.
fn named_by_one<'a>(sides: Sides<'a>) -> Vec<(&'a str, &'static str)> {
    let of = |profile: &'a Profile| -> BTreeSet<&'a str> {
        let linkages = profile.answers.iter().map(|a| a.linkage.as_str());
        linkages.filter(|linkage| !linkage.is_empty()).collect()
    };
    let (a, b) = (of(sides.provider.1), of(sides.consumer.1));
    let settled = |linkage: &str| {
        let decisions = sides.negotiated.iter().flat_map(|n| &n.decisions);
        decisions.into_iter().any(|d| d.linkage == linkage)
    };
    let mut found = Vec::new();
    for (own, other, side) in [(&a, &b, "provider"), (&b, &a, "consumer")] {
        if !other.is_empty() {
            let alone = own.difference(other).filter(|l| !settled(l));
            found.extend(alone.map(|linkage| (*linkage, side)));
        }
    }
    found
}

/// What one side answered for a linkage that only it names. General answers of the other may not be meant for it.
fn of_one_side<'a>(
    catalogue: &Catalogue,
    sides: Sides<'a>,
    linkage: &'a str,
    side: &'static str,
) -> Vec<Settled> {
    let silent = |profile: &Profile| Profile {
        answers: Vec::new(),
        ..profile.clone()
    };
    let (provider, consumer) = (silent(sides.provider.1), silent(sides.consumer.1));
    let of_linkage = match side {
        "provider" => Sides {
            linkage,
            consumer: (sides.consumer.0, &consumer),
            ..sides
        },
        _ => Sides {
            linkage,
            provider: (sides.provider.0, &provider),
            ..sides
        },
    };
    let mut own = join(catalogue, of_linkage);
    own.retain(|s| {
        let mut answers = [&s.provider, &s.consumer].into_iter().flatten();
        answers.any(|a| a.linkage == linkage)
    });
    for settled in &mut own {
        settled.named_by = Some(side);
        if matches!(
            settled.state,
            AgreementState::OneSide | AgreementState::Standard | AgreementState::Agreed
        ) {
            settled.state = AgreementState::OneSide;
            settled.value = None;
            settled.basis = match side {
                "provider" => Bilingual::new(
                    format!("連携{linkage}は提供側だけが挙げています"),
                    format!("only the provider names linkage {linkage}"),
                ),
                _ => Bilingual::new(
                    format!("連携{linkage}は利用側だけが挙げています"),
                    format!("only the consumer names linkage {linkage}"),
                ),
            };
        }
    }
    own
}

fn both<'a>(sides: Sides<'a>) -> impl Iterator<Item = &'a Profile> {
    [sides.provider.1, sides.consumer.1].into_iter()
}

/// The linkages and exchanges that are between these two: those that both name, and those of one when the other names none,
/// so that what it answers holds for all. What was decided before for one of them is between the two.
fn scopes<'a>(sides: Sides<'a>) -> BTreeSet<Scope<'a>> {
    let of = |profile: &'a Profile| {
        let scopes = profile
            .answers
            .iter()
            .map(|a| (a.linkage.as_str(), a.exchange.as_str()));
        let mut scopes: BTreeSet<Scope<'a>> = scopes.collect();
        scopes.remove(&("", ""));
        scopes
    };
    let [a, b] = [sides.provider.1, sides.consumer.1].map(of);
    let shared = |scope: &Scope<'_>, others: &BTreeSet<Scope<'_>>| {
        others.is_empty()
            || others
                .iter()
                .any(|other| other.0 == scope.0 || other.0.is_empty() || scope.0.is_empty())
    };
    let of_a = a.iter().filter(|s| shared(s, &b));
    let of_b = b.iter().filter(|s| shared(s, &a));
    let decided = sides.negotiated.iter().flat_map(|n| &n.decisions);
    let decided = decided.map(|d| (d.linkage.as_str(), d.exchange.as_str()));
    let decided = decided.filter(|scope| *scope != ("", ""));
    of_a.chain(of_b).copied().chain(decided).collect()
}

/// Where something holds that was answered or settled for one linkage or exchange alone, as people read it; `None` for all.
pub fn scope_words(linkage: &str, exchange: &str) -> Option<Bilingual> {
    match (linkage, exchange) {
        ("", "") => None,
        (linkage, "") => Some(Bilingual::same(linkage)),
        ("", exchange) => Some(Bilingual::new(
            format!("（検査項目{exchange}）"),
            format!("(any), exchange {exchange}"),
        )),
        (linkage, exchange) => Some(Bilingual::new(
            format!("{linkage}の検査項目{exchange}"),
            format!("{linkage}, exchange {exchange}"),
        )),
    }
}

/// True when an item stands otherwise than in general.
fn stands_otherwise(settled: &Settled, general: &[Settled]) -> bool {
    let Some(same) = general.iter().find(|g| g.item.id == settled.item.id) else {
        // In general it says nothing to these two.
        return settled.state != AgreementState::Silent || settled.item.mandatory;
    };
    let why = |s: &Settled| -> Vec<(String, Option<&'static str>)> {
        let of = |c: &Contradiction| (c.id.clone(), c.side);
        s.contradictions.iter().map(of).collect()
    };
    (settled.state, &settled.value, &settled.overruled)
        != (same.state, &same.value, &same.overruled)
        || settled.outside != same.outside
        || settled.item.mandatory != same.item.mandatory
        || told(settled) != told(same)
        || why(settled) != why(same)
}

fn told(settled: &Settled) -> [Option<&Vec<String>>; 2] {
    [&settled.provider, &settled.consumer].map(|a| a.as_ref().map(|a| &a.values))
}
