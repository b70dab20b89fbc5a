//! The public edition: the result document with vendors as codes and without anything that names or shows them.

use std::collections::BTreeMap;

use renkei_core::model::Bilingual;
use renkei_core::record::ResultDocument;
use renkei_run::store::Bundle;
use serde_json::Value;

use super::names;
use crate::trouble::Trouble;

/// The files of the public edition: header, an empty list of events, the result document.
pub(super) fn parts(
    document: &ResultDocument,
    bundle: &Bundle,
) -> Result<BTreeMap<String, Vec<u8>>, Trouble> {
    let text = |value: &Value| serde_json::to_vec_pretty(value).map_err(std::io::Error::from);
    let header = serde_json::to_value(bundle.header()).map_err(std::io::Error::from)?;
    let result = edition(document, names::of(document, bundle)?)?;
    Ok(BTreeMap::from([
        ("header.json".to_owned(), text(&header)?),
        ("events.jsonl".to_owned(), Vec::new()),
        ("reports/result.json".to_owned(), text(&result)?),
    ]))
}

/// Vendors become V-01, V-02 … in the order of the plan, wherever a text names them, their products or files.
fn edition(document: &ResultDocument, words: Vec<(String, String)>) -> Result<Value, Trouble> {
    let mut doc = document.clone();
    let codes: BTreeMap<String, String> = doc
        .parties
        .iter()
        .zip(1..)
        .map(|(party, n)| (party.id.clone(), format!("V-{n:02}")))
        .collect();
    let code = |id: &mut String| {
        if let Some(code) = codes.get(id) {
            id.clone_from(code);
        }
    };
    for party in &mut doc.parties {
        code(&mut party.id);
        party.name = Bilingual::same(party.id.clone());
        party.product.clone_from(&party.id);
        party.version = String::new();
    }
    for case in &mut doc.cases {
        code(&mut case.from);
        code(&mut case.to);
        case.reproduce = String::new();
        case.log.clear();
    }
    for row in &mut doc.agreement {
        if let Some((a, b)) = row.pair.split_once("..") {
            let (mut a, mut b) = (a.to_owned(), b.to_owned());
            code(&mut a);
            code(&mut b);
            row.pair = format!("{a}..{b}");
        }
        row.sources.clear();
        // Which exchange showed it, and what: names of files and hosts.
        row.observed = String::new();
    }
    for row in &mut doc.preflight {
        code(&mut row.party);
        row.log = String::new();
        row.seen = Bilingual::default();
    }
    for finding in &mut doc.findings {
        finding.hex = String::new();
        finding.ruler = None;
        finding.observed = String::new();
    }
    // Log lines hold hosts, heads and bodies.
    doc.log.clear();
    doc.run.reproduce = String::new();
    doc.remarks.push(Bilingual::new(
        "公開版: ベンダー名と製品名を符号に置き換え、証跡・通信の記録・観測値を除いています",
        "public edition: vendors and products are codes; evidence, exchanges and observed values are left out",
    ));
    let mut value = serde_json::to_value(&doc).map_err(std::io::Error::from)?;
    names::replace(&mut value, &words);
    if let Some(name) = names::left(&value, &words) {
        return Err(Trouble::Tool(Bilingual::new(
            format!("公開版に「{name}」が残るため作成を中止しました"),
            format!("`{name}` would stay in the public edition; nothing was made"),
        )));
    }
    Ok(value)
}
