//! `renkei check` over several files, a folder or an archive.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use renkei_core::fileset::{self, Given, Limits, SetJob, SetLayout};
use renkei_core::judge::{CheckedSet, document_of_set};
use renkei_core::model::{Bilingual, Lang, Problems};
use renkei_core::record::ResultDocument;
use renkei_core::spec::{Layout, Library, Pack};
use renkei_run::Clock;

use super::args::CheckArgs;
use super::check::{Occurrences, as_of, find_layout, remarks, settings, show};
use super::check_again;
use super::check_agreement::{Agreed, Checked};
use crate::files::{Found, OnDisk, gather};
use crate::judging::threads;
use crate::packs;
use crate::scratch::TempScratch;
use crate::trouble::Trouble;

/// True when the command line means a set: several files, a folder, an archive, a whole pack.
pub(super) fn is_set(args: &CheckArgs) -> bool {
    let [only] = args.files.as_slice() else {
        return true;
    };
    !args.layouts.is_empty() || !args.spec.contains('/') || only.is_dir() || is_archive(only)
}

fn is_archive(path: &Path) -> bool {
    let mut head = [0; 4];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    let extension = path.extension().map(|e| e.to_ascii_lowercase());
    let named = extension.is_some_and(|e| e == "gz" || e == "zip");
    named
        || read.is_ok()
            && matches!(
                head,
                [0x1F, 0x8B, ..] | [b'P', b'K', 3, 4] | [b'P', b'K', 5, 6]
            )
}

pub(super) fn run(args: &CheckArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    let found = gather(&args.files, &mut problems);
    let (pack, of_all) = match args.spec.split_once('/') {
        Some(_) => match find_layout(&library, &args.spec, "--spec", &mut problems) {
            Some((pack, id)) => (Some(pack), Some(id)),
            None => (None, None),
        },
        None => (library.load(&args.spec, "--spec", &mut problems), None),
    };
    let Some(pack) = pack.filter(|_| problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let mut agreed = Agreed::read(&args.held_to, &library)?;
    let files: Vec<&Path> = args.files.iter().map(PathBuf::as_path).collect();
    let again = check_again::line(args, &files, folders);
    let mut document = check(args, &pack, of_all.as_deref(), &found, &mut agreed, again)?;
    document.agreement = agreed.into_rows();
    show(args, document, lang)
}

fn check(
    args: &CheckArgs,
    pack: &Pack,
    of_all: Option<&str>,
    found: &Found,
    agreed: &mut Agreed,
    reproduce: String,
) -> Result<ResultDocument, Trouble> {
    let clock = Clock::system();
    let started_at = clock.text();
    let terms = agreed.terms();
    let forms: BTreeMap<&String, Layout> = pack
        .layouts
        .iter()
        .map(|(id, l)| (id, terms.layout(l)))
        .collect();
    let mut layouts = BTreeMap::new();
    for (id, declared) in &pack.layouts {
        let settings = settings(terms.file_settings(declared), &args.settings)?;
        let layout = forms.get(id).unwrap_or(declared);
        layouts.insert(id.clone(), SetLayout { layout, settings });
    }
    let given = given(args, pack, found)?;
    let source = OnDisk(found.files.iter().map(|(_, path)| path.clone()).collect());
    let day = as_of(args, &started_at)?;
    let scratch = TempScratch::new()?;
    let mut occurrences = Occurrences::open(args.occurrences.as_deref())?;
    let durations = RefCell::new(BTreeMap::new());
    let mut running: Option<Instant> = None;
    let mut watch = |name: &str| match running.take() {
        None => running = Some(Instant::now()),
        Some(since) => {
            let took = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
            durations.borrow_mut().insert(name.to_owned(), took);
        }
    };
    let outcome = fileset::check(SetJob {
        given: &given,
        source: &source,
        layouts: &layouts,
        layout_of_all: of_all,
        alone: matches!(args.files.as_slice(), [only] if !only.is_dir()),
        code_lists: &pack.code_lists,
        mask: args.privacy.mask(),
        as_of: day,
        threads: args.threads.unwrap_or_else(threads),
        scratch: &scratch,
        limits: Limits::default(),
        occurrences: occurrences.writer(),
        watch: &mut watch,
    });
    let mut outcome = outcome.map_err(|error| wrong(&error))?;
    for file in &mut outcome.files {
        let given = file.name.split("!/").next().unwrap_or(&file.name);
        let on_disk = found.files.iter().find(|(name, _)| name == given);
        let of = (pack.layouts.get(&file.layout), layouts.get(&file.layout));
        if let (Some((_, path)), (Some(declared), Some(of))) = (on_disk, of) {
            let findings = std::mem::take(&mut file.findings);
            let checked = Checked {
                name: &file.base,
                declared,
                layout: of.layout,
                settings: &of.settings,
                facts: &file.facts,
                member: Some(file),
            };
            file.findings = agreed.hold(path, checked, findings)?;
        }
        pack.name_requirements(&file.layout, &mut file.findings);
    }
    pack.name_requirements("", &mut outcome.between);
    occurrences.finish()?;
    let title: Vec<String> = args.files.iter().map(|p| p.display().to_string()).collect();
    let title = title.join(" ");
    let mut notes = match of_all.and_then(|id| layouts.get(id)) {
        Some(of) => remarks(&of.settings, &[]),
        None => Vec::new(),
    };
    notes.append(&mut agreed.remarks);
    notes.extend(left_out(found, &outcome));
    notes.extend(pack.head.cautions(day));
    let set = CheckedSet {
        reproduce,
        title,
        spec: format!("{}@{}", pack.head.id, pack.head.version),
        pack: pack.stamp(),
        started_at,
        finished_at: clock.text(),
        durations_ms: durations.into_inner(),
        remarks: notes,
    };
    Ok(document_of_set(set, outcome))
}

fn wrong(error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::Unsupported => Trouble::Tool(Bilingual::new(
            format!("この版では調べられません: {error}"),
            format!("this version cannot check it: {error}"),
        )),
        _ => Trouble::Tool(Bilingual::new(
            format!("ファイルを読めません: {error}"),
            format!("a file cannot be read: {error}"),
        )),
    }
}

/// The files with the layouts that `--as NAME=LAYOUT` gives them.
fn given(args: &CheckArgs, pack: &Pack, found: &Found) -> Result<Vec<Given>, Trouble> {
    let mut given: Vec<Given> = Vec::new();
    for (name, path) in &found.files {
        let meta = fs::metadata(path).map_err(|error| Trouble::file(path, &error))?;
        given.push(Given {
            name: name.clone(),
            bytes: meta.len(),
            layout: None,
        });
    }
    for text in &args.layouts {
        let (name, id) = text.split_once('=').unwrap_or((text, ""));
        let known = pack.layouts.contains_key(id);
        let mut named = given
            .iter_mut()
            .filter(|file| file.name == name || file.name.ends_with(&format!("/{name}")))
            .peekable();
        if !known || named.peek().is_none() {
            let ids: Vec<&str> = pack.layouts.keys().map(String::as_str).collect();
            let message = if known {
                Bilingual::new(
                    format!("ファイル「{name}」は渡されていません"),
                    format!("no file `{name}` was handed in"),
                )
            } else {
                Bilingual::new(
                    format!("様式「{id}」は仕様パックにありません"),
                    format!("the pack has no layout `{id}`"),
                )
            };
            let help = Bilingual::new(
                format!("--as ファイル名=様式 と書きます。様式: {}", ids.join(", ")),
                format!("write --as NAME=LAYOUT; layouts: {}", ids.join(", ")),
            );
            return Err(Trouble::input(format!("--as {text}"), message, help));
        }
        for file in named {
            file.layout = Some(id.to_owned());
        }
    }
    Ok(given)
}

fn left_out(found: &Found, outcome: &fileset::Outcome) -> Vec<Bilingual> {
    let mut notes = Vec::new();
    if outcome.files.is_empty() {
        notes.push(Bilingual::new(
            "様式に当てはまるデータのファイルが1つもないため、何も判定していません。",
            "No file belongs to a layout, so nothing was judged.",
        ));
    }
    if !found.left_out.is_empty() {
        let names = found.left_out.join(", ");
        notes.push(Bilingual::new(
            format!("調べていないもの（隠しファイル、フォルダへのリンク）: {names}"),
            format!("Not looked at (hidden files, links to folders): {names}"),
        ));
    }
    if !outcome.references_left_out.is_empty() {
        let names = outcome.references_left_out.join(", ");
        notes.push(Bilingual::new(
            format!("1つのファイルだけを渡したため、参照先は調べていません: {names}"),
            format!(
                "One file was handed in alone, so these references were not looked up: {names}"
            ),
        ));
    }
    notes
}
