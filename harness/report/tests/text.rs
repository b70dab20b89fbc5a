//! What a terminal shows, in both languages.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod documents;

use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;
use renkei_report::{Format, Options, render, text};

use documents::{CLEAN, FAILING, read};

fn shown(doc: &ResultDocument, lang: Lang) -> String {
    let made = render(doc, Format::Text, lang, &Options::default()).unwrap();
    String::from_utf8(made[0].bytes.clone()).unwrap()
}

#[test]
fn a_failing_run_in_japanese() {
    insta::assert_snapshot!(shown(&read(FAILING), Lang::Ja));
}

#[test]
fn a_failing_run_in_english() {
    insta::assert_snapshot!(shown(&read(FAILING), Lang::En));
}

#[test]
fn a_clean_run() {
    insta::assert_snapshot!(shown(&read(CLEAN), Lang::Ja));
}

#[test]
fn colour_only_decorates() {
    let doc = read(FAILING);
    let options = Options {
        colour: true,
        ..Options::default()
    };
    let painted = text::report(&doc, Lang::Ja, &options);
    assert!(painted.contains('\u{1b}'));
    let mut plain = String::new();
    let mut rest = painted.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    assert_eq!(plain, shown(&doc, Lang::Ja));
    assert!(!plain.contains('\u{1b}'));
}

#[test]
fn findings_of_one_rule_are_capped_and_the_rest_is_counted() {
    let mut doc = read(FAILING);
    let template = doc.findings[3].clone();
    for n in 0..7 {
        let mut more = template.clone();
        more.id = format!("F-{:04}", 100 + n);
        more.count = 10;
        doc.findings.push(more);
    }
    let capped = text::findings(&doc, Lang::Ja, &Options::default());
    assert_eq!(capped.matches("不適合[ENC-003]").count(), 5);
    assert!(capped.contains("ENC-003: ほかに 3 種類の指摘、合わせて 30 か所"));
    let all = text::findings(
        &doc,
        Lang::Ja,
        &Options {
            max_per_rule: 0,
            ..Options::default()
        },
    );
    assert_eq!(all.matches("不適合[ENC-003]").count(), 8);
}

#[test]
fn text_of_a_peer_cannot_steer_the_terminal() {
    let mut doc = read(FAILING);
    for finding in &mut doc.findings {
        finding.observed = "\u{1b}]0;gone\u{7}\u{202e}x\r\n".into();
        finding.message.ja = "a\u{1b}[2Jb".into();
    }
    doc.run.title.ja = "\u{1b}[1m".into();
    doc.remarks[0].ja = "\u{9b}31m".into();
    let text = shown(&doc, Lang::Ja);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(!text.contains('\u{202e}') && text.contains("[ESC]"));
}
