//! The report site: pages over one or many runs that link to each other and need no server, no network and no script.
//! Everything is read from the result documents; the latest run decides what a table of pairs shows.

mod across;
mod agreement;
mod bars;
mod case;
mod difference;
mod filter;
mod issues;
mod layout;
mod run;
mod waterfall;

use std::borrow::Cow;
use std::collections::BTreeMap;

use minijinja::context;
use minijinja::value::{Serde, Value};
use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;

use crate::html::{anchor, environment, filtering, page_policy, page_script, page_style};
use crate::kadai::Snapshot;
use crate::{Artifact, Options, ReportError, guard, words};
use issues::Issues;
use layout::{Link, Page};

/// A run with the folder it has in the site.
struct Run<'a> {
    slug: String,
    doc: &'a ResultDocument,
}

/// All pages; names are paths below the site's folder, ASCII, with `/`. Issues are those of the register, else the drafts
/// that the runs would make.
///
/// # Errors
/// A template fails; the documents are never at fault.
pub fn render(
    documents: &[ResultDocument],
    register: Option<&Snapshot<'_>>,
    lang: Lang,
    options: &Options,
) -> Result<Vec<Artifact>, ReportError> {
    let documents: Vec<_> = documents
        .iter()
        .map(guard::without_individual_numbers)
        .collect();
    let runs = runs(&documents);
    let issues = Issues::of(&runs, register, lang, options);
    let mut made = Vec::new();
    let pages = across::pages(&runs, &issues, lang, options);
    for page in pages.iter().chain(&issues::pages(&issues)) {
        made.push(artifact(&page.path, laid_out(page, lang)?));
    }
    for run in &runs {
        let page = run::page(run, lang, options);
        made.push(artifact(&page.path, laid_out(&page, lang)?));
        let page = agreement::page(run, lang);
        made.push(artifact(&page.path, laid_out(&page, lang)?));
        let whole = crate::html::page_text(run.doc, lang, options)?;
        made.push(artifact(&format!("runs/{}/report.html", run.slug), whole));
        for case in &run.doc.cases {
            let nav = nav(run, lang);
            let text = case::page(run.doc, case, &nav, lang, options)?;
            made.push(artifact(&case_path(run, &case.id), text));
        }
    }
    Ok(made)
}

/// The runs, the earliest first; a name that occurs again gets a number.
fn runs<'a>(documents: &'a [Cow<'_, ResultDocument>]) -> Vec<Run<'a>> {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let mut runs: Vec<Run<'_>> = documents
        .iter()
        .map(|doc| {
            let name = anchor(&doc.run.id);
            let times = used.entry(name.clone()).or_default();
            *times += 1;
            let slug = if *times > 1 {
                format!("{name}_{times}")
            } else {
                name
            };
            Run { slug, doc }
        })
        .collect();
    runs.sort_by(|a, b| a.doc.run.started_at.cmp(&b.doc.run.started_at));
    runs
}

fn case_path(run: &Run<'_>, case: &str) -> String {
    format!("runs/{}/case-{}.html", run.slug, anchor(case))
}

fn artifact(path: &str, text: String) -> Artifact {
    Artifact {
        name: path.to_owned(),
        bytes: text.into_bytes(),
    }
}

/// The way back from a case.
fn nav(run: &Run<'_>, lang: Lang) -> String {
    let links: String = crumbs(2, lang)
        .into_iter()
        .chain([Link {
            href: "index.html".into(),
            text: run.doc.run.id.clone(),
        }])
        .map(|link| {
            format!(
                "<li><a href=\"{}\">{}</a></li>",
                link.href,
                crate::html::safe(&link.text)
            )
        })
        .collect();
    format!(
        "<nav class=\"rk-toc\" aria-label=\"{}\"><ul>{links}</ul></nav>",
        words::get(lang, "site.where")
    )
}

/// Links that every page has, from a page `depth` folders down.
fn crumbs(depth: usize, lang: Lang) -> Vec<Link> {
    let up = "../".repeat(depth);
    [
        "index",
        "matrix",
        "vendors",
        "issues",
        "rules",
        "ambiguities",
        "trends",
        "period",
    ]
    .map(|page| Link {
        href: format!("{up}{page}.html"),
        text: words::of(lang, "site", page),
    })
    .into()
}

fn laid_out(page: &Page, lang: Lang) -> Result<String, ReportError> {
    let scripted = !page.filter.is_empty();
    let policy = page_policy(scripted);
    let filtering = filtering::style(page.filter.iter().map(|f| (f.name, f.options.len())));
    let render = || {
        environment(lang)?
            .get_template("site.html")?
            .render(context! {
                lang => lang.to_string(),
                policy => policy,
                style => Value::from_safe_string(format!("{}{filtering}", page_style())),
                script => scripted.then(|| Value::from_safe_string(page_script().to_owned())),
                page => Value::from(Serde(page)),
            })
    };
    let text: Result<String, minijinja::Error> = render();
    text.map(|text| text.trim_start().to_owned())
        .map_err(|e| ReportError::Template(e.to_string()))
}
