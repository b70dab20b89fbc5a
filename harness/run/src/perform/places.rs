//! Where the files of a case are.

use std::path::PathBuf;

use renkei_core::plan::FileCase;

use crate::error::RunError;
use crate::line::{Folder, Line};
use crate::scene::Scene;

/// Where the receiver's result is expected.
pub(crate) struct ReceiptPlace {
    pub(crate) folder: Folder,
    pub(crate) name: String,
    /// The folder as the plan names it.
    pub(crate) shown: String,
}

/// Where the sender puts the file.
pub(crate) fn outbox(scene: &Scene<'_>, case: &FileCase) -> Result<Line, RunError> {
    folder(scene, scene.path(&case.outbox, "outbox")?).map(Line::Folder)
}

/// Where the receiver takes it from; none when the file is only checked.
pub(crate) fn inbox(scene: &Scene<'_>, case: &FileCase) -> Result<Option<Folder>, RunError> {
    if case.inbox.is_empty() {
        return Ok(None);
    }
    folder(scene, scene.path(&case.inbox, "inbox")?).map(Some)
}

/// Where the receipt is expected; none when there is none.
pub(crate) fn receipt(
    scene: &Scene<'_>,
    case: &FileCase,
) -> Result<Option<ReceiptPlace>, RunError> {
    if case.receipt.is_empty() || case.inbox.is_empty() {
        return Ok(None);
    }
    let text = case.receipt.replace("{name}", &case.name);
    let (shown, name) = text.rsplit_once('/').unwrap_or((".", &text));
    Ok(Some(ReceiptPlace {
        folder: folder(scene, scene.path(shown, "receipt")?)?,
        name: scene.expand(name, "receipt")?,
        shown: shown.to_owned(),
    }))
}

/// A folder below `{work}` is the run's own and is made when it is missing.
fn folder(scene: &Scene<'_>, path: PathBuf) -> Result<Folder, RunError> {
    let own = match scene.variables.0.get("work") {
        Some(work) => path.starts_with(work),
        None => false,
    };
    Ok(Folder { path, own })
}
