use std::collections::BTreeSet;

use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;
use crate::plan::{Misuse, Variation};

/// AUT-029
pub(super) const RULE: Rule = Rule {
    code: "AUT-029",
    name: "token-for-two-providers-issued",
    source: include_str!("token_for_two_providers_issued.md"),
};

/// A scope begins with the business id of its provider (共通機能標準仕様書 2.2.5). Only scopes that
/// the answer names are known to be granted.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    if view.variation != Variation::Misuse(Misuse::TwoProviders) || !view.issued() {
        return;
    }
    let granted = view.facts().and_then(|f| f.scope.as_deref());
    let scopes = granted.unwrap_or_default().split_ascii_whitespace();
    let providers: BTreeSet<&str> = scopes
        .filter_map(|s| s.split_once(':').map(|(business, _)| business))
        .collect();
    if providers.len() > 1 {
        out.push(
            hit(view, &RULE)
                .expected("1")
                .observed(providers.len().to_string()),
        );
    }
}
