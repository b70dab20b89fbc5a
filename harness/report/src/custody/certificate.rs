//! 消去証明書 as a page and as a document, beside its plain text.

use renkei_core::model::{Bilingual, Lang};
use renkei_core::record::Erasure;

use super::limits;
use crate::ReportError;
use crate::docx::{Block, Document, Slot, Table, Text, write};
use crate::visible;
use crate::words;

/// What the certificate says, part by part, for every form of it.
struct Parts {
    title: String,
    facts: Vec<(String, String)>,
    files: Vec<[String; 4]>,
    ledger: Vec<[String; 5]>,
    limits: Vec<String>,
    lang: Lang,
}

impl Parts {
    fn of(erasure: &Erasure, lang: Lang) -> Self {
        let t = |ja: &str, en: &str| Bilingual::new(ja, en).get(lang).to_owned();
        let line = |text: &str| visible::line(text);
        let or_blank = |text: &str| match text {
            "" => t("（記入）", "(to be filled in)"),
            text => line(text),
        };
        let bytes: u64 = erasure.files.iter().map(|f| f.bytes).sum();
        let gone = erasure.files.iter().filter(|f| f.gone).count();
        let fact = |name: (&str, &str), value: String| (t(name.0, name.1), value);
        let method = t(
            "ファイルの削除と不存在の確認",
            "deletion of files, absence verified",
        );
        Self {
            title: title(erasure, lang),
            facts: vec![
                fact(("開始", "Began"), line(&erasure.started_at)),
                fact(("確認完了", "Verified"), or_blank(&erasure.finished_at)),
                fact(("実施者コード", "Carried out by"), or_blank(&erasure.by)),
                fact(("立会者コード", "Witness"), or_blank(&erasure.witness)),
                fact(("方法", "Method"), method),
                fact(
                    ("消去した件数", "Files erased"),
                    format!("{gone} / {} ({bytes} bytes)", erasure.files.len()),
                ),
                fact(
                    ("鍵の破棄の証拠", "Evidence of key destruction"),
                    or_blank(&erasure.key_destruction),
                ),
            ],
            files: erasure
                .files
                .iter()
                .map(|file| {
                    let state = match file.gone {
                        true => t("消去", "erased"),
                        false => t("残存", "REMAINS"),
                    };
                    let path = line(&file.path);
                    [state, path, file.sha256.clone(), file.bytes.to_string()]
                })
                .collect(),
            ledger: erasure
                .ledger
                .iter()
                .map(|row| {
                    let class = words::of(lang, "data_class", &row.data_class);
                    let (number, name) = (line(&row.number), line(&row.name));
                    [number, name, class, row.sha256.clone(), line(&row.approval)]
                })
                .collect(),
            limits: limits().iter().map(|l| l.get(lang).to_owned()).collect(),
            lang,
        }
    }

    fn word(&self, ja: &str, en: &str) -> String {
        Bilingual::new(ja, en).get(self.lang).to_owned()
    }

    fn headings(&self) -> [String; 4] {
        [
            self.word("対象", "Files"),
            self.word("台帳の行", "Lines of the ledger"),
            self.word("この証明で約束できないこと", "What this cannot promise"),
            self.word("確認", "Confirmation"),
        ]
    }

    fn file_columns(&self) -> [String; 4] {
        [
            self.word("状態", "State"),
            self.word("場所", "Place"),
            "SHA-256".to_owned(),
            self.word("バイト数", "Bytes"),
        ]
    }

    fn ledger_columns(&self) -> [String; 5] {
        [
            self.word("資料番号", "Number"),
            self.word("資料名", "Name"),
            self.word("個人情報区分", "Data class"),
            "SHA-256".to_owned(),
            self.word("承認番号", "Approval"),
        ]
    }
}

/// The heading, which says when the document certifies nothing.
pub(super) fn title(erasure: &Erasure, lang: Lang) -> String {
    let title = match erasure.complete {
        true => Bilingual::new("消去証明書", "Certificate of erasure"),
        false => Bilingual::new(
            "消去証明書（未完了: この文書は何も証明しません）",
            "Certificate of erasure (not complete: this document certifies nothing)",
        ),
    };
    title.get(lang).to_owned()
}

/// The certificate as a Word document, with room to sign.
///
/// # Errors
/// The document cannot be written.
pub fn erasure_document(erasure: &Erasure, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let parts = Parts::of(erasure, lang);
    let [files, ledger, limits, sign] = parts.headings();
    let mut document = Document::new(parts.title.clone());
    document.lang = lang;
    document.landscape = true;
    document.made_at.clone_from(&erasure.finished_at);
    document.header = parts.title.clone();
    document.footer = format!("renkei {}", env!("CARGO_PKG_VERSION"));
    let facts = parts.facts.iter().map(|(n, v)| (n.clone(), v.clone()));
    document.blocks.push(Block::facts(facts));
    document.blocks.push(Block::heading(1, files));
    document
        .blocks
        .push(table(&parts.file_columns(), &[8, 40, 46, 10], &parts.files));
    document.blocks.push(Block::heading(1, ledger));
    document.blocks.push(table(
        &parts.ledger_columns(),
        &[24, 22, 14, 40, 12],
        &parts.ledger,
    ));
    document.blocks.push(Block::heading(1, limits));
    document
        .blocks
        .push(Block::bullets(parts.limits.iter().map(String::as_str)));
    document.blocks.push(Block::heading(1, sign));
    for (name, ja, en) in [
        (
            "signature_by",
            "実施者の記名または押印",
            "Signature of who carried it out",
        ),
        (
            "signature_witness",
            "立会者の記名または押印",
            "Signature of the witness",
        ),
    ] {
        let title = parts.word(ja, en);
        let slot = Slot::to_fill(name, title.clone(), &title);
        document.blocks.push(Block::Slot(slot));
    }
    write(&document)
}

fn table<const N: usize>(columns: &[String; N], widths: &[u16; N], rows: &[[String; N]]) -> Block {
    let mut table = Table {
        columns: columns
            .iter()
            .cloned()
            .zip(widths.iter().copied())
            .collect(),
        ..Table::default()
    };
    for row in rows {
        // Digests break anywhere; in a font of fixed width they can be compared by eye.
        let cell = |text: &String| match text.len() {
            64 => Text::code(text.as_str()),
            _ => Text::from(text.as_str()),
        };
        table.row(row.iter().map(cell));
    }
    Block::Table(table)
}

/// The certificate as one page that needs nothing else.
pub fn erasure_page(erasure: &Erasure, lang: Lang) -> String {
    let parts = Parts::of(erasure, lang);
    let [files, ledger, limits, _] = parts.headings();
    let title = escaped(&parts.title);
    let facts: String = parts
        .facts
        .iter()
        .map(|(name, value)| {
            let (name, value) = (escaped(name), escaped(value));
            format!("<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>\n")
        })
        .collect();
    let items: String = parts
        .limits
        .iter()
        .map(|limit| format!("<li>{}</li>\n", escaped(limit)))
        .collect();
    let file_rows = grid(&parts.file_columns(), &parts.files);
    let ledger_rows = grid(&parts.ledger_columns(), &parts.ledger);
    let (files, ledger, limits) = (escaped(&files), escaped(&ledger), escaped(&limits));
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         <table>\n{facts}</table>\n<h2>{files}</h2>\n{file_rows}<h2>{ledger}</h2>\n{ledger_rows}\
         <h2>{limits}</h2>\n<ul>\n{items}</ul>\n</main>\n</body>\n</html>\n"
    )
}

const STYLE: &str = "body{font:16px/1.7 \"Noto Sans JP\",\"Noto Sans CJK JP\",\"Yu Gothic UI\",Meiryo,sans-serif;color:#1a1a1a;background:#fff;margin:24px}\
main{max-width:70rem}table{border-collapse:collapse;margin:0 0 16px}th,td{border:1px solid #767676;padding:4px 12px;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
th{background:#f2f2f2}h1{font-size:28px}h2{font-size:20px}@media print{@page{size:A4 landscape;margin:15mm}h2{break-after:avoid}tr{break-inside:avoid}}";

fn grid<const N: usize>(columns: &[String; N], rows: &[[String; N]]) -> String {
    let cells = |row: &[String; N], tag: &str| -> String {
        let open = if tag == "th" { "th scope=\"col\"" } else { tag };
        row.iter()
            .map(|cell| format!("<{open}>{}</{tag}>", escaped(cell)))
            .collect()
    };
    let body: String = rows
        .iter()
        .map(|row| format!("<tr>{}</tr>\n", cells(row, "td")))
        .collect();
    format!(
        "<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n",
        cells(columns, "th")
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use renkei_core::record::ErasedFile;

    #[test]
    fn names_of_files_cannot_change_the_page_and_limits_are_said() {
        let erasure = Erasure {
            complete: true,
            files: vec![ErasedFile {
                path: "<script>x</script>\u{202e}".to_owned(),
                sha256: "ab".repeat(32),
                bytes: 3,
                gone: true,
            }],
            ..Erasure::default()
        };
        let page = erasure_page(&erasure, Lang::Ja);
        assert!(
            !page.contains("<script") && !page.contains('\u{202e}'),
            "{page}"
        );
        assert!(page.contains("スナップショット") && page.contains("1 / 1 (3 bytes)"));
        assert!(erasure_document(&erasure, Lang::En).is_ok_and(|b| b.starts_with(b"PK")));
        let draft = Erasure::default();
        assert!(erasure_page(&draft, Lang::Ja).contains("何も証明しません"));
    }
}
