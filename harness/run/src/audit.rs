//! The audit log beside the runs: one line whenever values are shown or handed out. Only ever appended to.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use renkei_core::record::AuditLine;

use crate::error::RunError;

/// Appends a line and waits until it is on the medium: what is not logged is not done.
///
/// # Errors
/// The log cannot be written; the caller must then not go on.
pub fn audit(log: &Path, line: &AuditLine) -> Result<(), RunError> {
    let failed = |e| RunError::writing(log, e);
    if let Some(folder) = log.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| RunError::writing(folder, e))?;
    }
    let mut text = serde_json::to_string(line).map_err(|e| failed(e.into()))?;
    text.push('\n');
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .map_err(failed)?;
    // One write for the whole line, so that two writers do not mix.
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests_support::scratch;

    #[test]
    fn lines_are_added_and_never_replaced() {
        let dir = scratch();
        let log = dir.path().join("reports/audit.jsonl");
        for by in ["U01", "U02"] {
            let line = AuditLine {
                by: by.to_owned(),
                ..AuditLine::default()
            };
            assert!(audit(&log, &line).is_ok());
        }
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        let by: Vec<String> = text
            .lines()
            .filter_map(|l| serde_json::from_str::<AuditLine>(l).ok())
            .map(|l| l.by)
            .collect();
        assert_eq!(by, ["U01", "U02"]);
    }
}
