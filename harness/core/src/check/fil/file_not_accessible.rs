//! FIL-007 file-not-accessible: see the page.

use crate::check::{Hit, Rule, Sink};
use crate::model::Location;
use crate::record::{FaultKind, FileTransfer};

/// The rule.
pub const RULE: Rule = Rule {
    code: "FIL-007",
    name: "file-not-accessible",
    source: include_str!("file_not_accessible.md"),
};

pub(super) fn check(transfer: &FileTransfer, out: &mut Sink) {
    let Some(fault) = transfer
        .fault
        .as_ref()
        .filter(|fault| fault.kind != FaultKind::FileMissing)
    else {
        return;
    };
    out.push(
        Hit::new(&RULE, Location::file(&transfer.name))
            .observed(&fault.detail)
            .arg("place", &transfer.place)
            .arg("name", &transfer.name)
            .key(format!("{}|{}", transfer.place, transfer.name)),
    );
}
