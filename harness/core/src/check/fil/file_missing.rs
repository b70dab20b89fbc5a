//! FIL-006 file-missing: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::Location;
use crate::record::{FaultKind, FileTransfer};

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-006",
    name: "file-missing",
    source: include_str!("file_missing.md"),
};

pub(super) fn check(transfer: &FileTransfer, out: &mut Sink) {
    if transfer
        .fault
        .as_ref()
        .is_some_and(|fault| fault.kind == FaultKind::FileMissing)
    {
        out.push(
            Hit::new(&RULE, Location::file(&transfer.name))
                .arg("outbox", &transfer.place)
                .arg("name", &transfer.name)
                .key(&transfer.name),
        );
    }
}
