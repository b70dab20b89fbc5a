//! An XML message as people read it: how it is written, and its schemas line by line.

use renkei_core::model::Lang;
use renkei_core::spec::XmlMessage;

use super::{Section, pick};

pub(super) fn sections(message: &XmlMessage, lang: Lang) -> Vec<Section> {
    let rows = message
        .settings()
        .into_iter()
        .map(|(key, value)| vec![key.to_owned(), shown(value)]);
    let settings = Section::new(
        "settings",
        &pick(lang, "電文の設定", "Settings of the message"),
        &pick(lang, "設定,値", "setting,value"),
        rows.collect(),
    );
    let mut out = vec![settings];
    let heads = pick(lang, "行,内容", "line,text");
    for (number, (file, text)) in message.schema.files.iter().enumerate() {
        let lines = text.lines().enumerate();
        // A no-break space keeps the indentation where runs of spaces are drawn together.
        let rows = lines.map(|(at, line)| vec![(at + 1).to_string(), indented(line)]);
        let title = format!("{} {file}", pick(lang, "スキーマ", "Schema"));
        out.push(Section::new(
            &format!("schema-{number}"),
            &title,
            &heads,
            rows.collect(),
        ));
    }
    out
}

pub(super) fn shown(value: String) -> String {
    if value.is_empty() {
        "-".to_owned()
    } else {
        value
    }
}

fn indented(line: &str) -> String {
    let rest = line.trim_start();
    let depth = line.len() - rest.len();
    format!("{}{rest}", "\u{a0}".repeat(depth))
}
