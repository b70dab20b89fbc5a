//! The ledger of requirements (specs/README.md, requirements.csv), one row a field or an item of an API.

use super::{CodeListDraft, FieldDraft, LayoutDraft, PackDraft, csv};
use renkei_core::model::Bilingual;
use renkei_core::spec::REQUIREMENT_COLUMNS;

/// A requirement that is not a field of a layout.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequirementDraft {
    pub(crate) id: String,
    /// Whom it binds.
    pub(crate) party: &'static str,
    pub(crate) clause: String,
    pub(crate) text: Bilingual,
    pub(crate) scope: String,
    pub(crate) rules: &'static str,
}

impl PackDraft {
    /// `requirements.csv`.
    pub(super) fn ledger(&self) -> String {
        let several = self.layouts.len() > 1;
        let fields = self.layouts.iter().flat_map(|layout| {
            let fields = layout.fields.iter();
            fields.map(move |field| {
                let list = self.lists.iter().find(|list| list.id == field.code);
                let closed = list.is_some_and(CodeListDraft::is_closed);
                of_field(layout, field, (several, closed))
            })
        });
        let further = self.requirements.iter().map(|r| {
            row([
                &r.id, "must", r.party, "", &r.clause, &r.text.ja, &r.text.en, &r.scope, r.rules,
                "",
            ])
        });
        csv(&REQUIREMENT_COLUMNS, fields.chain(further))
    }
}

/// A row; the source is the document of the pack, and its text was read.
fn row(cells: [&str; 10]) -> Vec<String> {
    let mut row: Vec<String> = cells.map(str::to_owned).to_vec();
    row.extend(["", "confirmed"].map(str::to_owned));
    row
}

/// `several`: the pack has other layouts; `closed`: the values of the field are limited to its code list.
fn of_field(
    layout: &LayoutDraft,
    field: &FieldDraft,
    (several, closed): (bool, bool),
) -> Vec<String> {
    let group = if several { layout.id.as_str() } else { "" };
    let rules = field.rules(closed);
    let reasons = [
        (
            field.output == "conditional" && field.condition.is_empty(),
            "出力条件だけは判定しない: 条件を機械判定できる形に読み取れない",
        ),
        (
            !field.code.is_empty() && !closed,
            "コードの値は判定しない: 取込元に値を限る一覧がない",
        ),
        (rules.is_empty(), "この型の値を判定する規則がない"),
    ];
    let reasons: Vec<&str> = reasons.iter().filter(|r| r.0).map(|r| r.1).collect();
    let place = match field.kind.as_str() {
        "" => field.roman.clone(),
        kind => format!("{kind}.{}", field.roman),
    };
    let text = field.words();
    row([
        &format!("{group}{}項番{}", field.kind, field.no),
        "must",
        "sender",
        &field.condition,
        format!("{} {}", field.sheet, field.cells).trim(),
        &text.ja,
        &text.en,
        &format!("{}/{place}", layout.id),
        &rules,
        &reasons.join(" / "),
    ])
}

impl FieldDraft {
    /// What the row of the document asks for, in one sentence.
    fn words(&self) -> Bilingual {
        let length = match self.length.as_str() {
            "" => Bilingual::default(),
            digits => Bilingual::new(format!("、{digits}桁以内"), format!(", up to {digits}")),
        };
        let need = match self.output {
            "required" => Bilingual::new("、必須", ", required"),
            "conditional" => Bilingual::new("、条件付き必須", ", required on a condition"),
            _ => Bilingual::default(),
        };
        let code = match self.code.as_str() {
            "" => Bilingual::default(),
            list => Bilingual::new(format!("、コード {list}"), format!(", code {list}")),
        };
        let kind = &self.data_type;
        let (name, roman) = (&self.name, &self.roman);
        Bilingual::new(
            format!("「{name}」は {kind}{}{}{}", length.ja, code.ja, need.ja),
            format!("{roman} is {kind}{}{}{}", length.en, code.en, need.en),
        )
    }
}
