//! Workbooks and documents about an agreement: the sheet that vendors fill in (協議シート), what they settled (合意設定書),
//! and the comparison of both with what happened (協議事項照合表). All tables follow the rules for machine-readable tables.

mod columns;
mod document;
mod five_ways;
mod record;
mod sheet;

pub use columns::{ANSWERS, SHEET as AGREEMENT_SHEET};
pub use document::document as agreement_document;
pub use five_ways::workbook as five_ways_workbook;
pub use record::{Record, workbook as record_workbook};
pub use sheet::{
    Row as SheetRow, Sheet, base_digest, base_of, cell_word, workbook as sheet_workbook,
};

use renkei_core::model::Lang;
use renkei_core::record::AgreementState;

use crate::kadai::cell_text;
use crate::words;

fn text(text: &str) -> crate::workbook::Value {
    cell_text(text).into()
}

fn state(state: AgreementState) -> String {
    words::of(Lang::Ja, "state", state.as_str())
}

fn kind(negotiated: bool) -> &'static str {
    if negotiated { "協議" } else { "設定" }
}

/// Whether a pair must answer, in words.
fn status(word: &str) -> &'static str {
    match word {
        "mandatory" => "必須",
        "conditional" => "条件付き必須",
        "prohibited" => "記入禁止",
        "not_applicable" => "対象外",
        _ => "任意",
    }
}

/// The code words that these workbooks share: column, word, meaning.
fn codes() -> Vec<[String; 3]> {
    let row = |column: &str, word: &str, meaning: &str| [column, word, meaning].map(str::to_owned);
    let mut rows = vec![
        row("区分", "協議", "双方が話し合って決める"),
        row("区分", "設定", "決まったことに従って設定する"),
        row(
            "記入の要否",
            "必須",
            "この組合せでは記入がなければつなげない",
        ),
        row(
            "記入の要否",
            "条件付き必須",
            "ほかの回答によって必須になった",
        ),
        row("記入の要否", "任意", "決めておくと観測と比べられる"),
        row("記入の要否", "記入禁止", "この組合せでは使えない"),
        row("記入の要否", "対象外", "この組合せでは意味がない"),
    ];
    let states = [
        (AgreementState::Standard, "標準仕様書が一つの値を定めている"),
        (AgreementState::Agreed, "双方が使える値が一つに決まった"),
        (AgreementState::Open, "使える値が複数あり 人が選ぶ"),
        (AgreementState::Conflict, "双方に共通の値がない"),
        (AgreementState::OneSide, "片側だけが回答した"),
        (AgreementState::Silent, "どちらも回答していない"),
        (AgreementState::Outside, "許されない値が回答された"),
        (
            AgreementState::Contradiction,
            "ほかの事項の回答と両立しない",
        ),
    ];
    rows.extend(states.map(|(one, meaning)| row("合意の状態", &state(one), meaning)));
    rows
}
