//! `renkei repertoire`: what a set of characters holds, what of a text is outside it, how two sets differ.

use std::path::{Path, PathBuf};

use renkei_core::encoding::repertoire::{List, catalogue};
use renkei_core::encoding::{Dialect, Repertoire};
use renkei_core::mask::visible;
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_report::text::columns;

use super::args::{RepertoireAction, RepertoireArgs};
use crate::trouble::Trouble;
use crate::{inputs, screen};

/// Characters that are listed before the rest is only counted.
const MAX_LISTED: usize = 50;

pub(super) fn run(args: &RepertoireArgs, lang: Lang) -> Result<u8, Trouble> {
    let lists = lists(&args.lists)?;
    let set = |expression: &str| compile(expression, &lists);
    let (text, code) = match &args.action {
        RepertoireAction::List => (named(lang), exit::PASSED),
        RepertoireAction::Show { set: expression } => (show(&set(expression)?, lang), exit::PASSED),
        RepertoireAction::Check {
            set: expression,
            file,
        } => check(&set(expression)?, file, lang)?,
        RepertoireAction::Diff { a, b } => (diff(&set(a)?, &set(b)?, lang), exit::PASSED),
    };
    screen::result(&text)?;
    Ok(code)
}

pub(super) fn lists(files: &[PathBuf]) -> Result<Vec<List>, Trouble> {
    let mut problems = Problems::new();
    let mut lists = Vec::new();
    for file in files {
        let Some(bytes) = inputs::read(file, &mut problems) else {
            continue;
        };
        match List::parse(&file.display().to_string(), &bytes) {
            Ok(list) => lists.push(list),
            Err(more) => problems.extend(more),
        }
    }
    if problems.is_empty() {
        Ok(lists)
    } else {
        Err(Trouble::Inputs(problems))
    }
}

fn compile(expression: &str, lists: &[List]) -> Result<Repertoire, Trouble> {
    Repertoire::compile(expression, Dialect::Ms, lists).map_err(|fault| {
        let column = expression
            .get(..fault.at)
            .map_or(0, |before| before.chars().count())
            + 1;
        Trouble::input(
            format!("\"{expression}\":{column}"),
            fault.message,
            fault.help,
        )
    })
}

fn named(lang: Lang) -> String {
    let rows = catalogue()
        .into_iter()
        .map(|(names, title)| vec![names.join(" = "), title.get(lang).to_owned()]);
    columns(&rows.collect::<Vec<_>>())
}

fn show(set: &Repertoire, lang: Lang) -> String {
    let summary = set.summary();
    let label = |ja: &str, en: &str| Bilingual::new(ja, en).get(lang).to_owned();
    let mut rows = vec![
        vec![label("集合", "set"), summary.expression],
        vec![label("文字", "characters"), summary.characters.to_string()],
        vec![
            label("2符号位置の文字", "sequences"),
            summary.sequences.to_string(),
        ],
    ];
    let classes = summary
        .classes
        .iter()
        .map(|(class, count)| vec![format!("  {}", class.name()), count.to_string()]);
    rows.extend(classes);
    let lists = set.lists().iter().map(|l| {
        vec![
            label("一覧", "list"),
            format!("{} {} sha256 {}", l.id, l.version, l.sha256),
        ]
    });
    rows.extend(lists);
    let mut text = columns(&rows);
    let ranges = summary
        .ranges
        .iter()
        .take(MAX_LISTED)
        .map(|(from, to)| match from == to {
            true => format!("U+{from:04X}"),
            false => format!("U+{from:04X}-U+{to:04X}"),
        });
    text.push_str(&ranges.collect::<Vec<_>>().join(" "));
    text.push_str(&rest(summary.ranges.len(), lang));
    text.push('\n');
    text
}

fn check(set: &Repertoire, file: &Path, lang: Lang) -> Result<(String, u8), Trouble> {
    let mut problems = Problems::new();
    let bytes = inputs::read(file, &mut problems).unwrap_or_default();
    let name = file.display().to_string();
    let text = renkei_core::spec::utf8(&name, &bytes, &mut problems).unwrap_or_default();
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    // Line ends separate what is checked; they are never part of a repertoire.
    let outside: Vec<_> = set
        .check(text)
        .filter(|o| !matches!(o.what.as_str(), "\n" | "\r"))
        .collect();
    let rows = outside.iter().take(MAX_LISTED).map(|found| {
        let codes = found
            .what
            .chars()
            .map(|c| format!("U+{:04X}", u32::from(c)))
            .collect::<Vec<_>>()
            .join(" ");
        let seen: String = found.what.chars().map(visible).collect();
        vec![
            found.at.to_string(),
            codes,
            found.class.name().to_owned(),
            seen,
        ]
    });
    let mut out = columns(&rows.collect::<Vec<_>>());
    let count = outside.len();
    let summary = Bilingual::new(
        format!("{}の外の文字: {count}\n", set.expression()),
        format!("characters outside {}: {count}\n", set.expression()),
    );
    out.push_str(summary.get(lang));
    Ok((
        out,
        if count == 0 {
            exit::PASSED
        } else {
            exit::NONCONFORMING
        },
    ))
}

fn diff(a: &Repertoire, b: &Repertoire, lang: Lang) -> String {
    let difference = a.diff(b);
    let both = Bilingual::new(
        format!("共通 {}\n\n", difference.common),
        format!("common {}\n\n", difference.common),
    );
    format!(
        "{}{}\n{}",
        both.get(lang),
        show(&difference.only_first, lang),
        show(&difference.only_second, lang)
    )
}

fn rest(all: usize, lang: Lang) -> String {
    let more = all.saturating_sub(MAX_LISTED);
    let text = Bilingual::new(
        format!(" ほか {more} 範囲"),
        format!(" and {more} more ranges"),
    );
    if more == 0 {
        String::new()
    } else {
        text.get(lang).to_owned()
    }
}
