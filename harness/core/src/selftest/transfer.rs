//! Examples that are file transfers, as the run's record writes them.

use crate::check::{Example, Sink, fil};
use crate::record::FileTransfer;

pub(super) fn examine(example: &Example, out: &mut Sink) -> Result<(), String> {
    let transfer: FileTransfer = serde_json::from_str(&example.text).map_err(|e| e.to_string())?;
    fil::examine(&transfer, out);
    Ok(())
}
