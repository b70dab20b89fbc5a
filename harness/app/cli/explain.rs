//! `renkei explain`: a rule's page.

use renkei_core::check::{RETIRED, rule, rules};
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_report::words;

use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(code: &str, lang: Lang) -> Result<u8, Trouble> {
    if let Some(retired) = RETIRED
        .iter()
        .find(|retired| retired.code.eq_ignore_ascii_case(code))
    {
        let successor = retired.successor.unwrap_or("-");
        screen::result(&format!(
            "{} -> {successor} ({})\n",
            retired.code, retired.since
        ))?;
        return Ok(exit::PASSED);
    }
    let Some(rule) = rule(code) else {
        return Err(unknown(code));
    };
    let page = rule.page();
    let head = &page.head;
    let level = words::of(lang, "level", head.level.as_str());
    let mut text = format!(
        "{} {} ({level}, {})\n{}\n\n",
        rule.code,
        rule.name,
        head.since,
        head.title.get(lang)
    );
    text.push_str(&page.body);
    text.push_str(&format!(
        "\n\n{}: {}\n",
        Bilingual::new("根拠", "source").get(lang),
        head.source
    ));
    screen::result(&text)?;
    Ok(exit::PASSED)
}

fn unknown(code: &str) -> Trouble {
    let area = code
        .split('-')
        .next()
        .unwrap_or_default()
        .to_ascii_uppercase();
    let near: Vec<&str> = rules()
        .map(|rule| rule.code)
        .filter(|known| known.starts_with(&area))
        .collect();
    let near = if near.is_empty() {
        "renkei rules".to_owned()
    } else {
        near.join(", ")
    };
    Trouble::input(
        "renkei explain",
        Bilingual::new(
            format!("規則 {code} はありません"),
            format!("there is no rule {code}"),
        ),
        Bilingual::new(format!("あるもの: {near}"), format!("there are: {near}")),
    )
}
