//! `renkei spec import`: a pack out of a specification document, whole or not at all.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use renkei_core::model::{Bilingual, Lang, Problem, Problems, exit};
use renkei_core::spec::{Files, Library};
use renkei_import::{Imported, Kind, Options, Outcome, workbook};

use crate::cli::args::TextOrJson;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `spec import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// 取り込む文書（xlsx xlsm csv tsv json）/ the document
    pub file: PathBuf,
    /// パックを置くフォルダ（この下に <id>/<版>/ ができる）/ folder that receives <id>/<version>/
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// 読むシート（くり返し可、既定は全部）/ sheet to read, repeatable
    #[arg(long, value_name = "SHEET")]
    pub sheet: Vec<String>,
    /// 見出しと列の対応（TOML）/ mapping of headings to columns
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// 文書の種類 / kind of document
    #[arg(long, value_enum, default_value_t = KindChoice::Auto)]
    pub kind: KindChoice,
    /// パックのid（既定はファイル名から）/ id of the pack
    #[arg(long, default_value = "", hide_default_value = true)]
    pub id: String,
    /// パックの版（既定は文書から）/ version of the pack
    #[arg(
        long = "pack-version",
        default_value = "",
        hide_default_value = true,
        value_name = "VERSION"
    )]
    pub version: String,
    /// 同じidと版のパックがあれば置き換える / replace a pack of the same id and version
    #[arg(long)]
    pub replace: bool,
    /// 解釈できない箇所が1つでもあれば何も置かない / write nothing unless every cell was interpreted
    #[arg(long)]
    pub strict: bool,
    /// 取り込みの記録の形式 / format of the report
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

/// Kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindChoice {
    /// 内容から判断する / by its content
    Auto,
    /// 項目定義書・基本データリスト / item table
    ItemTable,
    /// API仕様 / API specification
    Api,
    /// 見出しの決まっていない項目の表 / any layout table, with --mapping
    Table,
    /// Frictionless Table Schema
    TableSchema,
    /// JSON Schema
    JsonSchema,
}

pub(super) fn run(args: &ImportArgs, lang: Lang) -> Result<u8, Trouble> {
    let bytes = read(&args.file)?;
    let mapping = match &args.mapping {
        Some(path) => {
            let bytes = read(path)?;
            let text = String::from_utf8(bytes).map_err(|_| {
                Trouble::input(
                    path.display().to_string(),
                    Bilingual::new("UTF-8ではありません", "not UTF-8"),
                    Bilingual::new("UTF-8で保存してください", "save it as UTF-8"),
                )
            })?;
            Some((path.display().to_string(), text))
        }
        None => None,
    };
    let options = Options {
        sheets: args.sheet.clone(),
        id: args.id.clone(),
        version: args.version.clone(),
        kind: kind(args.kind),
        mapping,
    };
    let name = args.file.display().to_string();
    let imported = match renkei_import::import_or_ask(&name, &bytes, &options) {
        Ok(Outcome::Pack(imported)) => *imported,
        Ok(Outcome::MappingNeeded { guess, .. }) => {
            screen::result(&guess)?;
            return Err(mapping_needed(name));
        }
        Err(problems) => return Err(Trouble::Inputs(problems)),
    };
    let folder = place(args, &imported)?;
    check(&imported)?;
    let report = match args.format {
        TextOrJson::Json => serde_json::to_string_pretty(&imported.report).unwrap_or_default(),
        TextOrJson::Text => imported.report.text(lang),
    };
    let report = format!("{}\n", report.trim_end());
    if args.strict && !imported.report.is_complete() {
        screen::result(&report)?;
        return Err(not_complete(name, &imported));
    }
    write(args, &imported, &folder).map_err(|error| Trouble::file(&folder, &error))?;
    screen::result(&report)?;
    screen::note(
        Bilingual::new(
            format!("{} に置きました", folder.display()),
            format!("written to {}", folder.display()),
        )
        .get(lang),
    );
    if imported.report.is_complete() {
        return Ok(exit::PASSED);
    }
    screen::note(incomplete(&imported).get(lang));
    Ok(exit::INCOMPLETE)
}

fn mapping_needed(name: String) -> Trouble {
    Trouble::input(
        name,
        Bilingual::new(
            "見出しの決まっていない表です。何も取り込んでいません",
            "a table with headings of its own; nothing was imported",
        ),
        Bilingual::new(
            "標準出力の対応を確かめてファイルに保存し、--mapping で渡してください",
            "correct the mapping on standard output, save it and pass it with --mapping",
        ),
    )
}

/// What a pack with gaps is worth: said plainly, because it lies there and can be used.
fn incomplete(imported: &Imported) -> Bilingual {
    let count = imported.report.not_interpreted.len();
    Bilingual::new(
        format!(
            "解釈できない箇所が{count}件あります（上の一覧、パックの import-report.txt）。置いたパックは、その箇所については何も検査しません。\
             1件でもあれば何も置かないようにするには --strict を付けます"
        ),
        format!(
            "{count} places could not be interpreted (listed above and in import-report.txt of the pack); the pack that was written \
             judges nothing there. With --strict nothing is written in such a case"
        ),
    )
}

fn not_complete(name: String, imported: &Imported) -> Trouble {
    let count = imported.report.not_interpreted.len();
    Trouble::input(
        name,
        Bilingual::new(
            format!("解釈できない箇所が{count}件あります。何も取り込んでいません（--strict）"),
            format!("{count} places could not be interpreted; nothing was imported (--strict)"),
        ),
        Bilingual::new(
            "上の一覧のセルを直すか、--strict を外してください",
            "correct the cells listed above, or leave --strict out",
        ),
    )
}

fn kind(choice: KindChoice) -> Option<Kind> {
    match choice {
        KindChoice::Auto => None,
        KindChoice::ItemTable => Some(Kind::ItemTable),
        KindChoice::Api => Some(Kind::Api),
        KindChoice::Table => Some(Kind::Table),
        KindChoice::TableSchema => Some(Kind::TableSchema),
        KindChoice::JsonSchema => Some(Kind::JsonSchema),
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    let size = std::fs::metadata(path)
        .map_err(|error| Trouble::file(path, &error))?
        .len();
    if size > workbook::MAX_FILE as u64 {
        return Err(Trouble::input(
            path.display().to_string(),
            Bilingual::new(
                format!("大きすぎます（{size}バイト）"),
                format!("too large ({size} bytes)"),
            ),
            Bilingual::new(
                format!("{}バイトまで読みます", workbook::MAX_FILE),
                format!("up to {} bytes are read", workbook::MAX_FILE),
            ),
        ));
    }
    std::fs::read(path).map_err(|error| Trouble::file(path, &error))
}

/// Where the pack goes; nothing is overwritten without being asked.
fn place(args: &ImportArgs, imported: &Imported) -> Result<PathBuf, Trouble> {
    let identity = &imported.identity;
    for part in [&identity.id, &identity.version] {
        let odd = part.is_empty()
            || part.starts_with('.')
            || part.contains(['/', '\\', '@', ':'])
            || part.chars().any(char::is_control);
        if odd {
            return Err(Trouble::input(
                "--id / --pack-version",
                Bilingual::new(
                    format!("「{part}」はフォルダ名にできません"),
                    format!("`{part}` cannot be the name of a folder"),
                ),
                Bilingual::new(
                    "英数字と - . _ を使ってください",
                    "use letters, digits and - . _",
                ),
            ));
        }
    }
    let folder = args.out.join(&identity.id).join(&identity.version);
    if folder.exists() && !args.replace {
        return Err(Trouble::input(
            folder.display().to_string(),
            Bilingual::new(
                "同じidと版のパックがあります",
                "there is a pack of this id and version",
            ),
            Bilingual::new(
                "置き換えるなら --replace、別にするなら --id か --pack-version",
                "--replace replaces it; --id or --pack-version makes another",
            ),
        ));
    }
    Ok(folder)
}

/// A pack that our own library cannot load is our mistake, never the user's, and is not written.
fn check(imported: &Imported) -> Result<(), Trouble> {
    let identity = &imported.identity;
    let mut files = Files::new();
    for (path, content) in imported.files.iter() {
        files.insert(
            format!("{}/{}/{path}", identity.id, identity.version),
            content,
        );
    }
    let mut problems = Problems::new();
    let coordinate = format!("{}@{}", identity.id, identity.version);
    Library::new(files).load(&coordinate, "renkei spec import", &mut problems);
    if problems.is_empty() {
        return Ok(());
    }
    let list = |lang| {
        let shown: Vec<String> = problems.iter().map(|p: &Problem| p.show(lang)).collect();
        shown.join("\n")
    };
    Err(Trouble::Tool(Bilingual::new(
        format!(
            "作ったパックを読み込めません（取り込みの誤り）\n{}",
            list(Lang::Ja)
        ),
        format!(
            "the pack that was made cannot be loaded (a fault of the import)\n{}",
            list(Lang::En)
        ),
    )))
}

/// Writes beside, then renames: the folder appears whole or not at all.
fn write(args: &ImportArgs, imported: &Imported, folder: &Path) -> std::io::Result<()> {
    let parent = folder.parent().unwrap_or(&args.out);
    std::fs::create_dir_all(parent)?;
    let scratch = tempfile::Builder::new()
        .prefix(".import-")
        .tempdir_in(&args.out)?;
    let fresh = scratch.path().join("new");
    for (path, content) in imported.files.iter() {
        let path = fresh.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, content)?;
    }
    let old = scratch.path().join("old");
    let replaced = folder.exists();
    if replaced {
        std::fs::rename(folder, &old)?;
    }
    let moved = std::fs::rename(&fresh, folder);
    if moved.is_err() && replaced {
        std::fs::rename(&old, folder)?;
    }
    moved
}
