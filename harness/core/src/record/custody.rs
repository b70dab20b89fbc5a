use serde::{Deserialize, Serialize};

/// One line of the 受領・複製台帳: a file that was received or copied, and what became of it. Days and times are RFC 3339.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerRow {
    /// 資料番号: run and log number, or run and input.
    pub number: String,
    /// 受領日.
    pub received_at: String,
    /// 受領元: the party, or `-` where the file came from the operator.
    pub from: String,
    /// 資料名: the file's name.
    pub name: String,
    /// 個人情報区分: the data class of the run (`fictional`, `anonymised`, `real`, `undeclared`).
    pub data_class: String,
    /// 受領方法.
    pub how: String,
    /// 保管場所, relative to the folder of runs.
    pub place: String,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// 複製の有無: the bundle holds a copy.
    pub copied: bool,
    /// 承認番号 of the plan.
    pub approval: String,
    /// 返却または消去日; empty while the copy is there.
    pub erased_at: String,
    /// 実施者コード of the erasure.
    pub erased_by: String,
}

/// Schema of [`Erasure`].
pub const ERASURE_SCHEMA: &str = "renkei.erasure/v1";

/// 消去証明書: what was deleted, how, and what that cannot promise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// [`ERASURE_SCHEMA`].
    pub schema: String,
    /// False while the deletion is going on or was interrupted: such a document certifies nothing.
    pub complete: bool,
    /// When it began.
    pub started_at: String,
    /// When absence was verified; empty until then.
    pub finished_at: String,
    /// 実施者コード.
    pub by: String,
    /// 立会者コード.
    pub witness: String,
    /// What was given to be erased.
    pub targets: Vec<String>,
    /// Every file.
    pub files: Vec<ErasedFile>,
    /// Every ledger line of the runs among the targets.
    pub ledger: Vec<LedgerRow>,
    /// Slot for evidence that a key was destroyed; filled by people.
    pub key_destruction: String,
}

/// A file that was to be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasedFile {
    /// Path as it was given, or below the folder that was given.
    pub path: String,
    /// SHA-256 before deletion, in lower-case hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Verified: nothing is at that path any more.
    pub gone: bool,
}

/// One line of the audit log: values were shown or handed out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditLine {
    /// When, RFC 3339.
    pub at: String,
    /// 実施者コード.
    pub by: String,
    /// `reveal`, `export`, `anonymize` or `erase`.
    pub command: String,
    /// The run or the files.
    pub run: String,
    /// 承認番号; empty where none is needed.
    pub approval: String,
}
