//! `renkei anonymize`: a real file becomes test data of equal shape.

use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::anonymize::{Anonymized, Wish, anonymize};
use renkei_core::check::Sink;
use renkei_core::mask::Mask;
use renkei_core::model::{Bilingual, Finding, Lang, Problems, exit};
use renkei_core::scan::{self, Job};
use renkei_core::spec::{Date, FileSettings, Layout, Library, Pack};
use renkei_run::store::write_file;
use renkei_run::{Clock, project_key};

use crate::scratch::TempScratch;
use crate::trouble::Trouble;
use crate::{packs, screen};

/// Arguments of `anonymize`.
#[derive(Debug, Args)]
pub struct AnonymizeArgs {
    /// 元のファイル / the file
    pub file: PathBuf,
    /// 様式、XML電文、APIの操作（JSON） / a layout, an XML message, an operation of an API (JSON): PACK/NAME or PACK@VERSION/NAME
    #[arg(long, value_name = "PACK/NAME")]
    pub spec: String,
    /// 書き出し先 / where the test data go
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 鍵ファイル（なければ作る。データとは別に保管する） / key file, made when missing; keep it apart from the data
    #[arg(long, value_name = "FILE", default_value = "project.key")]
    pub key: PathBuf,
    /// 置き換えない項目 / fields that stay as they are
    #[arg(long, value_delimiter = ',', value_name = "FIELD")]
    pub keep: Vec<String>,
    /// 設定の上書き / override a setting of the layout, encoding=cp932
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
}

pub(super) fn run(args: &AnonymizeArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    let (coordinate, part) = args.spec.split_once('/').unwrap_or((&args.spec, ""));
    let pack = library.load(coordinate, "--spec", &mut Problems::new());
    if let Some(pack) = pack.filter(|p| !p.layouts.contains_key(part))
        && let Some(code) = super::anonymize_body::run(args, (&pack, part), lang)?
    {
        return Ok(code);
    }
    let found = super::check::find_layout(&library, &args.spec, "--spec", &mut problems);
    let Some((pack, id)) = found.filter(|_| problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let Some(layout) = pack.layouts.get(&id) else {
        return Err(Trouble::Inputs(problems));
    };
    known_fields(layout, &args.keep)?;
    let settings = super::check::settings(layout.file.clone(), &args.settings)?;
    let old = std::fs::read(&args.file).map_err(|e| Trouble::file(&args.file, &e))?;
    not_onto_itself(args)?;
    let (key, made_key) = project_key(&args.key)?;
    let wish = Wish {
        layout,
        settings: &settings,
        code_lists: &pack.code_lists,
        lists: &pack.lists,
        key,
        keep: &args.keep,
    };
    let name = args.file.display().to_string();
    let help = Bilingual::new(
        "様式と文字コードの設定を確かめます",
        "check the layout and its encoding",
    );
    let made = anonymize(&wish, &old).map_err(|message| Trouble::input(name, message, help))?;
    let look = |bytes: &[u8]| findings(&pack, layout, &settings, &args.file, bytes);
    let changed = changes(&look(&old)?, &look(&made.bytes)?);
    write_file(&args.out, &made.bytes)?;
    tell(args, &made, (made_key, &key.name()), &changed, lang)
}

fn known_fields(layout: &Layout, keep: &[String]) -> Result<(), Trouble> {
    let kinds = layout.kinds.iter().enumerate();
    let known: Vec<(String, &str)> = kinds
        .flat_map(|(k, kind)| {
            let fields = kind.fields.iter().enumerate();
            fields.map(move |(f, field)| (layout.field_name(k, f), field.roman.as_str()))
        })
        .collect();
    let is_known = |name: &String| {
        known
            .iter()
            .any(|(full, roman)| full == name || roman == name)
    };
    match keep.iter().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(unknown) => Err(Trouble::input(
            "--keep",
            Bilingual::new(
                format!("項目 {unknown} はこの様式にありません"),
                format!("the layout has no field {unknown}"),
            ),
            Bilingual::new(
                "項目の機械名（データ項目（ローマ字））を書きます。renkei spec show で見られます",
                "give machine names of fields; `renkei spec show` lists them",
            ),
        )),
    }
}

pub(super) fn not_onto_itself(args: &AnonymizeArgs) -> Result<(), Trouble> {
    let same = match (
        std::fs::canonicalize(&args.file),
        std::fs::canonicalize(&args.out),
    ) {
        (Ok(from), Ok(to)) => from == to,
        _ => false,
    };
    if !same {
        return Ok(());
    }
    Err(Trouble::input(
        "--out",
        Bilingual::new(
            "元のファイルには書き込みません",
            "the original is not written over",
        ),
        Bilingual::new("別の名前を指定します", "give another name"),
    ))
}

/// Every finding.
fn findings(
    pack: &Pack,
    layout: &Layout,
    settings: &FileSettings,
    path: &Path,
    bytes: &[u8],
) -> Result<Vec<String>, Trouble> {
    let scratch = TempScratch::new()?;
    let mut sink = Sink::new(scan::policy(layout, settings));
    let name = path
        .file_name()
        .map_or(String::new(), |n| n.to_string_lossy().into_owned());
    let today = Clock::system().text();
    let as_of = today
        .get(..10)
        .and_then(Date::parse)
        .or(Date::new(2026, 4, 1));
    let as_of = as_of.ok_or_else(|| std::io::Error::other("no day"))?;
    let job = Job {
        layout,
        settings,
        code_lists: &pack.code_lists,
        file_name: &name,
        mask: Mask::default(),
        as_of,
        threads: 1,
        scratch: &scratch,
        occurrences: None,
    };
    let options = scan::Options {
        repertoires: &pack.lists,
        ..scan::Options::default()
    };
    scan::check_with(job, &options, bytes, &mut sink)?;
    Ok(sink.into_findings().iter().map(of_finding).collect())
}

/// Rule, place and count of a finding.
pub(super) fn of_finding(finding: &Finding) -> String {
    let at = &finding.location;
    let record = at.record.map_or(String::new(), |r| format!(" record {r}"));
    let byte = at
        .byte_offset
        .map_or(String::new(), |b| format!(" byte {b}"));
    let field = at.field.as_deref().unwrap_or_default();
    format!("{}{record}{byte} {field} x{}", finding.rule, finding.count)
}

/// Findings that only one of both has, with a sign.
pub(super) fn changes(before: &[String], after: &[String]) -> Vec<String> {
    let gone = before.iter().filter(|f| !after.contains(f));
    let new = after.iter().filter(|f| !before.contains(f));
    gone.map(|f| format!("- {f}"))
        .chain(new.map(|f| format!("+ {f}")))
        .collect()
}

/// Says what was done and whether the findings are the same; the exit code.
pub(super) fn tell(
    args: &AnonymizeArgs,
    made: &Anonymized,
    (made_key, key): (bool, &str),
    changed: &[String],
    lang: Lang,
) -> Result<u8, Trouble> {
    let records = made.records;
    let mut lines = vec![Bilingual::new(
        format!(
            "{}: {records}件のレコードの値を置き換えました（鍵 {key}）",
            args.out.display()
        ),
        format!(
            "{}: values of {records} records were replaced (key {key})",
            args.out.display()
        ),
    )];
    lines.extend(
        made.replaced
            .iter()
            .map(|(field, count)| Bilingual::same(format!("  {field}  {count}"))),
    );
    if made_key {
        let path = args.key.display();
        lines.push(Bilingual::new(
            format!("鍵ファイル {path} を作りました。鍵があれば元に戻せるので、データとは別に保管してください"),
            format!("key file {path} was made. Whoever has it can go back: keep it apart from the data"),
        ));
    }
    if changed.is_empty() {
        lines.push(Bilingual::new(
            "検査の指摘は、元のファイルと同じ場所に同じだけあります",
            "findings are the same, at the same places, as in the original",
        ));
    } else {
        lines.push(Bilingual::new(
            "次の指摘は元のファイルと違います（-: なくなった、+: 増えた）",
            "these findings differ from the original (-: gone, +: new)",
        ));
        lines.extend(changed.iter().map(|f| Bilingual::same(format!("  {f}"))));
    }
    for line in lines {
        screen::result(&format!("{}\n", line.get(lang)))?;
    }
    Ok(if changed.is_empty() {
        exit::PASSED
    } else {
        exit::NONCONFORMING
    })
}
