//! `report.html`: one self-contained page per run. It needs no network and no script: the script only filters. A
//! content-security policy keeps anything in a peer's data from loading or running. The templates lay out; every word,
//! number and link they show is made here.

mod ambiguities;
mod card;
pub(crate) mod filtering;
mod groups;
mod log;
mod overview;
mod page;
mod palette;
mod parts;
mod provenance;
mod related;
mod ruler;
mod sequence;
pub(crate) mod spec;
mod tables;

use std::sync::OnceLock;

use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, context};
use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;
use sha2::{Digest, Sha256};

use crate::{Options, ReportError, base64, visible, words};

const TEMPLATES: [(&str, &str); 16] = [
    ("page.html", include_str!("html/templates/page.html")),
    ("macros.html", include_str!("html/templates/macros.html")),
    ("head.html", include_str!("html/templates/head.html")),
    (
        "overview.html",
        include_str!("html/templates/overview.html"),
    ),
    (
        "findings.html",
        include_str!("html/templates/findings.html"),
    ),
    ("card.html", include_str!("html/templates/card.html")),
    ("ruler.html", include_str!("html/templates/ruler.html")),
    ("cases.html", include_str!("html/templates/cases.html")),
    (
        "agreement.html",
        include_str!("html/templates/agreement.html"),
    ),
    (
        "preflight.html",
        include_str!("html/templates/preflight.html"),
    ),
    ("rules.html", include_str!("html/templates/rules.html")),
    ("log.html", include_str!("html/templates/log.html")),
    (
        "provenance.html",
        include_str!("html/templates/provenance.html"),
    ),
    ("spec.html", include_str!("html/templates/spec.html")),
    ("site.html", include_str!("site/page.html")),
    ("diff.html", include_str!("run_diff/page.html")),
];
const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/filter.js");

/// The page.
pub(crate) fn render(
    doc: &ResultDocument,
    lang: Lang,
    options: &Options,
) -> Result<Vec<u8>, ReportError> {
    page(doc, lang, options)
        .map(String::into_bytes)
        .map_err(|e| ReportError::Template(e.to_string()))
}

fn page(doc: &ResultDocument, lang: Lang, options: &Options) -> Result<String, Error> {
    let environment = environment(lang)?;
    let digest = base64::encode(&Sha256::digest(SCRIPT.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'; base-uri 'none'; \
         form-action 'none'"
    );
    let page = page::page(doc, lang, options);
    environment.get_template("page.html")?.render(context! {
        lang => lang.to_string(),
        policy => policy,
        style => Value::from_safe_string(format!("{}{}", page_style(), page.filter_style)),
        script => Value::from_safe_string(SCRIPT.to_owned()),
        page => Value::from(Serde(page)),
    })
}

pub(crate) use parts::{Chip, anchor, seconds as seconds_text, verdict as chip};

/// The page of a document as text.
pub(crate) fn page_text(
    doc: &ResultDocument,
    lang: Lang,
    options: &Options,
) -> Result<String, ReportError> {
    page(doc, lang, options).map_err(|e| ReportError::Template(e.to_string()))
}

/// The script of the filter.
pub(crate) fn page_script() -> &'static str {
    SCRIPT
}

/// The content-security policy of a page, with or without the filter's script.
pub(crate) fn page_policy(scripted: bool) -> String {
    let digest = base64::encode(&Sha256::digest(SCRIPT.as_bytes()));
    let script = if scripted {
        format!(" script-src 'sha256-{digest}';")
    } else {
        String::new()
    };
    format!(
        "default-src 'none'; style-src 'unsafe-inline';{script} base-uri 'none'; form-action 'none'"
    )
}

/// Text of a document made visible and fit to stand between tags.
pub(crate) fn safe(text: &str) -> String {
    escape(&visible::line(text))
}

/// The style sheet with the colours it names.
pub(crate) fn page_style() -> String {
    format!("{}\n{STYLE}", palette::custom_properties())
}

/// The environment of all pages: its templates escape and show what cannot be seen. Made once for a language: a site has
/// thousands of pages, and reading the templates takes longer than filling them.
pub(crate) fn environment(lang: Lang) -> Result<&'static Environment<'static>, Error> {
    static JA: OnceLock<Environment<'static>> = OnceLock::new();
    static EN: OnceLock<Environment<'static>> = OnceLock::new();
    let made = match lang {
        Lang::Ja => &JA,
        Lang::En => &EN,
    };
    if let Some(environment) = made.get() {
        return Ok(environment);
    }
    let environment = new_environment(lang)?;
    Ok(made.get_or_init(|| environment))
}

fn new_environment(lang: Lang) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(write_value);
    environment.add_function(
        "t",
        move |key: &str, args: Kwargs| -> Result<String, Error> { word(lang, key, &args) },
    );
    environment.add_filter("block", |text: &str| {
        Value::from_safe_string(escape(&visible::block(text)))
    });
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

fn word(lang: Lang, key: &str, args: &Kwargs) -> Result<String, Error> {
    let names: Vec<String> = args.args().map(str::to_owned).collect();
    let mut values = Vec::with_capacity(names.len());
    for name in &names {
        values.push((name.as_str(), args.get::<Value>(name)?.to_string()));
    }
    let filled: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Ok(words::fill(lang, key, &filled))
}

/// Writes a value: safe strings as they are, everything else made visible and escaped.
fn write_value(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let written = if value.is_safe() {
        out.write_str(value.as_str().unwrap_or_default())
    } else if matches!(value.kind(), ValueKind::Undefined | ValueKind::None) {
        Ok(())
    } else {
        out.write_str(&escape(&visible::line(&value.to_string())))
    };
    written.map_err(|_| {
        Error::new(
            minijinja::ErrorKind::WriteFailure,
            "the page could not be written",
        )
    })
}

/// Text as it may stand between tags and in quoted attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
