//! `renkei agree`: two profiles, item by item, with the standard.

use std::path::{Path, PathBuf};

use renkei_core::agreement::{Profile, Settled, Sides, join};
use renkei_core::check::{Policy, Sink, agr};
use renkei_core::judge::verdict_of;
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_core::record::{AgreementRow, AgreementState};
use renkei_core::spec::{Item, Library};
use renkei_report::text::columns;
use renkei_report::words;
use serde_json::json;

use super::args::{AgreeArgs, Method, TextOrJson};
use crate::trouble::Trouble;
use crate::{inputs, packs, screen};

pub(super) fn run(args: &AgreeArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    let items = library
        .load(&args.items, "--items", &mut problems)
        .map(|pack| pack.items)
        .unwrap_or_default();
    let a = load(&args.a, &mut problems);
    let b = load(&args.b, &mut problems);
    let (Some(a), Some(b), true) = (a, b, problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let settled = settle(&items, args, &a, &b);
    let mut sink = Sink::new(Policy::default());
    agr::examine(&settled, &mut sink);
    let findings = sink.into_findings();
    let rows: Vec<AgreementRow> = settled.iter().map(Settled::row).collect();
    let text = match args.format {
        TextOrJson::Json => format!("{:#}\n", json!({ "items": rows })),
        TextOrJson::Text => as_text(&rows, lang),
    };
    screen::result(&text)?;
    Ok(exit::of_verdict(verdict_of(&findings)))
}

fn load(path: &Path, problems: &mut Problems) -> Option<Profile> {
    let bytes = inputs::read(path, problems)?;
    Profile::load(&path.display().to_string(), &bytes, problems)
}

fn settle(items: &[Item], args: &AgreeArgs, a: &Profile, b: &Profile) -> Vec<Settled> {
    let sides = Sides {
        linkage: &args.linkage,
        provider: ("a", a),
        consumer: ("b", b),
    };
    let wanted = |item: &&Item| match args.method {
        Method::Both => true,
        Method::File => item.method != "api",
        Method::Api => item.method != "file",
    };
    let wanted: Vec<&Item> = items.iter().filter(wanted).collect();
    wanted
        .into_iter()
        .flat_map(|item| join(std::slice::from_ref(item), sides, &item.method))
        .collect()
}

fn as_text(rows: &[AgreementRow], lang: Lang) -> String {
    let headings = Bilingual::new(
        "番号,協議・設定事項,標準,A,B,合意,状態,根拠",
        "id,item,standard,a,b,agreed,state,basis",
    );
    let mut table = vec![
        headings
            .get(lang)
            .split(',')
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    ];
    // Items that nobody answered and nobody has to answer would bury the others.
    let told = rows
        .iter()
        .filter(|row| row.state != AgreementState::Silent);
    for row in told {
        table.push(vec![
            row.id.clone(),
            row.title.get(lang).to_owned(),
            dash(&row.standard),
            dash(&row.a),
            dash(&row.b),
            dash(&row.agreed),
            words::of(lang, "state", row.state.as_str()),
            row.basis.get(lang).to_owned(),
        ]);
    }
    let silent = rows
        .iter()
        .filter(|row| row.state == AgreementState::Silent)
        .count();
    let rest = Bilingual::new(
        format!("このほか、どちらも回答していない項目 {silent}件\n"),
        format!("besides, {silent} items that neither side answered\n"),
    );
    format!("{}{}", columns(&table), rest.get(lang))
}

fn dash(text: &str) -> String {
    if text.is_empty() {
        "-".to_owned()
    } else {
        text.to_owned()
    }
}
