//! Pairs and linkages over several runs: the latest run that has a pair and linkage decides what a table shows.

use std::collections::BTreeMap;

use renkei_core::model::{Lang, Verdict, aggregate};
use renkei_core::record::{CaseResult, ResultDocument};

use crate::{view, words};

/// Cases of one pair and linkage in the latest run that has them.
pub(crate) struct Latest<'a> {
    /// Position of the run among those given.
    pub(crate) at: usize,
    /// The run.
    pub(crate) doc: &'a ResultDocument,
    /// Its cases.
    pub(crate) cases: Vec<&'a CaseResult>,
    /// Sender and receiver as the plan names them, `a..b`, a stand-in marked; empty where the cases belong to no pair.
    /// Together with the linkage it is unique, and it does not change when a party gets another name.
    pub(crate) code: String,
}

impl Latest<'_> {
    /// The verdict over the cases.
    pub(crate) fn verdict(&self) -> Verdict {
        aggregate(self.cases.iter().map(|case| (case.verdict, case.required)))
    }

    /// Cases with a verdict.
    pub(crate) fn count(&self, verdict: Verdict) -> u64 {
        self.cases.iter().filter(|c| c.verdict == verdict).count() as u64
    }
}

/// By the pair's name and the linkage.
pub(crate) type Pairs<'a> = BTreeMap<(String, String), Latest<'a>>;

/// Who a party is, over several plans: its id, its product, and whether a stand-in plays it. The name is not part of
/// it: a party that gets another name stays the same. The same id with another product is somebody else.
type Identity = (String, String, bool);

fn identity(doc: &ResultDocument, id: &str) -> Identity {
    let party = view::party(doc, id);
    let product = party.map(|p| p.product.clone()).unwrap_or_default();
    (id.to_owned(), product, party.is_some_and(|p| p.stand_in))
}

/// The latest state of every pair and linkage. The documents come in the order of their runs. A pair is shown under the
/// names that its parties had last.
pub(crate) fn latest<'a>(
    documents: impl IntoIterator<Item = &'a ResultDocument>,
    lang: Lang,
) -> Pairs<'a> {
    type Key = (Identity, Identity, String);
    let mut found: BTreeMap<Key, Latest<'a>> = BTreeMap::new();
    let mut names: BTreeMap<(Identity, Identity), String> = BTreeMap::new();
    for (at, doc) in documents.into_iter().enumerate() {
        let mut own: BTreeMap<Key, Latest<'a>> = BTreeMap::new();
        for case in &doc.cases {
            let (from, to) = (identity(doc, &case.from), identity(doc, &case.to));
            let name = pair_name(doc, &case.from, &case.to, lang);
            names.insert((from.clone(), to.clone()), name);
            own.entry((from, to, case.linkage.clone()))
                .or_insert_with(|| Latest {
                    at,
                    doc,
                    cases: Vec::new(),
                    code: String::new(),
                })
                .cases
                .push(case);
        }
        found.extend(own);
    }
    // Two pairs may have one name or one code: then the products tell them apart.
    let twice = |word: &dyn Fn(&(Identity, Identity)) -> String, pair: &(Identity, Identity)| {
        names
            .keys()
            .filter(|other| word(other) == word(pair))
            .count()
            > 1
    };
    let shown = |pair: &(Identity, Identity)| names.get(pair).cloned().unwrap_or_default();
    let with_products =
        |word: String, (from, to): &(Identity, Identity)| format!("{word} ({} / {})", from.1, to.1);
    let named = found.into_iter().map(|((from, to, linkage), mut latest)| {
        let pair = (from, to);
        let (mut name, mut code) = (shown(&pair), code(&pair));
        if twice(&shown, &pair) {
            name = with_products(name, &pair);
        }
        if twice(&self::code, &pair) {
            code = with_products(code, &pair);
        }
        latest.code = code;
        ((name, linkage), latest)
    });
    named.collect()
}

fn code(((from, _, from_stand_in), (to, _, to_stand_in)): &(Identity, Identity)) -> String {
    if from.is_empty() && to.is_empty() {
        return String::new();
    }
    let mark = |stand_in: &bool| if *stand_in { "(代役)" } else { "" };
    format!("{from}{}..{to}{}", mark(from_stand_in), mark(to_stand_in))
}

/// Both parties of a case in words; a stand-in is called one. A case without parties belongs to no pair, and says so.
pub(crate) fn pair_name(doc: &ResultDocument, from: &str, to: &str, lang: Lang) -> String {
    if from.is_empty() && to.is_empty() {
        return words::get(lang, "site.no_pair");
    }
    format!("{} → {}", name(doc, from, lang), name(doc, to, lang))
}

/// A party in words; a stand-in is called one.
pub(crate) fn name(doc: &ResultDocument, id: &str, lang: Lang) -> String {
    let name = view::party_name(doc, id, lang);
    match view::party(doc, id) {
        Some(party) if party.stand_in => words::fill(lang, "text.stand_in", &[("name", &name)]),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use renkei_core::model::Bilingual;

    use super::*;

    fn run(name: &str, product: &str, started_at: &str) -> ResultDocument {
        let text = include_str!("../tests/fixtures/clean.json");
        let mut doc: ResultDocument = serde_json::from_str(text).unwrap();
        doc.run.started_at = started_at.to_owned();
        doc.parties[0].name = Bilingual::new(name, name);
        doc.parties[0].product = product.to_owned();
        doc
    }

    #[test]
    fn a_pair_stays_itself_when_a_party_gets_another_name() {
        let runs = [
            run("A社", "P", "2026-11-01T00:00:00Z"),
            run("新A社", "P", "2026-11-02T00:00:00Z"),
        ];
        let pairs = latest(&runs, Lang::Ja);
        assert_eq!(pairs.len(), latest(&runs[..1], Lang::Ja).len());
        assert!(
            pairs.keys().all(|(pair, _)| !pair.starts_with("A社")),
            "{:?}",
            pairs.keys()
        );
        assert!(pairs.contains_key(&("新A社 → B社".to_owned(), "L-01".to_owned())));
    }

    #[test]
    fn one_id_with_two_products_is_two_vendors() {
        let runs = [
            run("A社", "P", "2026-11-01T00:00:00Z"),
            run("A社", "Q", "2026-11-02T00:00:00Z"),
        ];
        let pairs = latest(&runs, Lang::Ja);
        assert_eq!(pairs.len(), 2 * latest(&runs[..1], Lang::Ja).len());
        let codes: std::collections::BTreeSet<(&str, &str)> = pairs
            .iter()
            .map(|((_, l), s)| (s.code.as_str(), l.as_str()))
            .collect();
        assert_eq!(codes.len(), pairs.len(), "{codes:?}");
    }
}
