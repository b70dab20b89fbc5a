//! The merged ranges of a sheet, found by cell without looking at them all.

use std::collections::BTreeMap;

use super::{At, Range};

/// Most columns that all merged ranges of a sheet may have together; an official workbook has some ten thousand.
pub(super) const MAX_COLUMNS: usize = 1_000_000;

/// Merged ranges.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// By column: ranges by their first row. Ranges of a workbook do not overlap.
    columns: BTreeMap<u32, BTreeMap<u32, Range>>,
    count: usize,
}

impl Merged {
    /// Adds a range; false when there are too many.
    pub(super) fn add(&mut self, range: Range) -> bool {
        let wide = range.to.column.saturating_sub(range.from.column) as usize + 1;
        self.count = self.count.saturating_add(wide);
        if self.count > MAX_COLUMNS {
            return false;
        }
        for column in range.from.column..=range.to.column {
            let column = self.columns.entry(column).or_default();
            column.entry(range.from.row).or_insert(range);
        }
        true
    }

    /// The range that a cell lies in.
    pub fn at(&self, at: At) -> Option<&Range> {
        let column = self.columns.get(&at.column)?;
        let (_, range) = column.range(..=at.row).next_back()?;
        range.holds(at).then_some(range)
    }
}
