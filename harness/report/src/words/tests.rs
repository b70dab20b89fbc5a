use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::{EN, JA, flat, get, table};
use renkei_core::model::{CauseKind, Confidence, Lang, Level, Verdict};

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let (ja, en) = (flat(JA), flat(EN));
    assert!(ja.len() > 100, "the catalogue was not read");
    assert_eq!(ja.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, ja) in &ja {
        assert_eq!(placeholders(ja), placeholders(&en[key]), "{key}");
        assert!(!ja.is_empty() && !en[key].is_empty(), "{key}");
    }
}

#[test]
fn every_word_of_the_vocabulary_is_there() {
    let mut keys: Vec<String> = Verdict::ALL
        .iter()
        .map(|v| format!("verdict.{}", v.as_str()))
        .collect();
    keys.extend(
        Verdict::ALL
            .iter()
            .map(|v| format!("banner.{}", v.as_str())),
    );
    let levels = [Level::Error, Level::Warning, Level::Notice, Level::Off];
    keys.extend(levels.iter().map(|l| format!("level.{}", l.as_str())));
    let causes = CauseKind::ALL.iter();
    keys.extend(causes.map(|c| format!("cause.{}", c.as_str())));
    let confidences = [
        Confidence::Certain,
        Confidence::Probable,
        Confidence::Possible,
    ];
    keys.extend(
        confidences
            .iter()
            .map(|c| format!("confidence.{}", c.as_str())),
    );
    let states = [
        "standard", "agreed", "open", "conflict", "one_side", "silent", "outside",
    ];
    keys.extend(states.iter().map(|s| format!("state.{s}")));
    keys.extend(["file", "api"].iter().map(|m| format!("method.{m}")));
    keys.extend(
        ["fetch", "deliver", "receipt", "token", "call"]
            .iter()
            .map(|s| format!("step.{s}")),
    );
    keys.extend(
        ["fictional", "anonymised", "real"]
            .iter()
            .map(|c| format!("data_class.{c}")),
    );
    keys.extend(
        ["0", "1", "2", "3", "4", "5", "130"]
            .iter()
            .map(|c| format!("exit.{c}")),
    );
    for key in keys {
        assert!(table().contains_key(&key), "{key}");
    }
}

/// Strings of the terminal are drawn equally wide by every terminal, and English needs no more than ASCII.
#[test]
fn words_of_the_terminal_have_one_width() {
    let groups = [
        "verdict",
        "level",
        "cause",
        "confidence",
        "state",
        "method",
        "step",
        "data_class",
        "role",
        "not_run",
        "exit",
        "place",
        "text",
    ];
    for (key, word) in table()
        .iter()
        .filter(|(key, _)| groups.contains(&key.split('.').next().unwrap_or("")))
    {
        assert_eq!(word.ja.width(), word.ja.width_cjk(), "{key}: {}", word.ja);
        assert!(word.en.is_ascii(), "{key}: {}", word.en);
    }
}

/// A key that the sources name exists, so no report ever shows a bare key.
#[test]
fn every_key_that_is_used_exists() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root];
    let mut used = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for key in source
                .split(['"', '\''])
                .filter(|text| looks_like_key(text))
            {
                assert!(table().contains_key(key), "{key} in {}", path.display());
                used += 1;
            }
        }
    }
    assert!(used > 50, "only {used} keys were found in the sources");
    assert_eq!(get(Lang::Ja, "verdict.fail"), "不適合");
}

fn looks_like_key(text: &str) -> bool {
    let groups: BTreeSet<&str> = table()
        .keys()
        .filter_map(|key| key.split('.').next())
        .collect();
    let file = [".xlsx", ".html", ".toml", ".css", ".js"]
        .iter()
        .any(|ending| text.ends_with(ending));
    !file
        && text.split_once('.').is_some_and(|(group, rest)| {
            groups.contains(group)
                && !rest.is_empty()
                && rest.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        })
}
