//! A specification as one self-contained page, in the style of the reports; no script.

use minijinja::context;
use minijinja::value::{Serde, Value};
use renkei_core::model::Lang;

use super::{STYLE, environment, palette};
use crate::ReportError;
use crate::spec_show::Sheet;

/// The page.
pub(crate) fn page(sheet: &Sheet, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let render = || {
        let environment = environment(lang)?;
        environment.get_template("spec.html")?.render(context! {
            lang => lang.to_string(),
            policy => "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
            style => Value::from_safe_string(format!("{}\n{STYLE}", palette::custom_properties())),
            sheet => Value::from(Serde(sheet)),
        })
    };
    render()
        .map(String::into_bytes)
        .map_err(|e: minijinja::Error| ReportError::Template(e.to_string()))
}
