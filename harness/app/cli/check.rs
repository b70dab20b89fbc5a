//! `renkei check`: one file against one layout. The command a vendor's developer runs a hundred times a day.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use renkei_core::check::Sink;
use renkei_core::encoding::repertoire::List;
use renkei_core::judge::{CheckedFile, document_of_check};
use renkei_core::model::{Bilingual, Finding, Lang, Problem, Problems};
use renkei_core::record::ResultDocument;
use renkei_core::scan::{self, FileFacts, Job};
use renkei_core::spec::{Basis, Date, FileSettings, Layout, Library, Pack};
use renkei_report::{Format, Options, render, text};
use renkei_run::Clock;

use super::args::{CheckArgs, CheckFormat};
use super::check_again;
use super::check_agreement::{Agreed, Checked};
use super::report_tools::{apply_baseline, read_baseline};
use crate::judging::threads;
use crate::scratch::TempScratch;
use crate::trouble::Trouble;
use crate::{packs, privacy, screen};

pub(super) fn run(args: &CheckArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let named: Vec<String> = args.files.iter().map(|f| f.display().to_string()).collect();
    args.privacy.begin(&named.join(" "))?;
    if let Some(code) = super::check_xml::run(args, folders, lang)? {
        return Ok(code);
    }
    let path = match args.files.as_slice() {
        [only] if !super::check_set::is_set(args) => only,
        _ => return super::check_set::run(args, folders, lang),
    };
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    let found = find_layout(&library, &args.spec, "--spec", &mut problems);
    let Some((pack, id)) = found.filter(|_| problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let Some(layout) = pack.layouts.get(&id) else {
        return Err(Trouble::Inputs(problems));
    };
    if !layout.references.is_empty() {
        return super::check_set::run(args, folders, lang);
    }
    let mut agreed = Agreed::read(&args.held_to, &library)?;
    let declared = layout;
    let layout = &agreed.terms().layout(declared);
    let settings = settings(agreed.terms().file_settings(declared), &args.settings)?;
    let clock = Clock::system();
    let started_at = clock.text();
    let mut lists = super::repertoire::lists(&args.lists)?;
    lists.extend(pack.lists.iter().cloned());
    let started = Instant::now();
    let what = What {
        path,
        pack: &pack,
        layout,
        settings: &settings,
        lists: &lists,
    };
    let as_of = as_of(args, &started_at)?;
    let (facts, findings) = scan(args, &what, as_of)?;
    let name = file_name(path);
    let checked = Checked {
        name: &name,
        declared,
        layout,
        settings: &settings,
        facts: &facts,
        member: None,
    };
    let mut findings = agreed.hold(path, checked, findings)?;
    pack.name_requirements(&id, &mut findings);
    let file = CheckedFile {
        name: name.clone(),
        sha256: facts.sha256,
        bytes: facts.bytes,
        records: Some(facts.records),
        areas: &["ENC", "FIL", "LAY", "VAL", "XRF"],
        spec: format!("{}@{}/{id}", pack.head.id, pack.head.version),
        pack: pack.stamp(),
        started_at,
        finished_at: clock.text(),
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        reproduce: check_again::line(args, &[path], folders),
        remarks: [
            remarks(&settings, &lists),
            std::mem::take(&mut agreed.remarks),
            pack.head.cautions(as_of),
        ]
        .concat(),
    };
    let mut document = document_of_check(file, findings);
    document.agreement = agreed.into_rows();
    show(args, document, lang)
}

/// Prints the document, less what the baseline knows, and gives its exit code.
pub(super) fn show(
    args: &CheckArgs,
    mut document: ResultDocument,
    lang: Lang,
) -> Result<u8, Trouble> {
    args.privacy.stamp(&mut document);
    privacy::keep()?;
    apply_baseline(
        &mut document,
        read_baseline(args.baseline.as_deref())?.as_ref(),
    );
    let options = Options {
        colour: true, // escape sequences are stripped by the stream where they are not wanted
        max_per_rule: if args.all {
            0
        } else {
            Options::default().max_per_rule
        },
        ..Options::default()
    };
    let format = match args.format {
        CheckFormat::Text => {
            screen::result(&text::report(&document, lang, &options))?;
            return Ok(document.exit_code);
        }
        CheckFormat::Json => Format::Json,
        CheckFormat::Sarif => Format::Sarif,
        CheckFormat::Junit => Format::Junit,
        CheckFormat::Github => Format::Github,
    };
    for artifact in render(&document, format, lang, &options)? {
        screen::result(&String::from_utf8_lossy(&artifact.bytes))?;
    }
    Ok(document.exit_code)
}

/// Finds `PACK/LAYOUT` or `PACK@VERSION/LAYOUT`; what is wrong with it becomes a problem.
pub(super) fn find_layout(
    library: &Library,
    reference: &str,
    option: &str,
    problems: &mut Problems,
) -> Option<(Pack, String)> {
    let (pack, id) = reference.split_once('/').unwrap_or((reference, ""));
    let pack = library.load(pack, option, problems)?;
    if pack.layouts.contains_key(id) {
        return Some((pack, id.to_owned()));
    }
    let known: Vec<String> = pack
        .layouts
        .keys()
        .map(|l| format!("{}/{l}", pack.head.id))
        .collect();
    problems.push(Problem::of_file(
        option,
        Bilingual::new(
            format!("様式 \"{reference}\" がありません"),
            format!("there is no layout \"{reference}\""),
        ),
        Bilingual::new(
            format!("あるもの: {}", known.join(", ")),
            format!("there are: {}", known.join(", ")),
        ),
    ));
    None
}

/// The settings of a file, under what the command line overrides.
pub(super) fn settings(
    mut settings: FileSettings,
    overrides: &[String],
) -> Result<FileSettings, Trouble> {
    for text in overrides {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        settings
            .set_from(key, value, Basis::Option)
            .map_err(|message| {
                let help = Bilingual::new(
                    "--set キー=値 のキーと値は specs/README.md の [file] にあります",
                    "keys and values of --set KEY=VALUE are those of [file] in specs/README.md",
                );
                Trouble::input(format!("--set {text}"), message, help)
            })?;
    }
    Ok(settings)
}

pub(super) fn as_of(args: &CheckArgs, now: &str) -> Result<Date, Trouble> {
    let text = args
        .as_of
        .as_deref()
        .unwrap_or(now.get(..10).unwrap_or_default());
    Date::parse(text).ok_or_else(|| {
        Trouble::input(
            "--as-of",
            Bilingual::new(
                format!("日付 {text} を読めません"),
                format!("{text} is not a date"),
            ),
            Bilingual::new("例: --as-of 2026-04-01", "for example --as-of 2026-04-01"),
        )
    })
}

/// What a file is checked against.
struct What<'a> {
    path: &'a Path,
    pack: &'a Pack,
    layout: &'a Layout,
    settings: &'a FileSettings,
    /// Lists of characters, the user's first.
    lists: &'a [List],
}

fn scan(
    args: &CheckArgs,
    what: &What<'_>,
    as_of: Date,
) -> Result<(FileFacts, Vec<Finding>), Trouble> {
    let (path, layout, settings) = (what.path, what.layout, what.settings);
    let wrong = |error: io::Error| match error.kind() {
        io::ErrorKind::InvalidInput => Trouble::input(
            args.spec.clone(),
            Bilingual::same(error.to_string()),
            Bilingual::new(
                "一覧の名前（id:）を確かめ、renkei check --list ファイル で渡します",
                "check the name of the list (its `id:`) and pass it with renkei check --list FILE",
            ),
        ),
        io::ErrorKind::Unsupported => Trouble::Tool(Bilingual::new(
            format!("この版では調べられません: {error}"),
            format!("this version cannot check it: {error}"),
        )),
        _ => Trouble::file(path, &error),
    };
    let input = File::open(path).map_err(wrong)?;
    if input.metadata().map_err(wrong)?.is_dir() {
        return Err(wrong(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let scratch = TempScratch::new()?;
    let mut occurrences = Occurrences::open(args.occurrences.as_deref())?;
    let mut sink = Sink::new(scan::policy(layout, settings));
    let name = file_name(path);
    let job = Job {
        layout,
        settings,
        code_lists: &what.pack.code_lists,
        file_name: &name,
        mask: args.privacy.mask(),
        as_of,
        threads: args.threads.unwrap_or_else(threads),
        scratch: &scratch,
        occurrences: occurrences.writer(),
    };
    let options = scan::Options {
        repertoires: what.lists,
        ..scan::Options::default()
    };
    let facts = scan::check_with(job, &options, input, &mut sink).map_err(wrong)?;
    occurrences.finish()?;
    Ok((facts, sink.into_findings()))
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

pub(super) fn remarks(settings: &FileSettings, lists: &[List]) -> Vec<Bilingual> {
    let encoding = settings.encoding.name();
    let basis = settings.basis("encoding").name();
    let mut remarks = vec![Bilingual::new(
        format!("文字コードは {encoding} として調べました（{}）。", basis.ja),
        format!("The encoding was taken to be {encoding} ({}).", basis.en),
    )];
    remarks.extend(lists.iter().map(|list| {
        let (id, version, sha256) = (&list.id, &list.version, &list.sha256);
        Bilingual::new(
            format!("文字の一覧 {id}（版 {version}、SHA-256 {sha256}）を使いました。"),
            format!("List of characters {id} was used: version {version}, SHA-256 {sha256}."),
        )
    }));
    remarks
}

/// The stream of occurrences: written beside and renamed at the end, so that a stopped check leaves no half file.
pub(super) struct Occurrences(Option<(BufWriter<tempfile::NamedTempFile>, PathBuf)>);

impl Occurrences {
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Trouble> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        let folder = crate::inputs::folder_of(path);
        let file =
            tempfile::NamedTempFile::new_in(folder).map_err(|error| Trouble::file(path, &error))?;
        Ok(Self(Some((BufWriter::new(file), path.to_owned()))))
    }

    pub(super) fn writer(&mut self) -> Option<&mut (dyn Write + Send)> {
        self.0
            .as_mut()
            .map(|(writer, _)| writer as &mut (dyn Write + Send))
    }

    pub(super) fn finish(self) -> Result<(), Trouble> {
        let Some((writer, path)) = self.0 else {
            return Ok(());
        };
        let wrong = |error: io::Error| Trouble::file(&path, &error);
        let file = writer
            .into_inner()
            .map_err(|error| wrong(error.into_error()))?;
        file.persist(&path).map_err(|error| wrong(error.error))?;
        Ok(())
    }
}
