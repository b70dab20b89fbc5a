//! `renkei report`: reports from a run bundle alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use renkei_core::baseline::Baseline;
use renkei_core::judge::RunHistory;
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_core::plan::{Inputs, Setup};
use renkei_core::record::ResultDocument;
use renkei_report::office::OfficeFile;
use renkei_report::{Format, Options, render, text};
use renkei_run::store::{Bundle, Tape, write_file};

use super::args::{ReportArgs, TextOrJson};
use super::issues::RegisterContent;
use super::{relayed, replay, report_office, report_tools};
use crate::judging;
use crate::privacy;
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(args: &ReportArgs, lang: Lang) -> Result<u8, Trouble> {
    if let Some(action) = &args.action {
        return report_tools::run(action, lang);
    }
    let (site, formats): (Vec<String>, Vec<String>) =
        args.format.iter().cloned().partition(|name| name == "site");
    let (office, formats) = office_files(formats);
    let formats = self::formats(&formats)?;
    let report_lang = Lang::from(args.report_lang);
    if let Some(key) = &args.pseudonyms {
        privacy::open(key)?;
    }
    let mut documents = Vec::new();
    for bundle in &args.bundles {
        let document = if args.rejudge {
            rejudge(bundle)?
        } else {
            stored(bundle)?
        };
        documents.push(document);
    }
    privacy::keep()?;
    if documents.len() > 1 && !formats.is_empty() {
        return Err(one_bundle());
    }
    let Some(first) = args.bundles.first() else {
        return Err(one_bundle());
    };
    let out = args.out.clone().unwrap_or_else(|| first.join("reports"));
    if !site.is_empty() {
        write_site(args, &documents, report_lang, &out)?;
    }
    for path in report_office::write(&args.office, &office, &documents, &out, lang)? {
        screen::result(&format!("{}\n", path.display()))?;
    }
    if let Some(document) = documents.first() {
        for path in write(document, &formats, report_lang, &out)? {
            screen::result(&format!("{}\n", path.display()))?;
        }
    }
    Ok(exit::PASSED)
}

fn write_site(
    args: &ReportArgs,
    documents: &[ResultDocument],
    lang: Lang,
    out: &Path,
) -> Result<(), Trouble> {
    let register = args.office.register.as_deref();
    let stored = register.map(RegisterContent::read).transpose()?;
    let snapshot = stored.as_ref().map(RegisterContent::snapshot);
    let options = Options::default();
    for artifact in renkei_report::site::render(documents, snapshot.as_ref(), lang, &options)? {
        write_file(&out.join(&artifact.name), &artifact.bytes)?;
    }
    screen::result(&format!("{}\n", out.join("index.html").display()))?;
    Ok(())
}

fn one_bundle() -> Trouble {
    Trouble::input(
        "BUNDLE",
        Bilingual::new(
            "この形式の報告書は1つの実施記録から作ります",
            "reports of this format are made from one bundle",
        ),
        Bilingual::new(
            "複数の実施記録には --format site または office の各形式（seika など）を使います",
            "several bundles go with --format site and the office formats (seika …)",
        ),
    )
}

/// The office files among the formats asked for, and the rest.
fn office_files(names: Vec<String>) -> (Vec<OfficeFile>, Vec<String>) {
    let (office, rest): (Vec<String>, Vec<String>) = names
        .into_iter()
        .partition(|name| OfficeFile::parse(name).is_some());
    (
        office
            .iter()
            .filter_map(|name| OfficeFile::parse(name))
            .collect(),
        rest,
    )
}

fn formats(names: &[String]) -> Result<Vec<Format>, Trouble> {
    let office = OfficeFile::ALL.iter().map(|f| f.as_str());
    let known = Format::ALL
        .iter()
        .map(|f| f.as_str())
        .chain(["site"])
        .chain(office)
        .collect::<Vec<_>>()
        .join(", ");
    names
        .iter()
        .map(|name| {
            Format::parse(name).ok_or_else(|| {
                Trouble::input(
                    "--format",
                    Bilingual::new(
                        format!("報告書の形式 {name} はありません"),
                        format!("no report format {name}"),
                    ),
                    Bilingual::new(
                        format!("使える形式: {known}"),
                        format!("there are: {known}"),
                    ),
                )
            })
        })
        .collect()
}

/// Says on standard output what a document holds; in colour, which the stream strips where it is not wanted.
pub(super) fn tell(
    document: &ResultDocument,
    format: TextOrJson,
    options: Options,
    lang: Lang,
) -> Result<(), Trouble> {
    match format {
        TextOrJson::Text => {
            let options = Options {
                colour: true,
                ..options
            };
            screen::result(&text::report(document, lang, &options))?;
        }
        TextOrJson::Json => {
            for artifact in render(document, Format::Json, lang, &Options::default())? {
                screen::result(&String::from_utf8_lossy(&artifact.bytes))?;
            }
        }
    }
    Ok(())
}

/// Options of a text that names the reports which were written.
pub(super) fn naming(paths: &[PathBuf]) -> Options {
    Options {
        report_paths: paths.iter().map(|p| p.display().to_string()).collect(),
        ..Options::default()
    }
}

/// Writes reports and gives back their paths.
pub(super) fn write(
    document: &ResultDocument,
    formats: &[Format],
    lang: Lang,
    out: &Path,
) -> Result<Vec<PathBuf>, Trouble> {
    let mut paths = Vec::new();
    for format in formats {
        for artifact in render(document, *format, lang, &Options::default())? {
            let path = out.join(&artifact.name);
            write_file(&path, &artifact.bytes)?;
            paths.push(path);
        }
    }
    Ok(paths)
}

/// The result document that the run wrote; judged again when the run ended before it was written.
pub(super) fn stored(folder: &Path) -> Result<ResultDocument, Trouble> {
    let path = if folder.is_file() {
        folder.to_owned()
    } else {
        folder.join("reports/result.json")
    };
    let Ok(bytes) = std::fs::read(&path) else {
        return rejudge(folder);
    };
    serde_json::from_slice(&bytes).map_err(|error| {
        Trouble::input(
            path.display().to_string(),
            Bilingual::new(
                format!("結果文書として読めません: {error}"),
                format!("not a result document: {error}"),
            ),
            Bilingual::new(
                "--rejudge を付けると証跡から作り直せます",
                "--rejudge makes it again from the evidence",
            ),
        )
    })
}

/// Judges the stored evidence with the rules of this version.
fn rejudge(folder: &Path) -> Result<ResultDocument, Trouble> {
    let bundle = Bundle::open(folder)?;
    if relayed::is_one(&bundle) {
        return relayed::judge(&bundle);
    }
    if replay::is_one(&bundle) {
        return replay::judge(&bundle);
    }
    let inputs = inputs_of(&bundle)?;
    let mut problems = Problems::new();
    let Some(setup) = Setup::load(&inputs, &mut problems) else {
        return Err(Trouble::Inputs(problems));
    };
    let events = bundle.events()?;
    let history = RunHistory::fold(&events.events);
    privacy::open_known(&inputs.plan.0, &setup.plan.privacy)?;
    let mask = privacy::mask(false);
    let judging = judging::Judging::new(&setup, &bundle, &history.started_at, mask)?;
    let mut document = judging.document(&history);
    document.remarks.extend(events.remark);
    // The baseline that the run was judged by is part of its inputs.
    if let Some(bytes) = inputs_baseline(&bundle)? {
        let known = Baseline::read(BASELINE, &bytes).map_err(|problem| {
            let problems = vec![problem];
            Trouble::Inputs(problems)
        })?;
        renkei_core::baseline::apply(&mut document, &known);
    }
    Ok(document)
}

fn inputs_baseline(bundle: &Bundle) -> Result<Option<Vec<u8>>, Trouble> {
    Ok(bundle.inputs()?.get(BASELINE).map(<[u8]>::to_vec))
}

/// The inputs as the run copied them into its bundle, under the names they had.
fn inputs_of(bundle: &Bundle) -> Result<Inputs, Trouble> {
    let files = bundle.inputs()?;
    let names: BTreeMap<String, String> = files
        .get(NAMES)
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or_default();
    let named = |path: &str| names.get(path).cloned().unwrap_or_else(|| path.to_owned());
    let content = |path: &str| files.get(path).unwrap_or_default().to_vec();
    let mut inputs = Inputs {
        packs: files.below("packs"),
        ..Inputs::default()
    };
    inputs.plan = (named(PLAN), content(PLAN));
    for (file, bytes) in files.below("profiles").iter() {
        let name = named(&format!("profiles/{file}"));
        inputs.profiles.insert(
            file.trim_end_matches(".toml").to_owned(),
            (name, bytes.to_vec()),
        );
    }
    for (file, bytes) in files.below("agreements").iter() {
        let name = named(&format!("agreements/{file}"));
        inputs.agreements.push((name, bytes.to_vec()));
    }
    Ok(inputs)
}

/// Copies the inputs of a run into its bundle, so that judging it again needs nothing else.
pub(super) fn keep_inputs(inputs: &Inputs, setup: &Setup, tape: &Tape) -> Result<(), Trouble> {
    let mut names = BTreeMap::from([(PLAN.to_owned(), inputs.plan.0.clone())]);
    tape.input(PLAN, &inputs.plan.1)?;
    for (party, (name, bytes)) in &inputs.profiles {
        let path = format!("profiles/{party}.toml");
        tape.input(&path, bytes)?;
        names.insert(path, name.clone());
    }
    for (number, (name, bytes)) in inputs.agreements.iter().enumerate() {
        // Numbered, so that reading them back keeps their order.
        let path = format!("agreements/{number:03}.toml");
        tape.input(&path, bytes)?;
        names.insert(path, name.clone());
    }
    for pack in setup.packs.values() {
        let folder = format!("{}/{}", pack.head.id, pack.head.version);
        for (path, bytes) in inputs.packs.below(&folder).iter() {
            tape.input(&format!("packs/{folder}/{path}"), bytes)?;
        }
    }
    let names = serde_json::to_vec_pretty(&names).map_err(std::io::Error::from)?;
    Ok(tape.input(NAMES, &names)?)
}

/// The plan in a bundle's inputs.
const PLAN: &str = "plan.toml";
/// The baseline in a bundle's inputs.
pub(super) const BASELINE: &str = "baseline.json";
/// What the inputs were called where the run started: messages name files as people know them.
const NAMES: &str = "names.json";
