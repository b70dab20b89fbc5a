//! Two sides asked about everything between them: what they answered in general, and what for one linkage or exchange.

use std::collections::BTreeSet;

use super::{Answer, Contradiction, Profile, Settled, Sides, join};
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
    let scoped = |answer: &&Answer, item: &str| {
        answer.item == item && scopes.contains(&(answer.linkage.as_str(), answer.exchange.as_str()))
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
    general
}

fn both<'a>(sides: Sides<'a>) -> impl Iterator<Item = &'a Profile> {
    [sides.provider.1, sides.consumer.1].into_iter()
}

/// The linkages and exchanges that are between these two: those that both name, and those of one when the other names none,
/// so that what it answers holds for all.
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
    of_a.chain(of_b).copied().collect()
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
