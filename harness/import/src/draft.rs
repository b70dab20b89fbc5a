//! A pack while it is being made, and the files it becomes.

mod field;
mod identity;
mod ledger;

use renkei_core::model::{Bilingual, Lang, Problem, Problems};
use renkei_core::spec::layout::FIELD_COLUMNS;
use renkei_core::spec::{Files, hex};
use sha2::{Digest, Sha256};

pub(crate) use field::FieldDraft;
pub use identity::Identity;
pub(crate) use identity::version;
pub(crate) use ledger::RequirementDraft;

use crate::report::{Made, Report};
use crate::workbook::{At, Sheet};

/// One layout.
#[derive(Clone, Debug, Default)]
pub(crate) struct LayoutDraft {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) fields: Vec<FieldDraft>,
    /// Text of layout.toml below id and title.
    pub(crate) settings: String,
}

/// One code list.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodeListDraft {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Value, name, note.
    pub(crate) values: Vec<(String, String, String)>,
}

impl CodeListDraft {
    /// True when no other value is allowed.
    pub(crate) fn is_closed(&self) -> bool {
        !self.values.is_empty() && self.values.iter().all(|(value, ..)| value != "*")
    }
}

/// A pack while it is being made.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackDraft {
    pub(crate) identity: Identity,
    pub(crate) layouts: Vec<LayoutDraft>,
    pub(crate) lists: Vec<CodeListDraft>,
    /// Further files of the pack: APIs.
    pub(crate) files: Vec<(String, String)>,
    /// Further requirements.
    pub(crate) requirements: Vec<RequirementDraft>,
    /// Further provenance: part of the pack, kind, number, name, sheet, cells.
    pub(crate) origins: Vec<[String; 6]>,
    pub(crate) report: Report,
    /// What keeps the document from being imported, though its tables were found.
    pub(crate) refused: Problems,
}

/// File settings that a table of items does not state; an agreement decides them.
pub(crate) const DELIMITED: &str = r#"form = "delimited"

[file]                               # 既定値。取込元にはなく、協議事項・設定事項で決める
encoding = "utf-8"
bom = "forbid"
newline = "crlf"
final_newline = "require"
delimiter = ","
quoting = "any"
header = "none"
length_unit = "chars"                # 桁数は文字数
"#;

impl PackDraft {
    /// The files of the pack, with paths below `<id>/<version>/`.
    pub(crate) fn files(mut self) -> (Files, Report) {
        self.describe();
        let mut files = Files::new();
        files.insert("pack.toml", self.head());
        for layout in &self.layouts {
            let folder = format!("layouts/{}", layout.id);
            files.insert(format!("{folder}/layout.toml"), layout.toml());
            let rows = layout.fields.iter().map(FieldDraft::row);
            files.insert(format!("{folder}/fields.csv"), csv(FIELD_COLUMNS, rows));
        }
        for list in &self.lists {
            let rows = list.values.iter().map(|(value, name, note)| {
                vec![
                    value.clone(),
                    name.clone(),
                    String::new(),
                    String::new(),
                    String::new(),
                    note.clone(),
                ]
            });
            let columns = [
                "value",
                "name_ja",
                "name_en",
                "valid_from",
                "valid_to",
                "note",
            ];
            files.insert(format!("codes/{}.csv", list.id), csv(&columns, rows));
        }
        for (path, text) in &self.files {
            files.insert(path.clone(), text.clone());
        }
        files.insert("requirements.csv", self.ledger());
        files.insert("provenance.csv", self.provenance());
        files.insert("README.md", self.readme());
        files.insert("import-report.txt", self.report.text(Lang::Ja));
        let json = serde_json::to_string_pretty(&self.report).unwrap_or_default();
        files.insert("import-report.json", json + "\n");
        (files, self.report)
    }

    fn describe(&mut self) {
        self.report.schema = "renkei.import/v1";
        self.report.pack = format!("{}@{}", self.identity.id, self.identity.version);
        let layouts = self.layouts.iter().map(|layout| Made {
            kind: "layout",
            id: layout.id.clone(),
            title: layout.title.clone(),
            count: layout.fields.len(),
        });
        let lists = self.lists.iter().map(|list| Made {
            kind: "code-list",
            id: list.id.clone(),
            title: list.name.clone(),
            count: list.values.len(),
        });
        let made: Vec<Made> = layouts.chain(lists).collect();
        self.report.made.splice(0..0, made);
    }

    fn head(&self) -> String {
        let identity = &self.identity;
        let both = |text: &str| format!("{{ ja = {0}, en = {0} }}", quoted(text));
        // Without a version and a date in document and file name its SHA-256 alone tells which one it was.
        let silent = identity.document_version.is_empty() && identity.document_date.is_empty();
        let version = match silent {
            true => "記載なし",
            false => &identity.document_version,
        };
        let source = format!(
            "取込元: {}（SHA-256 {}）。renkei spec import で加工して作成",
            self.report.file, self.report.sha256
        );
        format!(
            "id = {}\nversion = {}\ntitle = {}\ndocument = {}\ndocument_version = {}\ndocument_date = {}\nsource = {}\nlicence = {}\nfidelity = \"derived\"\ndeprecated = false\n",
            quoted(&identity.id),
            quoted(&identity.version),
            both(&identity.title),
            both(&identity.document),
            quoted(version),
            quoted(&identity.document_date),
            quoted(&source),
            quoted("取込元の文書による"),
        )
    }

    fn provenance(&self) -> String {
        let fields = self.layouts.iter().flat_map(|layout| {
            layout.fields.iter().map(|field| {
                [
                    format!("layouts/{}", layout.id),
                    field.kind.clone(),
                    field.no.to_string(),
                    field.roman.clone(),
                    field.sheet.clone(),
                    field.cells.clone(),
                ]
            })
        });
        let rows = fields.chain(self.origins.iter().cloned()).map(
            |[part, kind, no, name, sheet, cells]| {
                let document = self.report.file.clone();
                vec![part, kind, no, name, document, sheet, cells]
            },
        );
        let columns = ["part", "kind", "no", "name", "document", "sheet", "cells"];
        csv(&columns, rows)
    }

    fn readme(&self) -> String {
        let identity = &self.identity;
        let mut out = format!(
            "# {} {} — {}\n\n`renkei spec import` が作ったパックです（fidelity: derived）。\n\n- 取込元: {}\n- SHA-256: `{}`\n- 文書: {} {} {}\n\n",
            identity.id,
            identity.version,
            identity.title,
            self.report.file,
            self.report.sha256,
            identity.document,
            identity.document_version,
            identity.document_date
        );
        out.push_str("| ファイル | 内容 |\n|---|---|\n| `provenance.csv` | 項目ごとの原本のシートとセル |\n| `requirements.csv` | 要件ごとの原本の位置と判定する規則 |\n| `import-report.txt` `import-report.json` | 取り込みの記録 |\n\n## 加工した点\n- データ型の全角文字は半角で書く。\n- `[file]`（文字コード、改行など）は原本にない既定値で、協議事項・設定事項で決める。\n- `sensitive`（伏せ字）と `format`（検査数字）は項目名と項目説明から付けた。宛名番号の検査数字は原本の表にないので付けていない。\n- 条件付き必須は、条件が様式の項目と値だけで書かれている場合だけ判定する。\n\n## 解釈できなかったもの\n");
        if self.report.not_interpreted.is_empty() {
            out.push_str("なし\n");
        }
        for remark in &self.report.not_interpreted {
            out.push_str(&format!(
                "- 「{}」{}: {}。{}\n",
                remark.sheet, remark.cell, remark.message.ja, remark.help.ja
            ));
        }
        out.push_str("\n## In English\nMade by `renkei spec import` from the document above. What the document does not state is a default or left out; cells that could not be interpreted are listed above and nothing is claimed for them.\n");
        out
    }
}

impl LayoutDraft {
    fn toml(&self) -> String {
        format!(
            "id = {}\ntitle = {{ ja = {1}, en = {1} }}\n{2}",
            quoted(&self.id),
            quoted(&self.title),
            self.settings
        )
    }
}

/// A TOML basic string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.replace('\n', " ")).to_string()
}

fn csv(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    // writing to memory does not fail, and every row has as many cells as there are columns
    let _ = writer.write_record(columns);
    for row in rows {
        let _ = writer.write_record(row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// SHA-256, lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A pack that came out of a document.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Id, version and titles.
    pub identity: Identity,
    /// Files of the pack, with paths below its own folder.
    pub files: Files,
    /// What was read, taken over and not interpreted.
    pub report: Report,
}

impl Imported {
    pub(crate) fn of(draft: PackDraft) -> Self {
        let identity = draft.identity.clone();
        let (files, report) = draft.files();
        Self {
            identity,
            files,
            report,
        }
    }
}

/// A cell that decides about the pack, with a formula whose result was not saved.
pub(crate) fn unsaved(sheet: &Sheet, at: At) -> Problem {
    sheet.problem(
        at,
        say(
            "数式の計算結果が保存されていません",
            "the formula has no saved result",
        ),
        say(
            "Excelで開いて保存し直すか、値に置き換えてください。何も取り込んでいません",
            "open it in Excel and save it, or replace the formula by its value; nothing was imported",
        ),
    )
}

/// A message in both languages that only quotes; shorthand of the importers.
pub(crate) fn say(ja: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual::new(ja.into(), en.into())
}
