//! `renkei spec coverage`: from requirement to rule to example, and what is not tested, with the reason.

use clap::Args;
use renkei_core::lint::{Coverage, Row, coverage};
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_core::spec::{Library, Pack};
use renkei_report::text::columns;

use super::args::TextOrJson;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `spec coverage`.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// 仕様パック（ID、ID@版、またはフォルダ。省くとすべて） / packs: ID, ID@VERSION or a folder; all when none is named
    #[arg(value_name = "PACK")]
    pub names: Vec<String>,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

pub(super) fn run(
    args: &CoverageArgs,
    library: &Library,
    mut problems: Problems,
    lang: Lang,
) -> Result<u8, Trouble> {
    let names = if args.names.is_empty() {
        library.coordinates()
    } else {
        args.names.clone()
    };
    let mut found = Vec::new();
    for name in &names {
        let Some((name, files)) = super::spec_lint::find(name, library, &mut problems) else {
            continue;
        };
        if let Some(pack) = Pack::load(&files, &name, &mut problems) {
            found.push(coverage(&pack, &files));
        }
    }
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    let text = match args.format {
        TextOrJson::Json => {
            let document = serde_json::json!({ "packs": found });
            let text = serde_json::to_string_pretty(&document).map_err(std::io::Error::other)?;
            format!("{text}\n")
        }
        TextOrJson::Text => found
            .iter()
            .map(|c| told(c, lang))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    screen::result(&text)?;
    let unexplained: usize = found.iter().map(|c| c.unexplained).sum();
    Ok(if unexplained == 0 {
        exit::PASSED
    } else {
        exit::NONCONFORMING
    })
}

fn told(coverage: &Coverage, lang: Lang) -> String {
    let c = coverage;
    let head = Bilingual::new(
        format!(
            "{}: 要件 {}件（検査あり {}、一部だけ {}、検査なし {}、理由のない検査なし {}）",
            c.pack, c.requirements, c.tested, c.partly, c.not_tested, c.unexplained
        ),
        format!(
            "{}: {} requirements ({} tested, {} in part, {} not tested, {} without a reason)",
            c.pack, c.requirements, c.tested, c.partly, c.not_tested, c.unexplained
        ),
    );
    let rows: Vec<Vec<String>> = c.rows.iter().map(|row| line(row, lang)).collect();
    format!("{}\n{}", head.get(lang), columns(&rows))
}

fn line(row: &Row, lang: Lang) -> Vec<String> {
    let rules: Vec<String> = row
        .rules
        .iter()
        .map(|r| {
            let count = r.examples + r.samples.len();
            let idle = Bilingual::new("働かない", "idle");
            match (r.exists, r.active) {
                (true, true) => format!("{}({count})", r.rule),
                (true, false) => format!("{}({})", r.rule, idle.get(lang)),
                (false, _) => format!("{}(?)", r.rule),
            }
        })
        .collect();
    let state = match row.state {
        "tested" => Bilingual::new("検査あり", "tested"),
        "partly" => Bilingual::new("一部だけ", "in part"),
        "not_tested" => Bilingual::new("検査なし", "not tested"),
        _ => Bilingual::new("理由なし", "no reason"),
    };
    let reason = if row.reason.is_empty() {
        String::new()
    } else {
        format!("— {}", row.reason)
    };
    vec![
        format!("  {}", row.id),
        row.verb.to_owned(),
        state.get(lang).to_owned(),
        row.certainty.to_owned(),
        format!("{} {reason}", rules.join(" ")).trim().to_owned(),
    ]
}
