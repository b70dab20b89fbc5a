//! A layout or an API as people read it: sections of one table each, shown on the terminal, as a page, as a workbook and
//! for programs.

mod layout;
mod message;
mod workbook;

use renkei_core::compare::outline;
use renkei_core::model::{Bilingual, Lang};
use renkei_core::spec::{Api, Pack};
use serde::Serialize;
use serde_json::json;

use crate::text::columns;
use crate::{ReportError, html, visible};

pub use workbook::{api_workbook, layout_workbook, message_workbook};

/// One requirement of the pack: id, verb, party, clause, rules, reason why none judges it.
pub type Requirement = [String; 6];

/// A specification in sections.
#[derive(Debug, Serialize)]
pub struct Sheet {
    title: String,
    coordinate: String,
    ruler: String,
    sections: Vec<Section>,
}

/// One table, with a ruler above it where records have byte positions.
#[derive(Debug, Serialize)]
struct Section {
    id: String,
    title: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    ruler: String,
}

impl Section {
    fn new(id: &str, title: &str, columns: &str, rows: Vec<Vec<String>>) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            columns: columns.split(',').map(str::to_owned).collect(),
            rows,
            ruler: String::new(),
        }
    }
}

fn pick(lang: Lang, ja: &str, en: &str) -> String {
    Bilingual::new(ja, en).get(lang).to_owned()
}

/// A layout of a pack.
pub fn layout(pack: &Pack, id: &str, requirements: &[Requirement], lang: Lang) -> Option<Sheet> {
    let layout = pack.layouts.get(id)?;
    let mut sections = layout::sections(pack, layout, lang);
    sections.push(requirement_section(requirements, lang));
    sections.push(provenance(pack, lang));
    Some(sheet(pack, id, layout.title.get(lang), sections, lang))
}

/// An API of a pack.
pub fn api(pack: &Pack, id: &str, requirements: &[Requirement], lang: Lang) -> Option<Sheet> {
    let api = pack.apis.get(id)?;
    let mut sections = api_sections(pack, api, lang);
    sections.push(requirement_section(requirements, lang));
    sections.push(provenance(pack, lang));
    Some(sheet(pack, id, api.rules.title.get(lang), sections, lang))
}

/// An XML message of a pack.
pub fn message(pack: &Pack, id: &str, requirements: &[Requirement], lang: Lang) -> Option<Sheet> {
    let message = pack.messages.get(id)?;
    let mut sections = message::sections(message, lang);
    sections.push(requirement_section(requirements, lang));
    sections.push(provenance(pack, lang));
    Some(sheet(pack, id, message.title.get(lang), sections, lang))
}

fn sheet(pack: &Pack, id: &str, title: &str, mut sections: Vec<Section>, lang: Lang) -> Sheet {
    sections.retain(|section| !section.rows.is_empty());
    Sheet {
        title: title.to_owned(),
        coordinate: format!("{}@{}/{id}", pack.head.id, pack.head.version),
        ruler: pick(lang, "バイト位置", "byte positions"),
        sections,
    }
}

fn api_sections(pack: &Pack, api: &Api, lang: Lang) -> Vec<Section> {
    let heads = pick(
        lang,
        "項目,項目名,型,桁数,必須,条件,null,値",
        "member,name,type,length,required,condition,null,values",
    );
    let operations = api.operations.values().map(|o| {
        let scope = api.scope(&o.id).unwrap_or_default();
        vec![
            o.id.clone(),
            o.method.clone(),
            o.path.clone(),
            scope.to_owned(),
        ]
    });
    let titles = pick(
        lang,
        "操作,メソッド,パス,スコープ",
        "operation,method,path,scope",
    );
    let mut out = vec![Section::new(
        "operations",
        &pick(lang, "操作", "Operations"),
        &titles,
        operations.collect(),
    )];
    for part in outline(pack, api) {
        let (id, title) = if part.status.is_empty() {
            (
                format!("{}-request", part.operation),
                format!("{} {}", part.call, pick(lang, "リクエスト", "request")),
            )
        } else {
            let title = format!(
                "{} {} {}",
                part.call,
                pick(lang, "レスポンス", "response"),
                part.status
            );
            (format!("{}-{}", part.operation, part.status), title)
        };
        let rows = part.rows.into_iter().map(|row| {
            vec![
                format!("{}{}", "· ".repeat(row.depth), row.roman),
                row.name,
                row.kind,
                row.length.map_or(String::new(), |l| l.to_string()),
                need(row.need, lang),
                row.condition,
                if row.nullable {
                    "null".to_owned()
                } else {
                    String::new()
                },
                row.values,
            ]
        });
        out.push(Section::new(&id, &title, &heads, rows.collect()));
    }
    let errors = api
        .rules
        .error
        .iter()
        .map(|e| vec![e.code.clone(), e.message.clone(), e.source.clone()]);
    let titles = pick(lang, "コード,内容,出所", "code,message,source");
    out.push(Section::new(
        "errors",
        &pick(lang, "エラーコード", "Error codes"),
        &titles,
        errors.collect(),
    ));
    out
}

fn need(word: &str, lang: Lang) -> String {
    match word {
        "required" => pick(lang, "必須", "required"),
        "conditional" => pick(lang, "条件付き必須", "conditional"),
        _ => pick(lang, "任意", "optional"),
    }
}

fn requirement_section(requirements: &[Requirement], lang: Lang) -> Section {
    let heads = pick(
        lang,
        "要件,動詞,当事者,出所,規則,試験しない理由",
        "requirement,verb,party,clause,rules,not tested because",
    );
    let rows = requirements.iter().map(|r| r.to_vec()).collect();
    Section::new(
        "requirements",
        &pick(lang, "要件", "Requirements"),
        &heads,
        rows,
    )
}

fn provenance(pack: &Pack, lang: Lang) -> Section {
    let head = &pack.head;
    let row = |ja: &str, en: &str, value: &str| vec![pick(lang, ja, en), value.to_owned()];
    let rows = vec![
        row(
            "仕様パック",
            "pack",
            &format!("{}@{}", head.id, head.version),
        ),
        row("原文書", "document", head.document.get(lang)),
        row("文書の版", "document version", &head.document_version),
        row("文書の日付", "document date", &head.document_date),
        row("出典", "source", &head.source),
        row("利用条件", "licence", &head.licence),
        row("原本との近さ", "fidelity", head.fidelity.as_str()),
        row("SHA-256", "SHA-256", &pack.sha256),
    ];
    Section::new(
        "provenance",
        &pick(lang, "出所", "Provenance"),
        &pick(lang, "項目,内容", "fact,value"),
        rows,
    )
}

/// For the terminal.
pub fn text(sheet: &Sheet) -> String {
    let mut out = format!("{}\n{}\n", sheet.coordinate, sheet.title);
    for section in &sheet.sections {
        out.push_str(&format!("\n{}\n", section.title));
        out.push_str(&section.ruler);
        let mut rows = vec![section.columns.clone()];
        rows.extend(
            section
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| visible::line(cell)).collect()),
        );
        out.push_str(&columns(&rows));
    }
    out
}

/// A self-contained page.
///
/// # Errors
/// The template cannot be filled.
pub fn page(sheet: &Sheet, lang: Lang) -> Result<Vec<u8>, ReportError> {
    html::spec::page(sheet, lang)
}

/// For programs: the same sections as `renkei.spec-show/v1`.
pub fn json(sheet: &Sheet) -> String {
    let document = json!({
        "schema": "renkei.spec-show/v1",
        "coordinate": sheet.coordinate,
        "title": sheet.title,
        "sections": sheet.sections,
    });
    format!("{document:#}\n")
}
