//! `renkei rules`: the list of rules, from the same pages that `explain` prints.

use renkei_core::check::rules;
use renkei_core::model::{Lang, exit};
use renkei_report::words;
use serde_json::json;

use super::args::TextOrJson;
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(format: TextOrJson, lang: Lang) -> Result<u8, Trouble> {
    let text = match format {
        TextOrJson::Text => as_text(lang),
        TextOrJson::Json => as_json(),
    };
    screen::result(&text)?;
    Ok(exit::PASSED)
}

fn as_text(lang: Lang) -> String {
    let lines = rules().map(|rule| {
        let head = &rule.page().head;
        let level = words::of(lang, "level", head.level.as_str());
        format!(
            "{:<8} {:<40} {}  ({level})\n",
            rule.code,
            rule.name,
            head.title.get(lang)
        )
    });
    lines.collect()
}

fn as_json() -> String {
    let list: Vec<_> = rules()
        .map(|rule| {
            let head = &rule.page().head;
            json!({
                "code": rule.code,
                "name": rule.name,
                "area": rule.code.split('-').next(),
                "level": head.level,
                "title": head.title,
                "since": head.since,
                "status": head.status,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "rules": list }))
}
