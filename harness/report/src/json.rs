//! `result.json`: the document itself, indented, keys in the order of the contract.

use renkei_core::record::ResultDocument;

use crate::ReportError;

/// The document as JSON with a final newline.
pub(crate) fn render(doc: &ResultDocument) -> Result<Vec<u8>, ReportError> {
    let mut bytes = serde_json::to_vec_pretty(doc).map_err(|e| ReportError::Json(e.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}
