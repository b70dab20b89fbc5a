//! What a terminal shows: findings that read like a compiler's, and the table at the end.
//!
//! Fixed strings use only characters that every terminal draws equally wide, so that columns stay aligned; a test in
//! `words/tests.rs` holds the catalogue to it.

mod columns;
mod finding;
mod ruler;
mod style;
mod summary;
mod width;

pub use columns::columns;
pub use finding::{finding, findings, headline};
pub use summary::{head, open_points, summary};

use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;

use crate::Options;

/// The whole report: head, what is not in order without a finding, findings, summary.
pub fn report(doc: &ResultDocument, lang: Lang, options: &Options) -> String {
    let doc = &*crate::guard::without_individual_numbers(doc);
    let parts = [
        head(doc, lang, options),
        findings(doc, lang, options),
        open_points(doc, lang, options),
        summary(doc, lang, options),
    ];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
