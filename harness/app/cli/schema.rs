//! `renkei schema`: the JSON Schema of a document that other programs read.

use renkei_core::model::exit;
use renkei_core::record::schema_text;

use super::args::SchemaKind;
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(document: SchemaKind) -> Result<u8, Trouble> {
    match document {
        SchemaKind::Result => screen::result(schema_text())?,
    }
    Ok(exit::PASSED)
}
