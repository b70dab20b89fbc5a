//! The columns of the item table and how their headings read (凡例）列項目説明, items 1 to 18).

use renkei_core::model::Bilingual;

use crate::draft::say;
use crate::headings::{Header, Known};

const fn known(id: &'static str, names: &'static [&'static str]) -> Known {
    Known { id, names }
}

/// Without these there is no table of items.
pub(super) const NEEDED: &[&str] = &["name", "type", "length"];

/// Every column that we know.
pub(super) const COLUMNS: &[Known] = &[
    known("item_id", &["データ項目ID", "項目ID", "データ項目番号"]),
    known(
        "roman",
        &[
            "データ項目（ローマ字）",
            "データ項目ローマ字",
            "項目名（ローマ字）",
            "ローマ字",
            "ローマ字名",
        ],
    ),
    known(
        "name",
        &[
            "データ項目",
            "データ項目名",
            "データ項目名称",
            "項目名",
            "項目名称",
        ],
    ),
    known("group", &["グループ_名称", "グループ名", "グループ"]),
    known("pk", &["グループ_主キー", "主キー"]),
    known("fk", &["グループ_外部キー", "外部キー"]),
    known("class1", &["クラス分類_LV1", "LV1", "クラス分類"]),
    known("class2", &["クラス分類_LV2", "LV2"]),
    known("class3", &["クラス分類_LV3", "LV3"]),
    known("type", &["データ型", "型"]),
    known("length", &["桁数", "最大桁数", "データ長", "データ長_桁数"]),
    known("code", &["コード", "コードID", "コード一覧"]),
    known("repeat", &["繰り返し", "繰返し", "繰り返し回数"]),
    known("output", &["データ出力条件", "出力条件"]),
    known("definition", &["項目定義"]),
    known("description", &["項目説明"]),
    known("related", &["標準仕様書関連箇所", "関連箇所"]),
    known("implementation", &["実装類型"]),
    known("sample", &["サンプル値", "サンプル"]),
    known("note", &["備考"]),
];

/// The columns that no heading of ours names, in words; empty where there are none.
pub(super) fn unused_columns(header: &Header) -> Bilingual {
    if header.unknown.is_empty() {
        return Bilingual::default();
    }
    let names: Vec<String> = header
        .unknown
        .iter()
        .map(|(at, text)| format!("{at} {text}"))
        .collect();
    let names = names.join(", ");
    say(
        format!("使わなかった列: {names}"),
        format!("columns not used: {names}"),
    )
}
