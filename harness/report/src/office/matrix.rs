//! `matrix.xlsx`: the matrix in long form, one row for each pair and linkage.

use super::facts::Facts;
use super::{about, figures, verdict_codes};
use crate::ReportError;
use crate::workbook::{self, Table};

/// The workbook.
pub(super) fn workbook(facts: &Facts<'_>) -> Result<Vec<u8>, ReportError> {
    let table = Table {
        name: "組合せと連携の判定",
        columns: figures::STATES,
        rows: figures::state_rows(facts),
    };
    let codes = verdict_codes("判定");
    workbook::write_with(
        "組合せと連携の判定",
        &about(facts),
        vec![table],
        codes,
        |_| Ok(()),
    )
}
