//! Documents as Word and LibreOffice read them: parts, relationships, order of elements, slots.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its inputs are not as made"
)]

mod docx_lint;

use renkei_report::docx::{Block, Document, Slot, Table, Text, fill, write};

fn sample() -> Document {
    let mut document = Document::new("成果報告書 <試作> & その他");
    document.header = "データ区分: 架空データ".into();
    document.footer = "実行番号 20261123-1".into();
    document.made_at = "2026-11-23T01:02:03.5Z".into();
    let mut table = Table::new(&[("連携ID", 1), ("判定", 1), ("件数", 1)]);
    table.caption = "表1 連携別の判定".into();
    table.numbers = vec![2];
    for n in 0..60 {
        table.row([format!("L-{n:04}"), "適合".into(), n.to_string()]);
    }
    document.blocks = vec![
        Block::heading(1, "1 概要"),
        Block::Paragraph(
            Text::from("制御文字\u{1b}と改行\nの後、")
                .and(Text::bold("太字"))
                .and(Text::code("EE E0")),
        ),
        Block::facts([("会議名", "定例会"), ("日時", "2026-11-23")]),
        Block::numbered(["最初", "次"]),
        Block::bullets(["一つ", "二つ"]),
        Block::numbered(["また最初"]),
        Block::Slot(Slot::new(
            "results",
            "検証結果",
            vec![Block::heading(2, "検証結果"), Block::Table(table)],
        )),
        Block::PageBreak,
        Block::heading(1, "5 考察"),
        Block::Slot(Slot::to_fill(
            "considerations",
            "考察",
            "結果から言えることを書く",
        )),
    ];
    document
}

#[test]
fn the_package_is_whole_and_its_elements_stand_in_the_order_of_the_schema() {
    for landscape in [false, true] {
        let mut document = sample();
        document.landscape = landscape;
        let bytes = write(&document).unwrap();
        // Kept for a look with LibreOffice.
        let name = format!("sample-{landscape}.docx");
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(folder.join(name), &bytes).unwrap();
        assert_eq!(docx_lint::lint(&bytes), Vec::<String>::new());
        assert_eq!(
            bytes,
            write(&document).unwrap(),
            "the same document gives the same bytes"
        );
    }
}

#[test]
fn the_lint_sees_what_is_wrong() {
    let bytes = write(&sample()).unwrap();
    let parts = docx_lint::parts(&bytes);
    let broken = |name: &str, from: &str, to: &str| {
        let mut parts = parts.clone();
        let text = parts.get_mut(name).unwrap();
        assert!(text.contains(from), "{name} has {from}");
        *text = text.replace(from, to);
        docx_lint::lint_parts(&parts)
    };
    assert!(
        !broken(
            "word/document.xml",
            "<w:cantSplit/><w:tblHeader/>",
            "<w:jc w:val=\"left\"/>"
        )
        .is_empty()
    );
    assert!(!broken("word/document.xml", "<w:tblGrid>", "<w:tblGrid><w:oops/>").is_empty());
    assert!(!broken("word/_rels/document.xml.rels", "footer1.xml", "footer2.xml").is_empty());
    assert!(!broken("[Content_Types].xml", "/word/styles.xml", "/word/style.xml").is_empty());
    assert!(!broken("word/document.xml", "w:val=\"Title\"", "w:val=\"NoSuch\"").is_empty());
    assert!(
        !broken(
            "word/styles.xml",
            "<w:keepNext/><w:keepLines/>",
            "<w:keepLines/><w:keepNext/>"
        )
        .is_empty()
    );
}

#[test]
fn nothing_in_a_text_steers_the_document() {
    let parts = docx_lint::parts(&write(&sample()).unwrap());
    let main = &parts["word/document.xml"];
    assert!(main.contains("制御文字[ESC]と改行</w:t><w:br/>"));
    assert!(main.contains("&lt;試作&gt; &amp; その他"));
    assert!(parts["docProps/core.xml"].contains("2026-11-23T01:02:03Z"));
    assert_eq!(
        parts["word/numbering.xml"]
            .matches("w:startOverride")
            .count(),
        2
    );
}

/// A document as a person with a Japanese Word would make it: other ids of styles, controls around a paragraph, inside
/// a line and of somebody else.
fn template() -> Vec<u8> {
    let mut parts = docx_lint::parts(&write(&Document::new("ひな形")).unwrap());
    let styles = parts.get_mut("word/styles.xml").unwrap();
    *styles = styles.replace("\"Heading2\"", "\"2\"");
    let from = styles.find("<w:style w:styleId=\"RenkeiTable\"").unwrap();
    let to = styles.rfind("</w:styles>").unwrap();
    styles.replace_range(from..to, "");
    let control = |tag: &str, inner: &str| {
        format!(
            "<w:sdt><w:sdtPr><w:tag w:val=\"{tag}\"/><w:id w:val=\"7\"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
        )
    };
    let run = "<w:r><w:t>ここに入る</w:t></w:r>";
    let controls = [
        control("results", &format!("<w:p>{run}</w:p>")),
        format!("<w:p>{}</w:p>", control("considerations", run)),
        control("their_own", &format!("<w:p>{run}</w:p>")),
    ];
    let main = parts.get_mut("word/document.xml").unwrap();
    let at = main.find("<w:sectPr>").unwrap();
    main.insert_str(at, &controls.concat());
    docx_lint::archive(&parts)
}

#[test]
fn slots_go_into_a_document_of_the_user() {
    let document = sample();
    let filled = fill(&template(), &document.slots()).unwrap();
    assert_eq!(docx_lint::lint(&filled.bytes), Vec::<String>::new());
    assert!(filled.missing.is_empty());
    assert_eq!(filled.unknown, ["their_own"]);
    let parts = docx_lint::parts(&filled.bytes);
    let main = &parts["word/document.xml"];
    assert!(main.contains("L-0059") && main.contains("【記入】結果から言えることを書く"));
    assert_eq!(
        main.matches("ここに入る").count(),
        1,
        "the foreign control keeps its text"
    );
    assert_eq!(main.matches("w:showingPlcHdr").count(), 1);
    assert!(
        main.contains("<w:pStyle w:val=\"2\"/>"),
        "headings use the template's own style"
    );
    assert!(
        parts["word/styles.xml"].contains("renkei table\""),
        "a missing style comes along"
    );
}

#[test]
fn templates_that_cannot_be_filled_say_why() {
    let document = sample();
    let slots = document.slots();
    let said = |template: &[u8]| fill(template, &slots).unwrap_err();
    assert!(said(b"no archive").what.ja.contains("読めません"));
    let plain = write(&Document::new("枠なし")).unwrap();
    let fault = said(&plain);
    assert!(
        fault.what.ja.contains("差込み枠がありません")
            && fault.fix.ja.contains("considerations, results")
    );
    let mut parts = docx_lint::parts(&template());
    parts.insert("word/vbaProject.bin".into(), "x".into());
    assert!(said(&docx_lint::archive(&parts)).what.en.contains("macros"));
    let mut parts = docx_lint::parts(&template());
    let main = parts.get_mut("word/document.xml").unwrap();
    *main = main.replace("\"considerations\"", "\"results\"");
    assert!(
        said(&docx_lint::archive(&parts))
            .what
            .en
            .contains("inside a line")
    );
    let one = fill(&template(), &slots[..1]).unwrap();
    assert_eq!((one.missing.len(), one.unknown.len()), (0, 2));
    let own = write(&document).unwrap();
    let again = fill(&own, &slots).unwrap();
    assert!(
        again.missing.is_empty() && again.unknown.is_empty(),
        "our own document is a template"
    );
    assert_eq!(docx_lint::lint(&again.bytes), Vec::<String>::new());
}
