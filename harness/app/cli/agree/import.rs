//! `renkei agree import`: a filled-in sheet back into the profile of its vendor, all of it or nothing.

use std::path::PathBuf;

use clap::Args;
use renkei_core::agreement::{Answer, Profile};
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_import::{FilledRow, Written, read_agreement_sheet};
use renkei_report::{AGREEMENT_SHEET, base_digest, base_of, cell_word, exported_text};
use serde_json::{Value, json};

use super::{catalogue_of, read_profile};
use crate::cli::args::TextOrJson;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `agree import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// 記入した協議シート / the sheet that was filled in
    pub sheet: PathBuf,
    /// 取り込む先の申告 / profile that takes the answers
    pub profile: PathBuf,
    /// 新しい申告を書くファイル。省くと変更を示すだけ / file for the new profile; without it the changes are only shown
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// 協議項目一覧のパック / packs with the catalogue of items
    #[arg(long, default_value = "linkage-items", value_name = "PACK")]
    pub items: Vec<String>,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

/// One cell that says something else than the profile.
struct Difference {
    place: String,
    item: String,
    scope: String,
    base: String,
    sheet: String,
    profile: String,
}

impl Difference {
    /// The item, with the linkage and the exchange that it is answered for alone.
    fn what(&self) -> String {
        format!("{} {}", self.item, self.scope).trim().to_owned()
    }
}

#[derive(Default)]
struct Merged {
    answers: Vec<Answer>,
    changes: Vec<Difference>,
    conflicts: Vec<Difference>,
}

pub(super) fn run(args: &ImportArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let mut problems = Problems::new();
    let catalogue = catalogue_of(&args.items, folders, &mut problems);
    let profile = read_profile(&args.profile, &catalogue, &mut problems);
    let Some((profile, bytes)) = profile.filter(|_| problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let sheet = std::fs::read(&args.sheet).map_err(|e| Trouble::file(&args.sheet, &e))?;
    let name = args.sheet.file_name().map_or_else(
        || args.sheet.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let written = Written {
        sheet: AGREEMENT_SHEET,
        word: cell_word,
        digest: base_digest,
    };
    let rows = read_agreement_sheet(&name, &sheet, &catalogue, written).map_err(Trouble::Inputs)?;
    let merged = merge(&profile, &rows);
    let conflicting = !merged.conflicts.is_empty();
    if let Some(out) = args.out.as_ref().filter(|_| !conflicting) {
        let text = String::from_utf8_lossy(&bytes);
        let text = profile.text_with_answers(&text, &merged.answers);
        let text = text.map_err(|problem| Trouble::Inputs(vec![*problem]))?;
        renkei_run::store::write_file(out, text.as_bytes())?;
    }
    let imported = args.out.is_some() && !conflicting;
    screen::result(&match args.format {
        TextOrJson::Json => as_json(&merged, imported),
        TextOrJson::Text => as_text(&merged, imported, lang),
    })?;
    Ok(if conflicting {
        exit::INCOMPLETE
    } else {
        exit::PASSED
    })
}

/// Row by row: what was exported, what the sheet says, what the profile says. A cell that still reads as it was exported
/// means the text that it was exported from. Answers without a row stay as they are.
fn merge(profile: &Profile, rows: &[FilledRow]) -> Merged {
    let mut merged = Merged {
        answers: profile.answers.clone(),
        ..Merged::default()
    };
    for row in rows {
        let is_of = |a: &&Answer| {
            (&a.item, &a.linkage, &a.exchange) == (&row.item, &row.linkage, &row.exchange)
        };
        let now = profile.answers.iter().find(is_of);
        let ours = answer_of(row);
        let (ours_told, theirs) = (base_of(ours.as_ref()), base_of(now));
        let base = row.base.clone().unwrap_or_default();
        if ours_told == base || ours_told == theirs {
            continue;
        }
        let difference = Difference {
            place: row.place.clone(),
            item: row.item.clone(),
            scope: format!("{} {}", row.linkage, row.exchange)
                .trim()
                .to_owned(),
            base: base.clone(),
            sheet: ours_told,
            profile: theirs.clone(),
        };
        if theirs != base {
            merged.conflicts.push(difference);
            continue;
        }
        merged.changes.push(difference);
        let at = merged.answers.iter().position(|a| is_of(&a));
        match (at, ours) {
            (Some(at), Some(answer)) => {
                if let Some(there) = merged.answers.get_mut(at) {
                    *there = restored(answer, there);
                }
            }
            (Some(at), None) => {
                merged.answers.remove(at);
            }
            (None, Some(answer)) => merged.answers.push(answer),
            (None, None) => {}
        }
    }
    merged
}

fn answer_of(row: &FilledRow) -> Option<Answer> {
    (!row.values.is_empty()).then(|| Answer {
        item: row.item.clone(),
        values: row.values.clone(),
        source: row.source.clone(),
        linkage: row.linkage.clone(),
        exchange: row.exchange.clone(),
        by: row.by.clone(),
        on: row.on.clone(),
        place: row.place.clone(),
    })
}

/// Marks that a cell cannot hold are not a change.
fn restored(new: Answer, was: &Answer) -> Answer {
    let keep = |cell: String, was: &str| {
        if cell == exported_text(was) {
            was.to_owned()
        } else {
            cell
        }
    };
    let values = new
        .values
        .iter()
        .enumerate()
        .map(|(at, value)| keep(value.clone(), was.values.get(at).map_or("", String::as_str)));
    Answer {
        values: values.collect(),
        source: keep(new.source, &was.source),
        ..new
    }
}

fn as_json(merged: &Merged, imported: bool) -> String {
    let row = |d: &Difference| -> Value {
        json!({
            "place": d.place, "item": d.item, "scope": d.scope,
            "base": d.base, "sheet": d.sheet, "profile": d.profile,
        })
    };
    let document = json!({
        "schema": "renkei.agreement-import/v1",
        "imported": imported,
        "changes": merged.changes.iter().map(row).collect::<Vec<_>>(),
        "conflicts": merged.conflicts.iter().map(row).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn as_text(merged: &Merged, imported: bool, lang: Lang) -> String {
    let dash = |text: &str| if text.is_empty() { "-" } else { text }.to_owned();
    if !merged.conflicts.is_empty() {
        let head = Bilingual::new(
            "書き出した後に申告でも変わった項目があるため、何も取り込んでいません",
            "answers were also changed in the profile after the export, so nothing was imported",
        );
        let labels = Bilingual::new("書き出し時|協議シート|申告", "exported|sheet|profile");
        let labels: Vec<&str> = labels.get(lang).split('|').collect();
        let mut text = format!("{}\n", head.get(lang));
        for d in &merged.conflicts {
            text.push_str(&format!("{}  {}\n", d.what(), d.place));
            for (label, value) in labels.iter().zip([&d.base, &d.sheet, &d.profile]) {
                text.push_str(&format!("  {label}: {}\n", dash(value)));
            }
        }
        let help = Bilingual::new(
            "agree export で書き出し直し、残す値を書いて取り込んでください",
            "export again, write down the values to keep, and import that",
        );
        return format!("{text}{}\n", help.get(lang));
    }
    let mut text = String::new();
    for d in &merged.changes {
        text.push_str(&format!(
            "{}: {} -> {}  {}\n",
            d.what(),
            dash(&d.base),
            dash(&d.sheet),
            d.place
        ));
    }
    let n = merged.changes.len();
    let end = match (n, imported) {
        (0, _) => Bilingual::new("変わった回答はありません", "no answer changed"),
        (_, true) => Bilingual::new(
            format!("{n}件の回答を取り込みました"),
            format!("{n} answers imported"),
        ),
        (_, false) => Bilingual::new(
            format!("{n}件の回答が変わります。--out を付けると新しい申告を書きます"),
            format!("{n} answers would change; --out writes the new profile"),
        ),
    };
    format!("{text}{}\n", end.get(lang))
}
