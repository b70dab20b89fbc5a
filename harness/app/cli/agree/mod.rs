//! `renkei agree`: two profiles, item by item, with the standard.

mod ambiguities;
mod export;
mod gate;
mod import;
mod record;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renkei_core::agreement::{
    Change, Negotiated, Profile, Settled, Sides, join_scopes, unknown_decisions, unknown_items,
};
use renkei_core::check::{Policy, Sink, agr};
use renkei_core::judge::verdict_of;
use renkei_core::model::{Bilingual, Finding, Lang, Problems, exit};
use renkei_core::record::{AgreementRow, AgreementState};
use renkei_core::spec::{Catalogue, Library};
use renkei_report::text::columns;
use renkei_report::words;
use renkei_run::Clock;
use serde_json::json;

use super::args::{Method, TextOrJson};
use crate::trouble::Trouble;
use crate::{inputs, screen};

/// Arguments of `agree`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct AgreeArgs {
    /// What to do instead of comparing.
    #[command(subcommand)]
    pub action: Option<AgreeAction>,
    /// 提供側の申告 / profile of the provider
    #[arg(required = true)]
    pub a: Option<PathBuf>,
    /// 利用側の申告 / profile of the consumer
    #[arg(required = true)]
    pub b: Option<PathBuf>,
    /// 何について比べるか / what is compared
    #[command(flatten)]
    pub scope: Scope,
    /// 合意設定書の次の版をこのファイルに書く（.toml、.xlsx、.docx） / write the next version of the negotiated record
    #[arg(long, value_name = "FILE")]
    pub record: Vec<PathBuf>,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

/// Other things to do with profiles.
#[derive(Debug, Subcommand)]
pub enum AgreeAction {
    /// つないでよいかを判定する / may these two connect? exit code 0 yes, 1 no, 3 not yet
    Gate(gate::GateArgs),
    /// 仕様の曖昧: 読み方が分かれるところと、二つの申告がそれで食い違うところ / where the standard can be read in several ways
    Ambiguities(ambiguities::AmbiguitiesArgs),
    /// 記入する協議シートを書き出す / write the sheet that a vendor fills in
    Export(export::ExportArgs),
    /// 記入した協議シートを申告に取り込む / take a filled-in sheet into a profile
    Import(import::ImportArgs),
}

/// What two profiles are compared about.
#[derive(Clone, Debug, Args)]
pub struct Scope {
    /// 協議項目一覧のパック（後のものが前のものを狭める） / packs with the catalogue of items, later ones narrow earlier ones
    #[arg(long, default_value = "linkage-items", value_name = "PACK")]
    pub items: Vec<String>,
    /// 連携ID / linkage that scoped answers are taken for
    #[arg(long, default_value = "")]
    pub linkage: String,
    /// 検査項目の番号 / exchange (case id) that scoped answers are taken for
    #[arg(long, default_value = "")]
    pub exchange: String,
    /// 連携方式 / kind of exchange
    #[arg(long, value_enum, default_value_t = Method::Both)]
    pub method: Method,
    /// ファイルの形 / form of the files
    #[arg(long, value_parser = ["delimited", "fixed"])]
    pub form: Option<String>,
    /// 前に決めたこと（合意設定書） / what was settled before
    #[arg(long, value_name = "FILE")]
    pub agreed: Option<PathBuf>,
}

/// Two profiles with what they are joined by.
struct Pair {
    a: Profile,
    b: Profile,
    catalogue: Catalogue,
    negotiated: Option<Negotiated>,
}

impl Pair {
    fn load(a: &Path, b: &Path, scope: &Scope, folders: &[PathBuf]) -> Result<Self, Trouble> {
        let mut problems = Problems::new();
        let catalogue = catalogue_of(&scope.items, folders, &mut problems);
        let (a, b) = (
            read_profile(a, &catalogue, &mut problems),
            read_profile(b, &catalogue, &mut problems),
        );
        let (a, b) = (a.map(|(p, _)| p), b.map(|(p, _)| p));
        let negotiated = scope.agreed.as_ref().and_then(|path| {
            let bytes = inputs::read(path, &mut problems)?;
            Negotiated::load(&path.display().to_string(), &bytes, &mut problems)
        });
        if let Some(record) = &negotiated {
            unknown_decisions(record, &catalogue, &mut problems);
        }
        match (a, b, problems.is_empty()) {
            (Some(a), Some(b), true) => Ok(Self {
                a,
                b,
                catalogue,
                negotiated,
            }),
            _ => Err(Trouble::Inputs(problems)),
        }
    }

    fn settle(&self, scope: &Scope) -> Vec<Settled> {
        let sides = Sides {
            linkage: &scope.linkage,
            exchange: &scope.exchange,
            provider: ("a", &self.a),
            consumer: ("b", &self.b),
            method: match scope.method {
                Method::Both => "both",
                Method::File => "file",
                Method::Api => "api",
            },
            form: scope.form.as_deref().unwrap_or_default(),
            negotiated: self.negotiated.as_ref(),
        };
        join_scopes(&self.catalogue, sides)
    }

    /// Product and version of both sides.
    fn products(&self) -> [(String, String); 2] {
        [&self.a, &self.b].map(|p| (p.system.product.clone(), p.system.version.clone()))
    }
}

/// The catalogue of the packs that were asked for.
fn catalogue_of(packs: &[String], folders: &[PathBuf], problems: &mut Problems) -> Catalogue {
    let library = Library::new(crate::packs::library(folders, problems));
    catalogue_from(&library, packs, problems)
}

/// The catalogue of packs of a library.
pub(super) fn catalogue_from(
    library: &Library,
    packs: &[String],
    problems: &mut Problems,
) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for pack in packs {
        if let Some(pack) = library.load(pack, "--items", problems) {
            catalogue.extend(&pack.catalogue);
            catalogue.add_lists(&pack.lists);
        }
    }
    catalogue
}

/// A profile with its bytes. Where the catalogue could not be read, that alone is told.
fn read_profile(
    path: &Path,
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Option<(Profile, Vec<u8>)> {
    let bytes = inputs::read(path, problems)?;
    let profile = Profile::load(&path.display().to_string(), &bytes, problems)?;
    if !catalogue.is_empty() {
        unknown_items(&profile, catalogue, problems);
    }
    Some((profile, bytes))
}

pub(super) fn run(args: &AgreeArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    match (&args.action, &args.a, &args.b) {
        (Some(AgreeAction::Gate(gate)), ..) => gate::run(gate, folders, lang),
        (Some(AgreeAction::Ambiguities(args)), ..) => ambiguities::run(args, folders, lang),
        (Some(AgreeAction::Export(args)), ..) => export::run(args, folders, lang),
        (Some(AgreeAction::Import(args)), ..) => import::run(args, folders, lang),
        (None, Some(a), Some(b)) => compare(args, a, b, folders, lang),
        // The command line cannot be read without one of them.
        _ => Ok(exit::USAGE),
    }
}

fn compare(
    args: &AgreeArgs,
    a: &Path,
    b: &Path,
    folders: &[PathBuf],
    lang: Lang,
) -> Result<u8, Trouble> {
    let pair = Pair::load(a, b, &args.scope, folders)?;
    let settled = pair.settle(&args.scope);
    let mut sink = Sink::new(Policy::default());
    agr::examine(&settled, &mut sink);
    let findings = sink.into_findings();
    let record = next_record(&pair, &settled);
    let changes = pair
        .negotiated
        .as_ref()
        .map(|last| record.changes(last))
        .unwrap_or_default();
    for path in &args.record {
        record::write(path, &record, &pair, &settled, &args.scope)?;
    }
    let rows: Vec<AgreementRow> = settled.iter().map(Settled::row).collect();
    let verdict = verdict_of(&findings);
    let text = match args.format {
        TextOrJson::Json => {
            let document = json!({
                "verdict": verdict, "items": rows, "findings": findings, "changes": changes,
            });
            format!("{document:#}\n")
        }
        TextOrJson::Text => {
            let found = findings_text(&findings, lang);
            format!(
                "{}{found}{}",
                as_text(&rows, lang),
                changes_text(&changes, lang)
            )
        }
    };
    screen::result(&text)?;
    Ok(exit::of_verdict(verdict))
}

fn next_record(pair: &Pair, settled: &[Settled]) -> Negotiated {
    let today = Clock::system().text();
    let products = pair
        .products()
        .map(|(product, version)| format!("{product} {version}"));
    let on = today.get(..10).unwrap_or_default();
    Negotiated::of(settled, pair.negotiated.as_ref(), on, products)
}

/// Findings that the table alone does not tell: what excludes what, what the record overrules, and which
/// linkages one side alone names.
fn findings_text(findings: &[Finding], lang: Lang) -> String {
    let told = findings.iter().filter(|f| {
        matches!(
            f.rule.as_str(),
            "AGR-004" | "AGR-005" | "AGR-008" | "AGR-009" | "AGR-010"
        )
    });
    told.map(|f| {
        format!(
            "{} {}\n        {}\n",
            f.rule,
            f.message.get(lang),
            f.fix.get(lang)
        )
    })
    .collect()
}

fn changes_text(changes: &[Change], lang: Lang) -> String {
    let head = Bilingual::new(
        "合意設定書の前の版との違い",
        "differences to the last negotiated record",
    );
    let line = |c: &Change| {
        let what = scoped([&c.item, &c.linkage, &c.exchange]);
        format!("  {what}: {} -> {}\n", dash(&c.then), dash(&c.now))
    };
    match changes {
        [] => String::new(),
        changes => format!(
            "{}\n{}",
            head.get(lang),
            changes.iter().map(line).collect::<String>()
        ),
    }
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
    let (silent, told): (Vec<_>, Vec<_>) = rows
        .iter()
        .partition(|row| row.state == AgreementState::Silent && row.status != "mandatory");
    for row in told {
        table.push(vec![
            scoped([&row.id, &row.linkage, &row.exchange]),
            row.title.get(lang).to_owned(),
            dash(&row.standard),
            dash(&row.a),
            dash(&row.b),
            agreed(row, lang),
            words::of(lang, "state", row.state.as_str()),
            row.basis.get(lang).to_owned(),
        ]);
    }
    let silent = silent.len();
    let rest = Bilingual::new(
        format!("このほか、どちらも回答していない項目 {silent}件\n"),
        format!("besides, {silent} items that neither side answered\n"),
    );
    format!("{}{}", columns(&table), rest.get(lang))
}

/// The item, with the linkage and the exchange that it is answered for alone.
fn scoped(parts: [&str; 3]) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    parts.join(" ")
}

/// The value that holds, or what to pick.
fn agreed(row: &AgreementRow, lang: Lang) -> String {
    match (row.agreed.is_empty(), row.proposal.is_empty()) {
        (true, false) => {
            let text = Bilingual::new(
                format!("（案 {}）", row.proposal),
                format!("({}?)", row.proposal),
            );
            text.get(lang).to_owned()
        }
        _ => dash(&row.agreed),
    }
}

fn dash(text: &str) -> String {
    if text.is_empty() { "-" } else { text }.to_owned()
}
