//! `report.html`: self-contained, complete without script, every link has its target, nothing of a peer gets out.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod documents;

use std::collections::BTreeSet;

use renkei_core::model::{Bilingual, Lang};
use renkei_core::record::ResultDocument;
use renkei_report::{Format, Options, render};

use documents::{CLEAN, FAILING, read};

fn page(doc: &ResultDocument, lang: Lang) -> String {
    String::from_utf8(
        render(doc, Format::Html, lang, &Options::default())
            .unwrap()
            .remove(0)
            .bytes,
    )
    .unwrap()
}

/// Values of an attribute, in order.
fn attribute<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!(" {name}=\"");
    page.split(&open)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

/// What a reader sees, line by line, without style and script.
fn text(page: &str) -> String {
    let body = page
        .split_once("<body>")
        .unwrap()
        .1
        .split_once("<script>")
        .unwrap()
        .0;
    let mut out = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => {
                inside = true;
                out.push(' ');
            }
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let plain = out
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    let lines = plain
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn what_a_reader_sees_in_japanese() {
    insta::assert_snapshot!(text(&page(&read(FAILING), Lang::Ja)));
}

#[test]
fn what_a_reader_sees_in_english() {
    insta::assert_snapshot!(text(&page(&read(FAILING), Lang::En)));
}

#[test]
fn what_a_reader_sees_of_a_clean_run() {
    insta::assert_snapshot!(text(&page(&read(CLEAN), Lang::Ja)));
}

#[test]
fn the_markup_of_one_finding() {
    let page = page(&read(FAILING), Lang::Ja);
    let card = page
        .split("<article ")
        .find(|part| part.contains("id=\"F-0004\""))
        .unwrap();
    insta::assert_snapshot!(card.split_once("</article>").unwrap().0);
}

#[test]
fn every_link_has_its_target_and_every_id_is_unique() {
    for (source, lang) in [(FAILING, Lang::Ja), (FAILING, Lang::En), (CLEAN, Lang::Ja)] {
        let page = page(&read(source), lang);
        let ids = attribute(&page, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "an id occurs twice");
        for link in attribute(&page, "href") {
            let target = link
                .strip_prefix('#')
                .unwrap_or_else(|| panic!("{link} leaves the page"));
            assert!(unique.contains(target), "#{target} has no target");
        }
        for label in attribute(&page, "aria-labelledby")
            .iter()
            .flat_map(|ids| ids.split(' '))
        {
            assert!(unique.contains(label), "label {label}");
        }
    }
}

#[test]
fn each_byte_each_exchange_and_each_case_has_an_address() {
    let doc = read(FAILING);
    let page = page(&doc, Lang::Ja);
    let ids: BTreeSet<&str> = attribute(&page, "id").into_iter().collect();
    assert!(ids.contains("F-0004-byte-23") && ids.contains("F-0004-byte-24"));
    for finding in &doc.findings {
        assert!(ids.contains(finding.id.as_str()), "{}", finding.id);
        if let Some(ruler) = &finding.ruler {
            let bytes: usize = ruler
                .cells
                .iter()
                .map(|cell| cell.hex.split_whitespace().count())
                .sum();
            let addressed = ids
                .iter()
                .filter(|id| id.starts_with(&format!("{}-byte-", finding.id)))
                .count();
            assert_eq!(addressed, bytes, "{}", finding.id);
        }
    }
    for id in doc
        .log
        .iter()
        .map(|line| line.id.clone())
        .chain(doc.cases.iter().map(|case| format!("case-{}", case.id)))
    {
        assert!(ids.contains(id.as_str()), "{id}");
    }
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    for lang in [Lang::Ja, Lang::En] {
        let page = page(&read(FAILING), lang);
        assert!(page.contains(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;;"
        ));
        for name in [
            "src",
            "srcset",
            "action",
            "data",
            "poster",
            "background",
            "style",
            "onclick",
            "onload",
        ] {
            assert_eq!(attribute(&page, name), Vec::<&str>::new(), "{name}");
        }
        for tag in [
            "<link", "<img", "<iframe", "<object", "<base", "@import", "url(",
        ] {
            assert!(!page.contains(tag), "{tag}");
        }
        assert_eq!(page.matches("<style>").count(), 1);
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("<h1>").count(), 1);
        assert!(page.contains(&format!("<html lang=\"{lang}\">")));
        let place = text(&page).contains("デジタル庁の公式ツールではありません");
        assert!(place || lang == Lang::En);
    }
}

#[test]
fn headings_never_skip_a_level() {
    for source in [FAILING, CLEAN] {
        let page = page(&read(source), Lang::Ja);
        let mut last = 0;
        for part in page.split("<h").skip(1) {
            let Some(level) = part.chars().next().and_then(|c| c.to_digit(10)) else {
                continue;
            };
            assert!(
                level <= last + 1,
                "h{level} after h{last}: {}",
                part.chars().take(60).collect::<String>()
            );
            last = level;
        }
        assert!(last > 1);
    }
}

#[test]
fn text_of_a_peer_stays_text() {
    let mut doc = read(FAILING);
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\u{200b}\u{1b}{{ 7777*9999 }}";
    for finding in &mut doc.findings {
        finding.observed = evil.into();
        finding.message = Bilingual::same(evil);
        finding.location.file = Some(evil.into());
        finding.fingerprint = evil.into();
        for cell in finding.ruler.iter_mut().flat_map(|ruler| &mut ruler.cells) {
            cell.text = evil.into();
            cell.field = evil.into();
        }
    }
    for line in &mut doc.log {
        line.detail = format!("a\r\n{evil}");
        line.curl = evil.into();
        line.summary = evil.into();
    }
    doc.run.title = Bilingual::same(evil);
    doc.parties[0].name = Bilingual::same(evil);
    doc.cases[0].id = evil.into();
    let page = page(&doc, Lang::Ja);
    assert_eq!(page.matches("<script").count(), 1);
    assert!(
        !page.contains("<img") && !page.contains("77762223"),
        "markup or a template got through"
    );
    assert!(page.contains("{{ 7777*9999 }}"));
    assert!(
        page.chars()
            .all(|c| c == '\n' || c == '\t' || !c.is_control())
    );
    assert!(!page.contains('\u{202e}') && !page.contains('\u{200b}') && page.contains("[U+202E]"));
}

#[test]
fn a_large_run_stays_small_and_says_so() {
    let mut doc = read(FAILING);
    let template = doc.findings[3].clone();
    for n in 0..700 {
        let mut more = template.clone();
        more.id = format!("F-{:04}", 1000 + n);
        doc.findings.push(more);
    }
    let page = page(&doc, Lang::Ja);
    assert_eq!(page.matches("<article ").count(), 500);
    assert!(
        page.contains("ほかに 223 件の指摘があります"),
        "the rest is stated"
    );
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    every_target(&page);
}

fn every_target(page: &str) {
    let ids: BTreeSet<&str> = attribute(page, "id").into_iter().collect();
    for link in attribute(page, "href") {
        assert!(ids.contains(link.trim_start_matches('#')), "{link}");
    }
}

#[test]
fn an_empty_document_still_makes_a_page() {
    let mut doc = read(CLEAN);
    doc.cases.clear();
    doc.agreement.clear();
    doc.preflight.clear();
    doc.log.clear();
    doc.packs.clear();
    doc.parties.clear();
    doc.inputs.clear();
    doc.counts.clear();
    doc.run.started_at = String::new();
    for format in Format::ALL {
        for lang in [Lang::Ja, Lang::En] {
            let made = render(&doc, format, lang, &Options::default()).unwrap();
            // Where nothing was found there is nothing to annotate.
            let empty = format == Format::Github;
            assert_eq!(made[0].bytes.is_empty(), empty, "{format:?}");
        }
    }
    every_target(&page(&doc, Lang::Ja));
}
