//! Every rule's page is whole: it parses, speaks both languages and has the sections that `renkei explain` shows. Whether its
//! examples do as they say is proved by the engines that raise the rules.

use std::collections::BTreeSet;

use renkei_core::check::{Page, Rule, rules};
use renkei_core::scan::examples::check_example;

/// Areas whose examples are files under a layout.
const OF_FILES: [&str; 5] = ["ENC", "FIL", "LAY", "VAL", "XRF"];

fn of_files() -> impl Iterator<Item = &'static Rule> {
    rules().filter(|rule| OF_FILES.iter().any(|area| rule.code.starts_with(area)))
}

fn page(rule: &Rule) -> Page {
    Page::parse(rule.source).unwrap_or_else(|fault| panic!("{}: {fault}", rule.code))
}

#[test]
fn codes_and_names_are_unique_and_well_formed() {
    let mut seen = BTreeSet::new();
    for rule in rules() {
        let (area, number) = rule.code.split_once('-').unwrap_or_default();
        assert!(area.len() == 3 && number.len() == 3, "{}", rule.code);
        assert!(seen.insert(rule.code), "{} twice", rule.code);
        assert!(seen.insert(rule.name), "{} twice", rule.name);
    }
}

#[test]
fn heads_speak_both_languages() {
    for rule in rules() {
        let head = page(rule).head;
        for text in [&head.title, &head.proof, &head.message, &head.fix] {
            assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", rule.code);
        }
        assert!(!head.source.is_empty(), "{}", rule.code);
    }
}

#[test]
fn pages_about_files_have_their_sections_and_examples() {
    for rule in of_files() {
        let page = page(rule);
        let sections = [
            "概要",
            "何を見るか",
            "なぜ",
            "直し方",
            "不適合の例",
            "適合の例",
            "English",
        ];
        for section in sections {
            assert!(!page.section(section).is_empty(), "{} {section}", rule.code);
        }
        let has = |kind: &str| page.examples.iter().any(|example| example.kind == kind);
        // Rules about several files show them as text; all others have a layout and run.
        assert!(
            has("text") || ["layout", "fields", "bad", "good"].into_iter().all(has),
            "{}",
            rule.code
        );
    }
}

/// A placeholder that the check does not fill would be printed as it stands.
#[test]
fn examples_fill_every_placeholder() {
    for rule in of_files() {
        let page = page(rule);
        for (at, example) in page
            .examples
            .iter()
            .enumerate()
            .filter(|(_, e)| e.kind == "bad")
        {
            let findings = check_example(example, &page.examples[..at])
                .unwrap_or_else(|fault| panic!("{}: {fault}", rule.code));
            for finding in findings.iter().filter(|finding| finding.rule == rule.code) {
                let told = [
                    (&page.head.message, &finding.message),
                    (&page.head.fix, &finding.fix),
                    (&page.head.proof, &finding.cause.proof),
                ];
                for (template, text) in told {
                    assert!(
                        is_filled(&template.ja, &text.ja),
                        "{}: {}",
                        rule.code,
                        text.ja
                    );
                    assert!(
                        is_filled(&template.en, &text.en),
                        "{}: {}",
                        rule.code,
                        text.en
                    );
                }
            }
        }
    }
}

fn is_filled(template: &str, text: &str) -> bool {
    let mut names = template
        .split('{')
        .skip(1)
        .filter_map(|piece| piece.split_once('}'));
    names.all(|(name, _)| !text.contains(&format!("{{{name}}}")))
}
