//! 受領・複製台帳 and 消去証明書 as files.

mod certificate;

use renkei_core::model::{Bilingual, Lang};
use renkei_core::record::{Erasure, LedgerRow};

pub use certificate::{erasure_document, erasure_page};

use crate::ReportError;
use crate::words;
use crate::workbook::{Column, Table, Value, write};

const LEDGER: &[Column] = &[
    (
        "資料番号",
        "number",
        "文字列",
        "",
        "実行の番号と記録番号",
        26,
    ),
    (
        "受領日",
        "received_at",
        "文字列",
        "",
        "受け取った日時（RFC 3339）",
        22,
    ),
    (
        "受領元",
        "from",
        "文字列",
        "",
        "渡した参加者。-は操作者の用意したもの",
        12,
    ),
    ("資料名", "name", "文字列", "", "ファイルの名前", 30),
    (
        "個人情報区分",
        "data_class",
        "コード",
        "",
        "計画が宣言したデータ区分",
        14,
    ),
    (
        "受領方法",
        "how",
        "文字列",
        "",
        "受け取った場所または方法",
        24,
    ),
    (
        "保管場所",
        "place",
        "文字列",
        "",
        "実施記録の置き場所から見た位置",
        40,
    ),
    (
        "SHA-256",
        "sha256",
        "文字列",
        "",
        "内容のダイジェスト（16進）",
        40,
    ),
    ("バイト数", "bytes", "数値", "バイト", "ファイルの長さ", 10),
    (
        "複製の有無",
        "copied",
        "コード",
        "",
        "実施記録に写しがあるか",
        10,
    ),
    (
        "承認番号",
        "approval",
        "文字列",
        "",
        "計画に書かれた承認番号",
        16,
    ),
    (
        "返却または消去の予定日",
        "due",
        "文字列",
        "",
        "人が書き入れる",
        16,
    ),
    (
        "返却または消去日",
        "erased_at",
        "文字列",
        "",
        "消去証明書の日時",
        22,
    ),
    (
        "実施者コード",
        "erased_by",
        "文字列",
        "",
        "消去した人のコード",
        12,
    ),
];

/// The ledger as a workbook.
///
/// # Errors
/// The writer refuses the table.
pub fn ledger_workbook(rows: &[LedgerRow]) -> Result<Vec<u8>, ReportError> {
    let values = |row: &LedgerRow| -> Vec<Value> {
        vec![
            row.number.as_str().into(),
            row.received_at.as_str().into(),
            row.from.as_str().into(),
            row.name.as_str().into(),
            class(row).into(),
            row.how.as_str().into(),
            row.place.as_str().into(),
            row.sha256.as_str().into(),
            Value::Number(row.bytes),
            (if row.copied { "有" } else { "無" }).into(),
            row.approval.as_str().into(),
            "".into(),
            row.erased_at.as_str().into(),
            row.erased_by.as_str().into(),
        ]
    };
    let table = Table {
        name: "受領・複製台帳",
        columns: LEDGER,
        rows: rows.iter().map(values).collect(),
    };
    let code =
        |column: &str, word: &str, meaning: &str| [column.into(), word.into(), meaning.into()];
    let codes = vec![
        code("個人情報区分", "架空データ", "だれの情報でもない"),
        code(
            "個人情報区分",
            "匿名化データ",
            "renkei anonymize などで置き換えたもの",
        ),
        code("個人情報区分", "実データ", "個人情報を含みうる"),
        code(
            "個人情報区分",
            "申告なし",
            "宣言がない。個人情報を含むものとして扱う",
        ),
        code(
            "複製の有無",
            "有",
            "実施記録の blobs または inputs に写しがある",
        ),
        code("複製の有無", "無", "写しはない（消去済みを含む）"),
    ];
    write("受領・複製台帳", vec![table], codes)
}

fn class(row: &LedgerRow) -> String {
    words::of(Lang::Ja, "data_class", &row.data_class)
}

/// What deleting files cannot promise; every certificate says it.
pub fn limits() -> Vec<Bilingual> {
    vec![
        Bilingual::new(
            "ファイルを削除し、その場所に何もないことを確かめました。媒体の上書きはしていません。",
            "Files were deleted and their absence was verified. The medium was not overwritten.",
        ),
        Bilingual::new(
            "スナップショット、バックアップ、クラウドの複製、ジャーナルに残る写しは、この証明の対象外です。",
            "Copies in snapshots, backups, cloud replicas and journals are outside this certificate.",
        ),
        Bilingual::new(
            "renkei pack、export、report --out などで別の場所に書き出したファイル、課題管理簿、紙に印刷したものは含みません。",
            "Files that pack, export or report --out wrote elsewhere, the register, and prints are not included.",
        ),
        Bilingual::new(
            "SSDは書込みを分散するため、削除した内容が媒体に残り、専用の道具で読める場合があります。",
            "SSDs spread writes: deleted content may stay on the medium and be readable with special tools.",
        ),
        Bilingual::new(
            "復元できないことの保証には、暗号化した媒体の鍵の破棄、または媒体の物理的な破壊と、その証拠が要ります。",
            "Only destroying the key of an encrypted medium, or the medium itself, with evidence, rules out recovery.",
        ),
    ]
}

/// The certificate as plain text.
pub fn erasure_text(erasure: &Erasure, lang: Lang) -> String {
    let t = |ja: &str, en: &str| Bilingual::new(ja, en).get(lang).to_owned();
    let or_blank = |text: &str| match text {
        "" => t("（記入）", "(to be filled in)"),
        text => text.to_owned(),
    };
    let total: u64 = erasure.files.iter().map(|f| f.bytes).sum();
    let gone = erasure.files.iter().filter(|f| f.gone).count();
    let mut lines = vec![
        certificate::title(erasure, lang),
        String::new(),
        format!("{}: {}", t("開始", "Began"), erasure.started_at),
        format!(
            "{}: {}",
            t("確認完了", "Verified"),
            or_blank(&erasure.finished_at)
        ),
        format!(
            "{}: {}",
            t("実施者コード", "Carried out by"),
            or_blank(&erasure.by)
        ),
        format!(
            "{}: {}",
            t("立会者コード", "Witness"),
            or_blank(&erasure.witness)
        ),
        format!(
            "{}: {}",
            t("方法", "Method"),
            t(
                "ファイルの削除と不存在の確認",
                "deletion of files, absence verified"
            )
        ),
        format!(
            "{}: {gone} / {} ({total} bytes)",
            t("消去した件数", "Files erased"),
            erasure.files.len()
        ),
        format!(
            "{}: {}",
            t("鍵の破棄の証拠", "Evidence of key destruction"),
            or_blank(&erasure.key_destruction)
        ),
        String::new(),
        t("対象", "Files"),
    ];
    for file in &erasure.files {
        let state = if file.gone {
            t("消去", "erased")
        } else {
            t("残存", "REMAINS")
        };
        lines.push(format!(
            "  {state}  {}  {}  {} bytes",
            file.path, file.sha256, file.bytes
        ));
    }
    lines.extend([String::new(), t("台帳の行", "Lines of the ledger")]);
    for row in &erasure.ledger {
        lines.push(format!(
            "  {}  {}  {}  {}",
            row.number,
            row.name,
            words::of(lang, "data_class", &row.data_class),
            row.sha256
        ));
    }
    lines.extend([
        String::new(),
        t("この証明で約束できないこと", "What this cannot promise"),
    ]);
    lines.extend(limits().iter().map(|l| format!("  - {}", l.get(lang))));
    lines.push(String::new());
    lines.join("\n")
}
