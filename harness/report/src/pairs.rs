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

    /// Sender and receiver as the plan names them, `a..b`; empty where the cases belong to no pair.
    pub(crate) fn code(&self) -> String {
        let ends = self.cases.first().filter(|case| !case.from.is_empty());
        ends.map(|case| format!("{}..{}", case.from, case.to))
            .unwrap_or_default()
    }
}

/// By the pair's name and the linkage.
pub(crate) type Pairs<'a> = BTreeMap<(String, String), Latest<'a>>;

/// The latest state of every pair and linkage. The documents come in the order of their runs.
pub(crate) fn latest<'a>(
    documents: impl IntoIterator<Item = &'a ResultDocument>,
    lang: Lang,
) -> Pairs<'a> {
    let mut found: Pairs<'a> = BTreeMap::new();
    for (at, doc) in documents.into_iter().enumerate() {
        let mut own: Pairs<'a> = BTreeMap::new();
        for case in &doc.cases {
            let pair = pair_name(doc, &case.from, &case.to, lang);
            own.entry((pair, case.linkage.clone()))
                .or_insert_with(|| Latest {
                    at,
                    doc,
                    cases: Vec::new(),
                })
                .cases
                .push(case);
        }
        found.extend(own);
    }
    found
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
