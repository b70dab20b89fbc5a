//! `renkei schema`: the JSON Schema of a document that other programs read.

use renkei_core::baseline::{BASELINE_SCHEMA_TEXT, DIFF_SCHEMA_TEXT};
use renkei_core::model::exit;
use renkei_core::record::schema_text;

use super::args::SchemaKind;
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(document: SchemaKind) -> Result<u8, Trouble> {
    screen::result(match document {
        SchemaKind::Result => schema_text(),
        SchemaKind::Diff => DIFF_SCHEMA_TEXT,
        SchemaKind::Baseline => BASELINE_SCHEMA_TEXT,
        SchemaKind::Events => include_str!("events.schema.json"),
    })?;
    Ok(exit::PASSED)
}
