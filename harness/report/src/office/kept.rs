//! What people wrote into an earlier edition of a workbook: a new edition takes it over, cell by cell.

use std::collections::BTreeMap;

/// Values by file, by the key in the first column, and by heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    files: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
}

impl Kept {
    /// Remembers the rows of a file's first table: headings, then rows. Rows without a key are left out.
    pub fn add(&mut self, file: &str, headings: &[String], rows: &[Vec<String>]) {
        let of = self.files.entry(file.to_owned()).or_default();
        for row in rows {
            let Some(key) = row.first().filter(|key| !key.is_empty()) else {
                continue;
            };
            let values = headings.iter().cloned().zip(row.iter().cloned());
            of.insert(key.clone(), values.collect());
        }
    }

    /// What stands under a heading in the row of a key; empty when nothing does.
    pub(super) fn value(&self, file: &str, key: &str, heading: &str) -> &str {
        let row = self.files.get(file).and_then(|rows| rows.get(key));
        row.and_then(|row| row.get(heading))
            .map_or("", String::as_str)
    }

    /// Keys of all rows.
    pub(super) fn keys(&self, file: &str) -> impl Iterator<Item = &str> {
        self.files
            .get(file)
            .into_iter()
            .flat_map(|rows| rows.keys().map(String::as_str))
    }
}
