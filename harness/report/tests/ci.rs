//! Formats for continuous integration hold what the document holds, and nothing a peer wrote becomes a command.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod documents;

use documents::{CLEAN, FAILING, read};
use renkei_core::baseline::{Baseline, apply};
use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;
use renkei_report::{Format, Options, render};
use serde_json::Value;

fn made(doc: &ResultDocument, format: Format) -> String {
    let mut made = render(doc, format, Lang::Ja, &Options::default()).unwrap();
    String::from_utf8(made.remove(0).bytes).unwrap()
}

fn sarif(doc: &ResultDocument) -> Value {
    serde_json::from_str(&made(doc, Format::Sarif)).unwrap()
}

/// What SARIF 2.1.0 demands of the parts we write, by the clauses of the standard.
#[test]
fn sarif_has_the_structure_of_the_standard() {
    for source in [FAILING, CLEAN] {
        let doc = read(source);
        let log = sarif(&doc);
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["name"], "renkei");
        let rules = driver["rules"].as_array().unwrap();
        for rule in rules {
            assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
            assert!(rule["help"]["markdown"].is_string(), "{rule}");
            assert!(rule["shortDescription"]["text"].is_string());
        }
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), doc.findings.len());
        for result in results {
            let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[at]["id"], result["ruleId"]);
            let level = result["level"].as_str().unwrap();
            assert!(["error", "warning", "note"].contains(&level));
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            assert!(result["partialFingerprints"]["renkei/v1"].is_string());
        }
    }
}

#[test]
fn sarif_regions_are_the_bytes_of_the_finding() {
    let doc = read(FAILING);
    let log = sarif(&doc);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let mut regions = 0;
    for finding in &doc.findings {
        let of = |r: &&Value| r["properties"]["id"] == finding.id.as_str();
        let result = results.iter().find(of).unwrap();
        let physical = &result["locations"][0]["physicalLocation"];
        if let Some(offset) = finding.location.byte_offset {
            assert_eq!(physical["region"]["byteOffset"], offset);
            assert!(physical["region"]["byteLength"].is_u64());
            regions += 1;
        }
        if finding.location.file.is_some() {
            let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|b| b.is_ascii_graphic() && b != b':'));
        }
    }
    assert!(regions > 3, "only {regions} findings have bytes");
}

#[test]
fn annotations_are_capped_escaped_and_the_worst_come_first() {
    let mut doc = read(FAILING);
    doc.findings[0].message.ja = "100%\n::error::spoofed".into();
    doc.findings[0].location.file = Some("a,b:c.csv".into());
    let text = made(&doc, Format::Github);
    assert!(text.starts_with("::error "));
    assert!(text.contains("file=a%2Cb%3Ac.csv"));
    assert!(!text.contains("\n::error::spoofed"));
    assert!(text.lines().all(|line| line.starts_with("::")));
    assert_eq!(text.lines().count(), doc.findings.len());
    let one = doc.findings[0].clone();
    doc.findings = vec![one; 60];
    let many = made(&doc, Format::Github);
    assert_eq!(many.lines().count(), 50);
    assert!(many.lines().last().unwrap().contains("11 種類"));
}

#[test]
fn a_baseline_is_seen_in_every_format() {
    let mut doc = read(FAILING);
    let baseline = Baseline::of(&doc);
    apply(&mut doc, &baseline);
    let log = sarif(&doc);
    assert_eq!(log["runs"][0]["results"][0]["baselineState"], "unchanged");
    assert!(!made(&doc, Format::Github).contains("::error "));
    assert!(made(&doc, Format::Html).contains("基準にある既知の指摘"));
    assert!(made(&doc, Format::Text).contains("基準（実行番号"));
}
