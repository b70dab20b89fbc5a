//! The negotiated record in the form that the ending of its file asks for.

use std::path::Path;

use renkei_core::agreement::{Negotiated, Settled};
use renkei_core::model::Bilingual;
use renkei_report::{Record, agreement_document, record_workbook};
use renkei_run::store::write_file;

use super::{Pair, Scope};
use crate::trouble::Trouble;

pub(super) fn write(
    path: &Path,
    record: &Negotiated,
    pair: &Pair,
    settled: &[Settled],
    scope: &Scope,
) -> Result<(), Trouble> {
    let ending = path
        .extension()
        .map(|e| e.to_string_lossy().to_ascii_lowercase());
    let products = pair.products();
    let packs = scope.items.join(" ");
    let shown = Record {
        record,
        last: pair.negotiated.as_ref(),
        settled,
        catalogue: &pair.catalogue,
        names: [&pair.a.name.ja, &pair.b.name.ja],
        products: &products,
        packs: &packs,
    };
    let bytes = match ending.as_deref() {
        Some("toml") => record.to_toml().into_bytes(),
        Some("xlsx") => record_workbook(&shown)?,
        Some("docx") => agreement_document(&shown)?,
        _ => {
            return Err(Trouble::input(
                path.display().to_string(),
                Bilingual::new(
                    "合意設定書の形式がファイル名から分かりません",
                    "the name does not tell the form of the record",
                ),
                Bilingual::new(
                    "拡張子を .toml、.xlsx、.docx のどれかにしてください。次の版を作れるのは .toml からだけです",
                    "end it with .toml, .xlsx or .docx; only .toml is read back for the next version",
                ),
            ));
        }
    };
    write_file(path, &bytes)?;
    Ok(())
}
