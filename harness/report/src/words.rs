//! Every fixed word of the reports, in both languages: `words/ja.toml` and `words/en.toml` hold the same keys.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use renkei_core::model::{Bilingual, Lang};

const JA: &str = include_str!("words/ja.toml");
const EN: &str = include_str!("words/en.toml");

/// The word for a key such as `verdict.fail`. An unknown key stands for itself; a test proves that none is used.
pub fn get(lang: Lang, key: &str) -> String {
    both(key).map_or_else(|| key.to_owned(), |word| word.get(lang).to_owned())
}

/// The word for a key, its `{placeholders}` filled.
pub fn fill(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    both(key).map_or_else(
        || key.to_owned(),
        |word| word.fill(args).get(lang).to_owned(),
    )
}

/// The word for `group.value` where the value comes from a document; a value without a word stands for itself.
pub fn of(lang: Lang, group: &str, value: &str) -> String {
    both(&format!("{group}.{value}"))
        .map_or_else(|| value.to_owned(), |word| word.get(lang).to_owned())
}

/// Both wordings of a key.
pub fn both(key: &str) -> Option<&'static Bilingual> {
    table().get(key)
}

fn table() -> &'static BTreeMap<String, Bilingual> {
    static TABLE: OnceLock<BTreeMap<String, Bilingual>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let (ja, en) = (flat(JA), flat(EN));
        ja.into_iter()
            .map(|(key, ja)| {
                let en = en.get(&key).cloned().unwrap_or_default();
                (key, Bilingual { ja, en })
            })
            .collect()
    })
}

/// `[group]` `key = "text"` as `group.key`. A catalogue that cannot be read is a defect of the build; tests prove that
/// there is none, and reports then show the keys instead of failing.
fn flat(source: &str) -> BTreeMap<String, String> {
    let groups: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(source).unwrap_or_default();
    groups
        .into_iter()
        .flat_map(|(group, words)| {
            words
                .into_iter()
                .map(move |(key, text)| (format!("{group}.{key}"), text))
        })
        .collect()
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a test stops where its sources cannot be read"
)]
mod tests;
