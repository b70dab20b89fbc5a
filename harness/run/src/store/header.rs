use std::path::Path;

use renkei_core::model::Bilingual;
use renkei_core::record::Tool;
use serde::{Deserialize, Serialize};

use crate::error::RunError;

/// Schema of the bundles this version writes and reads.
pub const SCHEMA: &str = "renkei.run/v1";

/// `header.json`: what wrote the bundle, and in which form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: String,
    /// The harness.
    pub tool: Tool,
    /// Run id.
    pub run: String,
    /// RFC 3339.
    pub created_at: String,
}

#[derive(Deserialize)]
struct Schema {
    schema: String,
}

impl Header {
    /// Reads `header.json`; a bundle of another schema is refused before anything else of it is read.
    pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Self, RunError> {
        let broken = |message: Bilingual, help: Bilingual| RunError::Bundle {
            path: path.to_owned(),
            message,
            help,
        };
        let not_one = |e: serde_json::Error| {
            broken(
                Bilingual::new(
                    format!("renkei の記録ではありません（{e}）"),
                    format!("not a header of a renkei bundle ({e})"),
                ),
                Bilingual::new(
                    "reports/runs/ の下の、実行ごとのフォルダを指定してください",
                    "name the folder of one run below reports/runs/",
                ),
            )
        };
        let found: Schema = serde_json::from_slice(bytes).map_err(not_one)?;
        if found.schema != SCHEMA {
            let found = found.schema;
            return Err(broken(
                Bilingual::new(
                    format!("記録の版が {found} です。この renkei が読めるのは {SCHEMA} です"),
                    format!("the bundle is of schema {found}; this renkei reads {SCHEMA}"),
                ),
                Bilingual::new(
                    "記録を作った版かそれより新しい renkei で開いてください",
                    "open it with the renkei that wrote it, or a newer one",
                ),
            ));
        }
        serde_json::from_slice(bytes).map_err(not_one)
    }
}
