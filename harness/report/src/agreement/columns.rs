//! Columns of the workbooks about an agreement: heading, ASCII name, type, unit, meaning, width in characters.

use crate::workbook::Column;

/// Name of the sheet that vendors fill in.
pub const SHEET: &str = "協議シート";
/// Number of answers that have a column each; further ones stand in the last, separated by ` | `.
pub const ANSWERS: usize = 3;

// Columns of several tables.
#[rustfmt::skip]
mod shared {
    use crate::workbook::Column;

    pub(super) const ITEM: Column = ("番号", "item", "コード", "", "協議事項と設定事項の番号", 8);
    pub(super) const KIND: Column = ("区分", "kind", "コード", "", "協議か設定か", 8);
    pub(super) const TITLE: Column = ("協議・設定事項", "title", "文字列", "", "事項の名前", 22);
    pub(super) const STATUS: Column = ("記入の要否", "status", "コード", "", "この組合せで記入が必須か", 10);
    pub(super) const STANDARD: Column = ("標準の規定", "standard", "文字列", "", "標準仕様書が定める値", 18);
    pub(super) const EXCHANGE: Column = ("検査項目番号", "exchange", "文字列", "", "この検査項目だけの回答のとき、その番号", 12);
    pub(super) const AGREED: Column = ("合意の値", "agreed", "文字列", "", "双方の回答と標準から決まった値", 18);
    pub(super) const STATE: Column = ("合意の状態", "state", "コード", "", "決まったか、何が足りないか", 16);
    pub(super) const BASIS: Column = ("合意の根拠", "basis", "文字列", "", "合意の値がどこから来たか", 30);
    pub(super) const LINKAGE: Column = ("連携ID", "linkage", "文字列", "", "この連携だけの合意のとき、その連携ID", 10);
    pub(super) const PROVIDER: Column = ("提供側の回答", "provider", "文字列", "", "提供側が申告した値", 20);
    pub(super) const CONSUMER: Column = ("利用側の回答", "consumer", "文字列", "", "利用側が申告した値", 20);
}
use shared::{
    AGREED, BASIS, CONSUMER, EXCHANGE, ITEM, KIND, LINKAGE, PROVIDER, STANDARD, STATE, STATUS,
    TITLE,
};

/// Columns of 協議シート. The import finds them by their headings.
#[rustfmt::skip]
pub(super) const SHEET_COLUMNS: &[Column] = &[
    ITEM,
    KIND,
    TITLE,
    ("確認すること", "question", "文字列", "", "双方に問うこと", 36),
    STATUS,
    ("書ける値", "allowed", "文字列", "", "書ける値の種類。一覧から選ぶ事項の値はコード表にある", 22),
    STANDARD,
    ("規定の出典", "standard_source", "文字列", "", "標準仕様書の文書と箇所", 26),
    ("連携ID", "linkage", "文字列", "", "この連携だけの回答のとき、その連携ID", 10),
    EXCHANGE,
    ("自社の回答1", "answer_1", "文字列", "", "自社が使う値。複数使えるときは第1希望", 18),
    ("自社の回答2", "answer_2", "文字列", "", "第2希望", 14),
    ("自社の回答3", "answer_3", "文字列", "", "第3希望", 14),
    ("自社の根拠", "source", "文字列", "", "回答の根拠にした文書と箇所", 28),
    ("記入者コード", "by", "文字列", "", "回答した人のコード（氏名は書かない）", 14),
    ("記入日", "on", "日付", "", "回答した日（YYYY-MM-DD）", 12),
    ("相手の回答", "other_answer", "文字列", "", "相手が申告した値", 18),
    AGREED,
    STATE,
    BASIS,
    ("書き出し時の回答", "base", "文字列", "", "書き出したときの自社の回答と根拠。変えないこと", 26),
    ("照合値", "base_digest", "文字列", "", "書き出し時の回答が変わっていないことを確かめる値。変えないこと", 16),
];

#[rustfmt::skip]
pub(super) const STEPS: &[Column] = &[
    ("順番号", "step", "数値", "番", "手順の順番", 8),
    ("手順", "what", "文字列", "", "すること", 90),
];

#[rustfmt::skip]
pub(super) const ABOUT: &[Column] = &[
    ("情報の名前", "name", "文字列", "", "この文書についての情報", 24),
    ("内容", "value", "文字列", "", "その内容", 70),
];

#[rustfmt::skip]
pub(super) const SETTLED: &[Column] = &[
    ITEM,
    KIND,
    TITLE,
    LINKAGE,
    ("検査項目番号", "exchange", "文字列", "", "この検査項目だけの合意のとき、その番号", 12),
    ("合意の値", "agreed", "文字列", "", "双方が使う値", 24),
    ("合意の状態", "state", "コード", "", "標準で決まるか、双方の合意か", 14),
    ("合意の根拠", "basis", "文字列", "", "値がどこから来たか", 34),
    ("決めた人のコード", "by", "文字列", "", "人が決めた事項を決めた人", 14),
    ("決めた日", "on", "日付", "", "人が決めた事項を決めた日", 12),
    STANDARD,
    PROVIDER,
    CONSUMER,
];

#[rustfmt::skip]
pub(super) const CHANGES: &[Column] = &[
    ITEM,
    TITLE,
    LINKAGE,
    ("検査項目番号", "exchange", "文字列", "", "この検査項目だけの合意のとき、その番号", 12),
    ("前の版の値", "then", "文字列", "", "前の版の合意の値", 30),
    ("この版の値", "now", "文字列", "", "この版の合意の値", 30),
];

#[rustfmt::skip]
pub(super) const OPEN: &[Column] = &[
    ITEM,
    TITLE,
    ("連携ID", "linkage", "文字列", "", "この連携だけの事項のとき、その連携ID", 10),
    ("検査項目番号", "exchange", "文字列", "", "この検査項目だけの事項のとき、その番号", 12),
    ("合意の状態", "state", "コード", "", "何が足りないか", 16),
    STATUS,
    PROVIDER,
    CONSUMER,
    ("値の案", "proposal", "文字列", "", "複数使えるときの案", 18),
    ("理由", "basis", "文字列", "", "決まらない理由", 40),
];

#[rustfmt::skip]
pub(super) const SIGNATURES: &[Column] = &[
    ("側", "side", "コード", "", "提供側か利用側か", 10),
    ("組織名", "organisation", "文字列", "", "合意する組織", 26),
    ("製品名", "product", "文字列", "", "合意の対象の製品", 26),
    ("製品の版", "version", "文字列", "", "合意の対象の版", 14),
    ("役職", "position", "文字列", "", "確認した人の役職", 16),
    ("氏名または記名", "signature", "文字列", "", "確認した人の記名。印刷した文書で行うときは空欄", 26),
    ("確認日", "signed_on", "日付", "", "確認した日（YYYY-MM-DD）", 14),
];

#[rustfmt::skip]
pub(super) const FIVE_WAYS: &[Column] = &[
    ITEM,
    TITLE,
    ("組", "pair", "文字列", "", "提供側と利用側のベンダーコード", 10),
    ("連携ID", "linkage", "文字列", "", "どの連携についての行か", 10),
    EXCHANGE,
    STANDARD,
    PROVIDER,
    CONSUMER,
    AGREED,
    STATE,
    ("観測した値", "observed", "文字列", "", "交換が示した値", 20),
    ("観測できない理由", "not_observed", "文字列", "", "何も示さなかったとき、その理由", 28),
    ("合意との一致", "match", "コード", "", "観測した値と合意の比較", 12),
    ("指摘件数", "findings", "数値", "件", "この事項を挙げた指摘の数", 10),
    ("指摘番号", "first_finding", "文字列", "", "その最初のもの", 12),
    ("規則番号", "rule", "文字列", "", "最初の指摘の規則", 10),
    BASIS,
    ("回答の出典", "sources", "文字列", "", "双方の回答が書かれた場所", 40),
];
