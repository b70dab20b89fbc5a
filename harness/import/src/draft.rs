//! A pack while it is being made, and the files it becomes.

use renkei_core::model::{Bilingual, Lang};
use renkei_core::spec::{Files, hex};
use sha2::{Digest, Sha256};

use crate::report::{Made, Report};

/// Columns of `fields.csv` in their order (specs/README.md).
const FIELD_COLUMNS: &[&str] = &[
    "kind",
    "no",
    "item_id",
    "name",
    "roman",
    "group",
    "pk",
    "fk",
    "type",
    "length",
    "code",
    "repeat",
    "output",
    "condition",
    "start",
    "width",
    "pad",
    "decimals",
    "repertoire",
    "format",
    "unknown_date",
    "fixed_value",
    "sensitive",
    "sample",
    "note",
];

/// One field with its place in the source.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldDraft {
    pub(crate) kind: String,
    pub(crate) no: usize,
    pub(crate) item_id: String,
    pub(crate) name: String,
    pub(crate) roman: String,
    pub(crate) group: String,
    pub(crate) primary_key: bool,
    pub(crate) foreign_key: bool,
    pub(crate) data_type: String,
    pub(crate) length: String,
    pub(crate) code: String,
    pub(crate) repeat: String,
    pub(crate) output: &'static str,
    pub(crate) condition: String,
    pub(crate) start: String,
    pub(crate) width: String,
    pub(crate) pad: String,
    pub(crate) decimals: String,
    pub(crate) format: String,
    pub(crate) unknown_date: bool,
    pub(crate) fixed_value: String,
    pub(crate) sensitive: &'static str,
    pub(crate) sample: String,
    pub(crate) note: String,
    /// Sheet and cells, `B7:V7`.
    pub(crate) sheet: String,
    pub(crate) cells: String,
}

impl FieldDraft {
    fn row(&self) -> Vec<String> {
        let flag = |set: bool| if set { "1" } else { "" }.to_owned();
        vec![
            self.kind.clone(),
            self.no.to_string(),
            self.item_id.clone(),
            self.name.clone(),
            self.roman.clone(),
            self.group.clone(),
            flag(self.primary_key),
            flag(self.foreign_key),
            self.data_type.clone(),
            self.length.clone(),
            self.code.clone(),
            self.repeat.clone(),
            self.output.to_owned(),
            self.condition.clone(),
            self.start.clone(),
            self.width.clone(),
            self.pad.clone(),
            self.decimals.clone(),
            String::new(),
            self.format.clone(),
            if self.unknown_date { "allow" } else { "" }.to_owned(),
            self.fixed_value.clone(),
            self.sensitive.to_owned(),
            self.sample.clone(),
            self.note.clone(),
        ]
    }

    /// Rules that judge what the row states.
    fn rules(&self) -> String {
        let mut rules = Vec::new();
        match self.output {
            "required" => rules.push("VAL-001"),
            "conditional" if !self.condition.is_empty() => rules.push("VAL-002"),
            _ => {}
        }
        rules.extend(match self.data_type.as_str() {
            "X" | "N" | "C" => &["VAL-003", "VAL-004"][..],
            "9" | "9V" | "S9" | "ZONED" => &["VAL-003", "VAL-005"][..],
            "TIME" => &["VAL-007"][..],
            "BLOB" | "DUMMY" => &[][..],
            _ => &["VAL-006"][..],
        });
        if !self.code.is_empty() {
            rules.push("VAL-008");
        }
        if !self.fixed_value.is_empty() {
            rules.push("VAL-013");
        }
        if self.primary_key {
            rules.push("XRF-001");
        }
        match self.format.as_str() {
            "kojinbango" => rules.push("VAL-009"),
            "dantaicode" => rules.push("VAL-011"),
            "hojinbango" => rules.push("VAL-014"),
            _ => {}
        }
        rules.join(" ")
    }
}

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

/// Identity of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Pack id.
    pub id: String,
    /// Version.
    pub version: String,
    /// Title.
    pub title: String,
    /// Title of the source document.
    pub document: String,
    /// Version of the source document, as it says.
    pub document_version: String,
    /// Date of the source document, `YYYY-MM-DD` or as it says.
    pub document_date: String,
}

/// A pack while it is being made.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackDraft {
    pub(crate) identity: Identity,
    pub(crate) layouts: Vec<LayoutDraft>,
    pub(crate) lists: Vec<CodeListDraft>,
    /// Further files of the pack: APIs.
    pub(crate) files: Vec<(String, String)>,
    /// Further requirements: id, clause, rules, reason.
    pub(crate) requirements: Vec<[String; 4]>,
    /// Further provenance: part of the pack, kind, number, name, sheet, cells.
    pub(crate) origins: Vec<[String; 6]>,
    pub(crate) report: Report,
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
        files.insert("requirements.csv", self.requirement_rows());
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
            quoted(&identity.document_version),
            quoted(&identity.document_date),
            quoted(&source),
            quoted("取込元の文書による"),
        )
    }

    fn requirement_rows(&self) -> String {
        let several = self.layouts.len() > 1;
        let fields = self.layouts.iter().flat_map(|layout| {
            layout.fields.iter().map(move |field| {
                let group = if several { layout.id.as_str() } else { "" };
                let kind = &field.kind;
                let rules = field.rules();
                let reason = match (field.output, field.condition.is_empty()) {
                    ("conditional", true) => {
                        "出力条件だけは判定しない: 条件を機械判定できる形に読み取れない"
                    }
                    _ if rules.is_empty() => "この型の値を判定する規則がない",
                    _ => "",
                };
                vec![
                    format!("{group}{kind}項番{}", field.no),
                    "shall".to_owned(),
                    "provider".to_owned(),
                    field.condition.clone(),
                    format!("{} {}", field.sheet, field.cells).trim().to_owned(),
                    rules,
                    reason.to_owned(),
                ]
            })
        });
        let further = self.requirements.iter().map(|[id, clause, rules, reason]| {
            let fixed = ["shall", "both", ""].map(str::to_owned);
            let mut row = vec![id.clone()];
            row.extend(fixed);
            row.extend([clause.clone(), rules.clone(), reason.clone()]);
            row
        });
        let columns = [
            "id",
            "verb",
            "party",
            "condition",
            "clause",
            "rules",
            "not_tested_reason",
        ];
        csv(&columns, fields.chain(further))
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

impl Identity {
    /// Version and date that a file name carries: `…【第2.1版】_20230929.xlsx`, `…_v2.0_202303.xlsx`.
    pub(crate) fn of_file_name(name: &str) -> Self {
        let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let mut identity = Self {
            document: stem.to_owned(),
            ..Self::default()
        };
        let mut words = Vec::new();
        for word in stem.split(['_', ' ', '【', '】', '(', ')', '（', '）']) {
            if let Some(date) = date(word) {
                identity.document_date = date;
            } else if let Some(version) = version(word) {
                identity.document_version = version;
            } else {
                words.push(word);
            }
        }
        identity.id = crate::reading::slug(&words.join("-"));
        identity.title = words.join(" ").trim().to_owned();
        identity
    }

    /// Fills what is still open: an id for nothing, a version from the document's version or date.
    pub(crate) fn complete(mut self) -> Self {
        if self.id.is_empty() {
            self.id = "imported".to_owned();
        }
        if self.title.is_empty() {
            self.title.clone_from(&self.id);
        }
        if self.version.is_empty() {
            let stated = [&self.document_version, &self.document_date];
            let slug = stated
                .into_iter()
                .find(|text| !text.is_empty())
                .map_or("1", String::as_str);
            self.version = slug.to_owned();
        }
        self
    }
}

fn date(word: &str) -> Option<String> {
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    let part = |from, to| word.get(from..to).and_then(|p| p.parse::<u32>().ok());
    let (year, month) = (part(0, 4)?, part(4, 6)?);
    if !digits || !(1990..2100).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    match word.len() {
        6 => Some(format!("{year}-{month:02}")),
        8 => part(6, 8)
            .filter(|day| (1..=31).contains(day))
            .map(|day| format!("{year}-{month:02}-{day:02}")),
        _ => None,
    }
}

/// `第2.1版`, `2.1版`, `v2.0`.
pub(crate) fn version(word: &str) -> Option<String> {
    let word = crate::reading::one_line(word);
    let bare = word
        .strip_prefix('第')
        .and_then(|w| w.strip_suffix('版'))
        .or_else(|| word.strip_suffix('版'))
        .or_else(|| word.strip_prefix(['v', 'V']))?;
    let fine = bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || c == '.');
    fine.then(|| bare.to_owned())
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

/// A message in both languages that only quotes; shorthand of the importers.
pub(crate) fn say(ja: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual::new(ja.into(), en.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_carry_version_and_date() {
        let of =
            Identity::of_file_name("in/001_住民基本台帳_基本データリスト【第2.1版】_20230929.xlsx");
        assert_eq!(
            (
                of.id.as_str(),
                of.document_version.as_str(),
                of.document_date.as_str()
            ),
            ("001-住民基本台帳-基本データリスト", "2.1", "2023-09-29")
        );
        let of = Identity::of_file_name("jutogai_numbering_api_v2.0_202303.xlsx").complete();
        assert_eq!(
            (
                of.id.as_str(),
                of.version.as_str(),
                of.document_date.as_str()
            ),
            ("jutogai-numbering-api", "2.0", "2023-03")
        );
    }
}
