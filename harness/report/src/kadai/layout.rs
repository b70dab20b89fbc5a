//! Columns and code words of the workbook, from the data file beside this module.

use serde::Deserialize;

/// Version of the columns' layout; a change of columns changes it.
pub(super) const VERSION: &str = "1";

/// The nine columns that the procurement specification of the verification project mandates, in its order.
pub const MANDATED: [&str; 9] = [
    "課題内容",
    "影響",
    "優先度",
    "発生日",
    "担当者",
    "対応期限",
    "対応状況",
    "対応策",
    "対応結果",
];

/// Names of the sheets, in order.
pub(super) const REGISTER: &str = "課題管理表";
/// See [`REGISTER`].
pub(super) const HISTORY: &str = "課題履歴";
/// See [`REGISTER`].
pub(super) const CODES: &str = "コード表";
/// See [`REGISTER`].
pub(super) const DEFINITIONS: &str = "データ定義";

/// Everything the sheets state about themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    /// Columns of all sheets, in order.
    pub(super) column: Vec<Column>,
    /// Code words.
    pub(super) code: Vec<Code>,
}

/// One column.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    /// Sheet it stands in.
    pub(super) sheet: String,
    /// 項目名, the header.
    pub(super) name: String,
    /// 物理名, ASCII.
    pub(super) id: String,
    /// 型.
    pub(super) kind: String,
    /// 単位, or empty.
    #[serde(default)]
    pub(super) unit: String,
    /// What an empty cell means.
    pub(super) blank: String,
    /// 定義 in the workbook of one run.
    meaning: String,
    /// 定義 in the workbook of a register, where it differs.
    #[serde(default)]
    in_register: String,
    /// Who writes it.
    pub(super) owner: String,
    /// Width in characters.
    pub(super) width: u16,
}

/// What a workbook is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edition {
    /// The findings of one run.
    Run,
    /// The register over all runs.
    Register,
}

impl Column {
    /// 定義.
    pub(super) fn meaning(&self, edition: Edition) -> &str {
        if edition == Edition::Register && !self.in_register.is_empty() {
            &self.in_register
        } else {
            &self.meaning
        }
    }
}

/// One code word of a column.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Code {
    /// Column it belongs to.
    pub(super) column: String,
    /// The word in the cell.
    pub(super) code: String,
    /// What it means.
    pub(super) meaning: String,
}

impl Layout {
    /// Reads the data file that is compiled in.
    pub(super) fn read() -> Result<Self, String> {
        toml::from_str(include_str!("layout.toml")).map_err(|e| e.to_string())
    }

    /// Columns of a sheet, in order.
    pub(super) fn columns<'a>(&'a self, sheet: &'a str) -> impl Iterator<Item = &'a Column> {
        self.column
            .iter()
            .filter(move |column| column.sheet == sheet)
    }

    /// Code words of a column.
    pub(super) fn codes<'a>(&'a self, column: &'a str) -> Vec<&'a str> {
        self.code
            .iter()
            .filter(|code| code.column == column)
            .map(|code| code.code.as_str())
            .collect()
    }
}
