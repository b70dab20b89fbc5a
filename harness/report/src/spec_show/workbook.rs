use renkei_core::compare::{format, outline, pad};
use renkei_core::model::Lang;
use renkei_core::spec::layout::{FileSettings, Form};
use renkei_core::spec::{Api, Layout, Pack, XmlMessage};

use super::message::shown;
use super::need;
use crate::ReportError;
use crate::spec_export::{length, output};
use crate::workbook::{Column, Table, Value, write};

const FIELDS: &[Column] = &[
    (
        "種別",
        "record_kind",
        "文字列",
        "",
        "レコード種別（1種類の様式では「全」）",
        8,
    ),
    ("項番", "number", "数値", "番", "種別の中の番号", 8),
    ("項目名", "item_name", "文字列", "", "データ項目", 30),
    ("ローマ字", "roman", "文字列", "", "機械名", 32),
    (
        "データ項目の番号",
        "item_id",
        "文字列",
        "",
        "データ項目ID",
        18,
    ),
    ("型", "kind", "コード", "", "データ型", 10),
    (
        "桁数",
        "length",
        "文字列",
        "",
        "最大の桁数（小数は整数部と小数部）",
        10,
    ),
    (
        "出力条件",
        "output",
        "コード",
        "",
        "値を入れる条件の区分",
        14,
    ),
    (
        "条件",
        "condition",
        "文字列",
        "",
        "条件付き必須の条件式",
        26,
    ),
    ("主キー", "primary_key", "文字列", "", "主キーなら○", 10),
    (
        "コード一覧の番号",
        "code_list",
        "文字列",
        "",
        "コード一覧のID",
        18,
    ),
    (
        "開始バイト位置番号",
        "start",
        "文字列",
        "",
        "1から数えた開始位置（固定長）",
        18,
    ),
    ("幅バイト数", "width", "文字列", "", "幅（固定長）", 12),
    ("詰め方", "padding", "文字列", "", "詰め方（固定長）", 14),
    ("書式", "format", "文字列", "", "検査する書式", 18),
    ("備考", "note", "文字列", "", "条件や注意", 60),
];
const SETTINGS: &[Column] = &[
    ("設定", "setting", "文字列", "", "設定のキー", 26),
    ("値", "value", "文字列", "", "設定の値", 20),
    (
        "決めたところ",
        "basis",
        "文字列",
        "",
        "値がどこから来たか",
        20,
    ),
];
const SCHEMA: &[Column] = &[
    ("ファイル", "file", "文字列", "", "スキーマのファイル", 24),
    ("行番号", "line", "数値", "行", "1から数えた行", 10),
    ("内容", "text", "文字列", "", "スキーマの1行", 100),
];
const MEMBERS: &[Column] = &[
    ("操作", "operation", "文字列", "", "操作の名前", 30),
    ("本文", "body", "文字列", "", "要求か応答のステータス", 12),
    ("項目", "member", "文字列", "", "本文の中の位置", 34),
    ("項目名", "item_name", "文字列", "", "人が読む名前", 30),
    ("型", "kind", "コード", "", "データ型", 10),
    ("桁数", "length", "文字列", "", "最大の桁数", 10),
    ("必須", "required", "コード", "", "必須の区分", 14),
    ("条件", "condition", "文字列", "", "条件付き必須の条件", 40),
    ("空値", "nullable", "文字列", "", "nullを許すなら○", 8),
    (
        "値の一覧",
        "values",
        "文字列",
        "",
        "値かコード一覧の番号",
        40,
    ),
];

fn codes(column: &str) -> Vec<[String; 3]> {
    ["required", "conditional", "optional"]
        .map(|word| [column.to_owned(), need(word, Lang::Ja), word.to_owned()])
        .to_vec()
}

/// The fields and settings of a layout as a workbook.
///
/// # Errors
/// The workbook cannot be written.
pub fn layout_workbook(_pack: &Pack, layout: &Layout) -> Result<Vec<u8>, ReportError> {
    let fixed = matches!(layout.form, Form::Fixed { .. });
    let mut rows = Vec::new();
    for kind in &layout.kinds {
        for field in &kind.fields {
            let (output, condition) = output(field);
            let at = |n: usize| if fixed { n.to_string() } else { String::new() };
            rows.push(vec![
                if kind.id.is_empty() { "全" } else { &kind.id }.into(),
                Value::Number(u64::from(field.no)),
                field.name.clone().into(),
                field.roman.clone().into(),
                field.item_id.clone().into(),
                field.kind.name().into(),
                length(field).into(),
                need(output, Lang::Ja).into(),
                condition.into(),
                if field.primary_key { "○" } else { "" }.into(),
                field.code.clone().into(),
                at(field.start + 1).into(),
                at(field.width).into(),
                if fixed { pad(field.pad) } else { "" }.into(),
                format(&field.format).into(),
                field.note.clone().into(),
            ]);
        }
    }
    let settings = FileSettings::keys_of(layout.form).map(|key| {
        vec![
            key.into(),
            match layout.file.word(key).as_str() {
                "," => "comma".into(), // a cell of a machine-readable table holds no comma
                word => word.into(),
            },
            layout.file.basis(key).name().ja.into(),
        ]
    });
    let tables = vec![
        Table {
            name: "項目一覧",
            columns: FIELDS,
            rows,
        },
        Table {
            name: "ファイルの設定",
            columns: SETTINGS,
            rows: settings.collect(),
        },
    ];
    write(&layout.title.ja, tables, codes("出力条件"))
}

/// The members of an API's bodies as a workbook.
///
/// # Errors
/// The workbook cannot be written.
pub fn api_workbook(pack: &Pack, api: &Api) -> Result<Vec<u8>, ReportError> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for part in outline(pack, api) {
        let body = if part.status.is_empty() {
            "要求".to_owned()
        } else {
            format!("応答{}", part.status)
        };
        for row in part.rows {
            rows.push(vec![
                part.operation.clone().into(),
                body.clone().into(),
                row.at.into(),
                row.name.into(),
                row.kind.into(),
                row.length.map_or(String::new(), |l| l.to_string()).into(),
                need(row.need, Lang::Ja).into(),
                row.condition.into(),
                if row.nullable { "○" } else { "" }.into(),
                row.values.into(),
            ]);
        }
    }
    let tables = vec![Table {
        name: "項目一覧",
        columns: MEMBERS,
        rows,
    }];
    write(&api.rules.title.ja, tables, codes("必須"))
}

/// The settings and schemas of an XML message as a workbook.
///
/// # Errors
/// The workbook cannot be written.
pub fn message_workbook(message: &XmlMessage) -> Result<Vec<u8>, ReportError> {
    let settings = message
        .settings()
        .into_iter()
        .map(|(key, value)| vec![key.into(), shown(value).into(), "電文".into()]);
    let mut lines: Vec<Vec<Value>> = Vec::new();
    for (file, text) in &message.schema.files {
        for (line, number) in text.lines().zip(1_u64..) {
            lines.push(vec![
                file.clone().into(),
                Value::Number(number),
                line.into(),
            ]);
        }
    }
    let tables = vec![
        Table {
            name: "電文の設定",
            columns: SETTINGS,
            rows: settings.collect(),
        },
        Table {
            name: "スキーマ",
            columns: SCHEMA,
            rows: lines,
        },
    ];
    write(&message.title.ja, tables, Vec::new())
}
