//! `junit.xml`: counts that agree with the document, reasons, and never green by omission.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod documents;

use renkei_core::model::{Lang, Verdict};
use renkei_core::record::ResultDocument;
use renkei_report::{Format, Options, render};

use documents::{CLEAN, FAILING, read};

fn xml(doc: &ResultDocument) -> String {
    let made = render(doc, Format::Junit, Lang::Ja, &Options::default()).unwrap();
    String::from_utf8(made[0].bytes.clone()).unwrap()
}

fn number(head: &str, name: &str) -> u64 {
    let (_, rest) = head.split_once(&format!(" {name}=\"")).unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

/// Sums of an attribute over the suites of cases, not those of preflight and declarations.
fn over_cases(xml: &str, name: &str) -> u64 {
    let heads = xml
        .lines()
        .filter(|line| line.trim_start().starts_with("<testsuite "));
    heads
        .filter(|h| !h.contains("\"preflight\"") && !h.contains("\"declarations\""))
        .map(|h| number(h, name))
        .sum()
}

#[test]
fn counts_agree_with_the_document() {
    for source in [FAILING, CLEAN] {
        let doc = read(source);
        let xml = xml(&doc);
        let count = |verdicts: &[Verdict]| {
            doc.cases
                .iter()
                .filter(|c| verdicts.contains(&c.verdict))
                .count() as u64
        };
        assert_eq!(over_cases(&xml, "tests"), doc.cases.len() as u64);
        assert_eq!(over_cases(&xml, "failures"), count(&[Verdict::Fail]));
        let unclear = [Verdict::ToolError, Verdict::Inconclusive, Verdict::Review];
        assert_eq!(over_cases(&xml, "errors"), count(&unclear));
        assert_eq!(
            over_cases(&xml, "skipped"),
            count(&[Verdict::NotRun, Verdict::NotApplicable])
        );
        for verdict in Verdict::ALL {
            let property = format!(" status=\"{}\"", verdict.as_str());
            let cases = xml.split("<testsuite ").filter(|s| {
                !s.starts_with("name=\"preflight\"") && !s.starts_with("name=\"declarations\"")
            });
            let found: usize = cases.map(|suite| suite.matches(&property).count()).sum();
            assert_eq!(found as u64, count(&[verdict]), "{verdict:?}");
        }
    }
}

#[test]
fn a_run_that_stopped_before_its_first_case_is_not_green() {
    let mut doc = read(FAILING);
    doc.findings.clear();
    for case in &mut doc.cases {
        case.verdict = Verdict::NotRun;
        case.findings.clear();
    }
    let xml = xml(&doc);
    assert_eq!(over_cases(&xml, "failures") + over_cases(&xml, "errors"), 0);
    let head = xml
        .lines()
        .find(|line| line.starts_with("<testsuites "))
        .unwrap();
    assert!(number(head, "errors") > 0, "{head}");
}

/// Elements and attributes of the format, as `junit-10.xsd` of the xUnit plug-in of Jenkins has them (those that we may
/// write): element, its attributes, its children.
const SCHEMA: [(&str, &[&str], &[&str]); 7] = [
    (
        "testsuites",
        &["name", "time", "tests", "failures", "disabled", "errors"],
        &["testsuite"],
    ),
    (
        "testsuite",
        &["name", "tests", "failures", "errors", "time", "skipped"],
        &["testcase"],
    ),
    (
        "testcase",
        &["name", "assertions", "time", "classname", "status"],
        &["skipped", "error", "failure", "system-out"],
    ),
    ("failure", &["type", "message"], &[]),
    ("error", &["type", "message"], &[]),
    ("skipped", &["type", "message"], &[]),
    ("system-out", &[], &[]),
];

#[test]
fn nothing_but_what_the_schema_of_the_format_knows() {
    use quick_xml::events::Event;
    let mut stopped = read(FAILING);
    for case in &mut stopped.cases {
        case.verdict = Verdict::NotRun;
    }
    for doc in [read(FAILING), read(CLEAN), stopped] {
        let xml = xml(&doc);
        let mut reader = quick_xml::Reader::from_str(&xml);
        let mut open: Vec<String> = Vec::new();
        let mut seen = 0;
        loop {
            let event = reader.read_event().unwrap();
            let (tag, stays) = match &event {
                Event::Start(tag) => (tag, true),
                Event::Empty(tag) => (tag, false),
                Event::End(_) => {
                    open.pop();
                    continue;
                }
                Event::Eof => break,
                _ => continue,
            };
            let name = tag.name().as_ref().to_owned();
            let known = SCHEMA.iter().find(|(element, ..)| *element == name);
            let (_, attributes, _) = known.unwrap_or_else(|| panic!("<{name}>"));
            for attribute in tag.attributes() {
                let key = attribute.unwrap().key.as_ref().to_owned();
                assert!(attributes.contains(&key.as_str()), "{key} of <{name}>");
            }
            match open.last() {
                None => assert_eq!(name, "testsuites"),
                Some(above) => {
                    let (_, _, children) = SCHEMA.iter().find(|(e, ..)| e == above).unwrap();
                    assert!(children.contains(&name.as_str()), "<{name}> in <{above}>");
                }
            }
            seen += 1;
            if stays {
                open.push(name);
            }
        }
        assert!(seen > 10 && open.is_empty());
    }
}

#[test]
fn the_whole_file() {
    insta::assert_snapshot!(xml(&read(FAILING)));
}
