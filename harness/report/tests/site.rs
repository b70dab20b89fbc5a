//! The site: every link leads somewhere, nothing is fetched, every byte of a ruler can be linked to.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod documents;

use std::collections::{BTreeMap, BTreeSet};

use documents::{CLEAN, FAILING, read};
use renkei_core::baseline::diff;
use renkei_core::model::{Lang, Verdict};
use renkei_report::{Options, run_diff, site};

fn pages(lang: Lang) -> BTreeMap<String, String> {
    let mut again = read(FAILING);
    again.run.id = "R-LATER".into();
    again.run.started_at = "2027-01-05T00:00:00Z".into();
    again.findings.truncate(10);
    let made = site::render(
        &[read(FAILING), read(CLEAN), again],
        None,
        lang,
        &Options::default(),
    );
    made.unwrap()
        .into_iter()
        .map(|page| (page.name, String::from_utf8(page.bytes).unwrap()))
        .collect()
}

fn attribute<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!(" {name}=\"");
    page.split(&open)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

/// A relative link from a page, as a path below the site.
fn resolved(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        if part == ".." {
            parts.pop().unwrap();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[test]
fn every_link_leads_to_a_page_and_a_place_of_the_site() {
    for lang in [Lang::Ja, Lang::En] {
        let pages = pages(lang);
        assert!(pages.len() > 25, "{}", pages.len());
        let mut followed = 0;
        for (name, page) in &pages {
            let ids = attribute(page, "id");
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "{name}: an id occurs twice");
            for link in attribute(page, "href") {
                let (path, place) = link.split_once('#').unwrap_or((link, ""));
                let target = if path.is_empty() {
                    name.clone()
                } else {
                    resolved(name, path)
                };
                let there = pages.get(&target);
                let there = there.unwrap_or_else(|| panic!("{name}: {link}"));
                assert!(
                    place.is_empty() || there.contains(&format!("id=\"{place}\"")),
                    "{name}: {link}"
                );
                followed += 1;
            }
        }
        assert!(followed > 200);
    }
}

#[test]
fn nothing_is_fetched_and_scripts_are_named() {
    for (name, page) in pages(Lang::Ja) {
        assert!(page.starts_with("<!DOCTYPE html>"), "{name}");
        assert!(page.contains("default-src &#39;none&#39;"), "{name}");
        assert_eq!(attribute(&page, "src").len(), 0, "{name}");
        assert!(
            !page.contains("<link") && !page.contains("@import"),
            "{name}"
        );
        assert!(
            !page.contains("site.") || !page.contains(">site."),
            "{name}: a word is missing"
        );
    }
}

#[test]
fn every_byte_of_a_ruler_has_a_link_of_its_own() {
    let pages = pages(Lang::Ja);
    let doc = read(FAILING);
    let finding = doc.findings.iter().find(|f| f.ruler.is_some()).unwrap();
    let ruler = finding.ruler.as_ref().unwrap();
    let name = format!("runs/{}/case-{}.html", doc.run.id, finding.case);
    let page = &pages[&name];
    for column in [ruler.record_offset + 1, ruler.record_offset + 2] {
        assert_eq!(page.matches(&format!("id=\"byte-{column}\"")).count(), 1);
    }
    assert!(page.contains("id=\"characters\""));
}

#[test]
fn the_matrix_and_the_document_count_alike() {
    let pages = pages(Lang::Ja);
    let doc = read(FAILING);
    let page = &pages[&format!("runs/{}/index.html", doc.run.id)];
    for verdict in Verdict::ALL {
        let wanted = doc.counts.get(verdict.as_str()).copied().unwrap_or(0);
        let row = format!("data-item data-verdict=\"{}\"", verdict.as_str());
        let shown = page.matches(&row);
        assert_eq!(shown.count() as u64, wanted, "{}", verdict.as_str());
    }
}

#[test]
fn a_comparison_as_text_in_both_languages() {
    let before = read(FAILING);
    let mut after = before.clone();
    after.run.id = "R-LATER".into();
    after
        .findings
        .retain(|f| f.id != "F-0004" && f.id != "F-0023");
    after.findings[4].count += 3;
    if let Some(case) = after.cases.iter_mut().find(|c| c.id == "C-105") {
        case.verdict = Verdict::ToolError;
    }
    let found = diff(&before, &after);
    insta::assert_snapshot!("comparison_ja", run_diff::text(&found, Lang::Ja));
    insta::assert_snapshot!("comparison_en", run_diff::text(&found, Lang::En));
    let page = String::from_utf8(run_diff::html(&found, Lang::Ja).unwrap()).unwrap();
    assert!(page.contains("再実施なし") && page.contains("解消"));
}
