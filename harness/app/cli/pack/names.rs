//! What names a vendor: in the result document, in the profiles and the plan that the bundle keeps, in its exchanges.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::record::{Event, ResultDocument, Transfer};
use renkei_core::spec::Files;
use renkei_run::store::Bundle;
use serde_json::Value;

use crate::trouble::Trouble;

/// Keys of the result document whose values are words of its schema or digests, not texts.
const WORDS_OF_THE_SCHEMA: [&str; 14] = [
    "schema",
    "rule",
    "level",
    "effect",
    "verdict",
    "method",
    "kind",
    "confidence",
    "state",
    "data_class",
    "role",
    "sha256",
    "fingerprint",
    "baseline",
];
/// Keys of profiles and plans whose values name somebody or something of theirs.
const NAMING: [&str; 10] = [
    "name",
    "ja",
    "en",
    "product",
    "vendor",
    "by",
    "client_id",
    "issuer",
    "host",
    "contact",
];
/// What stands before or after the name of a company.
const LEGAL_FORMS: [&str; 8] = [
    "株式会社",
    "有限会社",
    "合同会社",
    "（株）",
    "(株)",
    "㈱",
    "Co., Ltd.",
    "Inc.",
];
/// Shorter words stand inside of ordinary ones.
const SHORTEST: usize = 3;

/// Names and what stands for each, the longest first.
pub(super) fn of(doc: &ResultDocument, bundle: &Bundle) -> Result<Vec<(String, String)>, Trouble> {
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    let inputs = bundle.inputs()?;
    let profiles = profiles(&inputs);
    for (party, n) in doc.parties.iter().zip(1..) {
        let code = format!("V-{n:02}");
        let own = profiles.iter().filter(|told| told.contains(&party.name.ja));
        let more = own.flatten().cloned();
        let known = [&party.name.ja, &party.name.en, &party.product, &party.id];
        let short = [&party.name.ja, &party.name.en].map(|name| short(name));
        for text in known.into_iter().cloned().chain(more).chain(short) {
            words.entry(text).or_insert_with(|| code.clone());
        }
    }
    let (mut hosts, mut files) = exchanged(bundle)?;
    files.extend(doc.inputs.iter().map(|input| input.name.clone()));
    // Proofs name the profile and its line, and folders are called after vendors.
    let own = inputs
        .iter()
        .filter(|(path, _)| !path.starts_with("packs/"));
    files.extend(own.map(|(path, _)| path.to_owned()));
    let places = super::places::of(&inputs);
    files.extend(places.files);
    for told in profiles.iter().flatten() {
        hosts.extend(host(told));
    }
    for (host, n) in hosts.into_iter().zip(1..) {
        words.insert(host, format!("host-{n:02}"));
    }
    for (name, n) in files.into_iter().zip(1..) {
        words.insert(name, format!("file-{n:02}"));
    }
    for (name, n) in places.folders.into_iter().zip(1..) {
        let end = if name.ends_with('/') { '/' } else { '\\' };
        words.insert(name, format!("folder-{n:02}{end}"));
    }
    let mut words: Vec<(String, String)> = words
        .into_iter()
        .map(|(word, code)| (word.trim().to_owned(), code))
        .filter(|(word, _)| word.chars().count() >= least(word))
        .collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    Ok(words)
}

/// What people call a company by: its name without the form of law and without what it makes (`B社 個人住民税`).
fn short(name: &str) -> String {
    let mut name = name.to_owned();
    for form in LEGAL_FORMS {
        name = name.replace(form, " ");
    }
    let until: &[char] = match name.is_ascii() {
        true => &[','],
        false => &[' ', '\u{3000}', ',', '、', '（', '('],
    };
    let first = name.trim().split(until).next().unwrap_or_default();
    first.trim().to_owned()
}

/// Two kanji are a name, two letters are not.
fn least(word: &str) -> usize {
    if word.is_ascii() { SHORTEST } else { 2 }
}

/// For each profile the bundle keeps, the texts in it that name somebody.
fn profiles(inputs: &Files) -> Vec<BTreeSet<String>> {
    let mut found = Vec::new();
    for (path, bytes) in inputs.iter() {
        if path.starts_with("packs/") || !path.ends_with(".toml") || path == "plan.toml" {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        if let Ok(table) = toml::from_str::<toml::Table>(&text) {
            let mut told = BTreeSet::new();
            naming(&toml::Value::Table(table), "", false, &mut told);
            found.push(told);
        }
    }
    found
}

/// `own`: below a key that names its owner; `ja` and `en` elsewhere are ordinary texts.
fn naming(value: &toml::Value, key: &str, own: bool, out: &mut BTreeSet<String>) {
    let bilingual = matches!(key, "ja" | "en");
    match value {
        toml::Value::String(text)
            if text.contains("://") || (NAMING.contains(&key) && (own || !bilingual)) =>
        {
            out.insert(text.clone());
        }
        toml::Value::Array(items) => items.iter().for_each(|v| naming(v, key, own, out)),
        toml::Value::Table(table) => {
            for (key, below) in table {
                // Answers are words of the agreement's catalogue.
                if key != "answer" {
                    naming(below, key, own || key == "name", out);
                }
            }
        }
        _ => {}
    }
}

/// Hosts and names of files of the exchanges.
fn exchanged(bundle: &Bundle) -> Result<(BTreeSet<String>, BTreeSet<String>), Trouble> {
    let (mut hosts, mut files) = (BTreeSet::new(), BTreeSet::new());
    bundle.each_event(&mut |stamped| {
        if let Event::Exchanged(exchange) = stamped.event {
            match &exchange.transfer {
                Transfer::File(file) => {
                    files.insert(file.name.clone());
                    files.insert(file.place.clone());
                }
                Transfer::Http(http) => {
                    hosts.extend(host(&http.request.url));
                    let answer = http.response.as_ref().map(|r| r.headers.as_slice());
                    for header in http
                        .request
                        .headers
                        .iter()
                        .chain(answer.unwrap_or_default())
                    {
                        hosts.extend(host(&header.value));
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok((hosts, files))
}

/// Host with its port, and the host alone, of a URL.
fn host(url: &str) -> Vec<String> {
    let Ok(url) = url::Url::parse(url.trim()) else {
        return Vec::new();
    };
    let Some(host) = url.host_str() else {
        return Vec::new();
    };
    let with_port = url.port().map(|port| format!("{host}:{port}"));
    // A name of one label, such as `api`, is an ordinary word elsewhere.
    let alone = host.contains('.').then(|| host.to_owned());
    with_port.into_iter().chain(alone).collect()
}

/// Puts the codes in place of the names in every text.
pub(super) fn replace(value: &mut Value, words: &[(String, String)]) {
    each_text(value, &mut |text| {
        for (word, code) in words {
            let mut from = 0;
            while let Some(at) = find(text.get(from..).unwrap_or_default(), word) {
                text.replace_range(from + at..from + at + word.len(), code);
                from += at + code.len();
            }
        }
    });
}

/// A name that is still in a text.
pub(super) fn left(value: &Value, words: &[(String, String)]) -> Option<String> {
    let mut found = None;
    // A host that is called like the codes themselves says nothing.
    let of_code = |word: &str| words.iter().any(|(_, code)| find(code, word).is_some());
    each_text(&mut value.clone(), &mut |text| {
        let left = words
            .iter()
            .find(|(word, _)| find(text, word).is_some() && !of_code(word));
        found = found.take().or(left.map(|(word, _)| word.clone()));
    });
    found
}

/// The first place of a name, whatever the case of its ASCII letters.
fn find(text: &str, word: &str) -> Option<usize> {
    let (text, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    text.find(&word)
}

fn each_text(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(values) => values.iter_mut().for_each(|v| each_text(v, change)),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if !WORDS_OF_THE_SCHEMA.contains(&key.as_str()) || !value.is_string() {
                    each_text(value, change);
                }
            }
        }
        _ => {}
    }
}
