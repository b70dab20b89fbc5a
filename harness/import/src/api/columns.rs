//! Headings of the API workbook.

use crate::headings::Known;

const fn known(id: &'static str, names: &'static [&'static str]) -> Known {
    Known { id, names }
}

/// Of the list of calls.
pub(super) const CALLS: &[Known] = &[
    known("call", &["APIコール名", "コール名", "API名"]),
    known("operation", &["操作種類", "操作種別", "操作"]),
];

/// A request table has at least these.
pub(super) const REQUEST_NEEDED: &[&str] = &["param", "type"];

/// Of a request table.
pub(super) const REQUEST: &[Known] = &[
    known(
        "param",
        &[
            "パラメータ名",
            "パラメーター名",
            "リクエストパラメータ名",
            "パラメータ",
        ],
    ),
    known("level", &["レベル", "階層レベル"]),
    known("no", &["項番", "No."]),
    known("name", &["項目名", "データ項目", "項目名称"]),
    known("description", &["項目説明", "説明"]),
    known("example", &["記述例", "例"]),
    known("required", &["必須", "必須区分"]),
    known(
        "nullable",
        &["null設定有無", "null設定", "null許容", "null可否"],
    ),
    known("type", &["データ型", "型"]),
    known("length", &["データ長桁数", "桁数", "データ長"]),
    known("search", &["検索方法"]),
    known("note", &["備考"]),
];

/// A response table has at least these.
pub(super) const RESPONSE_NEEDED: &[&str] = &["level", "object", "type"];

/// Of a response table.
pub(super) const RESPONSE: &[Known] = &[
    known("object", &["レスポンスオブジェクト名", "オブジェクト名"]),
    known("level", &["レベル", "階層レベル"]),
    known("no", &["項番", "No."]),
    known("name", &["項目名", "データ項目", "項目名称"]),
    known("description", &["項目説明", "説明"]),
    known("example", &["記述例", "例"]),
    known("required", &["必須", "必須区分"]),
    known(
        "nullable",
        &["null設定有無", "null設定", "null許容", "null可否"],
    ),
    known("type", &["データ型", "型"]),
    known("length", &["データ長桁数", "桁数", "データ長"]),
    known("note", &["備考"]),
];

/// Of the list of error codes.
pub(super) const ERRORS: &[Known] = &[
    known("code", &["エラーコード"]),
    known("name", &["エラー名", "エラー名称"]),
    known("message", &["エラー内容", "エラーメッセージ"]),
    known("note", &["備考"]),
];
