//! Rules and their pages: codes unique and in order, names as files, both languages, examples of both kinds.

use std::collections::BTreeSet;

use renkei_core::check::{Page, RETIRED, RULES, rules};

#[test]
fn codes_are_unique_sorted_and_never_reused() {
    let mut seen = BTreeSet::new();
    for area in RULES {
        let codes: Vec<&str> = area.iter().map(|rule| rule.code).collect();
        assert!(codes.is_sorted(), "{codes:?}");
        for code in codes {
            assert!(seen.insert(code), "{code} twice");
            assert!(
                RETIRED.iter().all(|retired| retired.code != code),
                "{code} was retired"
            );
        }
    }
    assert!(seen.len() >= 60, "only {} rules", seen.len());
}

#[test]
fn every_page_reads_and_is_whole() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let page = match Page::parse(rule.source) {
            Ok(page) => page,
            Err(error) => {
                wrong.push(format!("{}: {error}", rule.code));
                continue;
            }
        };
        let head = &page.head;
        for text in [&head.title, &head.message, &head.fix, &head.proof] {
            if text.ja.trim().is_empty() || text.en.trim().is_empty() {
                wrong.push(format!("{}: a text lacks a language: {text:?}", rule.code));
            }
        }
        if placeholders(&head.message.ja) != placeholders(&head.message.en) {
            wrong.push(format!(
                "{}: the languages of the message differ in placeholders",
                rule.code
            ));
        }
        for section in ["概要", "なぜ", "直し方", "English"] {
            if page.section(section).is_empty() {
                wrong.push(format!("{}: no section {section}", rule.code));
            }
        }
        for kind in ["bad", "good"] {
            if !page.examples.iter().any(|example| example.kind == kind) {
                wrong.push(format!("{}: no example of kind {kind}", rule.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names in braces. A language may have words of its own (`what_ja`, `expected_words`) for what the other calls by the
/// same name.
fn placeholders(text: &str) -> BTreeSet<String> {
    let plain = |name: &str| {
        let name = name
            .strip_suffix("_ja")
            .or_else(|| name.strip_suffix("_en"))
            .unwrap_or(name);
        name.strip_suffix("_words").unwrap_or(name).to_owned()
    };
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| plain(name)))
        .collect()
}

#[test]
fn file_names_are_rule_names() {
    let root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("harness/core/src/check");
    for rule in rules() {
        let area = rule
            .code
            .split('-')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let file = root
            .join(area)
            .join(format!("{}.rs", rule.name.replace('-', "_")));
        assert!(
            file.is_file(),
            "{} should be in {}",
            rule.code,
            file.display()
        );
        assert!(
            file.with_extension("md").is_file(),
            "{} has no page",
            rule.code
        );
    }
}

#[test]
fn every_rule_proves_itself() {
    let outcomes = renkei_core::selftest::run();
    let failed: Vec<String> = outcomes
        .iter()
        .filter(|o| !o.holds())
        .map(ToString::to_string)
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(outcomes.len() >= 2 * rules().count());
}

#[test]
fn the_list_of_rules_changes_only_on_purpose() {
    let list: Vec<String> = rules()
        .map(|rule| {
            let head = &rule.page().head;
            format!(
                "{} {} {} {:?} {}",
                rule.code,
                rule.name,
                head.level.as_str(),
                head.effect,
                head.since
            )
        })
        .collect();
    insta::assert_snapshot!(list.join("\n"));
}
