//! What `PACK`, `PACK@VERSION/PART`, `FOLDER/PART` and `BOOK.xlsx/PART` name.

use std::path::Path;

use renkei_core::model::{Bilingual, Lang, Problem, Problems};
use renkei_core::spec::{Library, Pack};

use crate::packs;
use crate::trouble::Trouble;

/// A pack that was named, and which part of it.
pub(super) struct Named {
    pub(super) pack: Pack,
    /// Id of a layout or of an API; empty: the whole pack.
    pub(super) part: String,
    /// Places of a document, imported on the fly, that could not be interpreted: nothing is known there.
    pub(super) gaps: usize,
}

/// Loads what `reference` names: a folder with a `pack.toml` in it, else a pack of the library.
///
/// # Errors
/// Every problem of the pack, or that there is none, or no such part.
pub(super) fn load(library: &Library, reference: &str, option: &str) -> Result<Named, Trouble> {
    let mut problems = Problems::new();
    if let Some((file, part)) = document(reference) {
        let named = imported(file, part)?;
        return checked(named, reference, option);
    }
    let loaded = read(library, reference, option, &mut problems);
    match loaded {
        Some(named) if problems.is_empty() => checked(named, reference, option),
        _ => Err(Trouble::Inputs(problems)),
    }
}

fn read(
    library: &Library,
    reference: &str,
    option: &str,
    problems: &mut Problems,
) -> Option<Named> {
    if let Some((folder, part)) = folder(reference) {
        let files = packs::folder(Path::new(folder), problems);
        let pack = Pack::load(&files, folder, problems)?;
        return Some(Named {
            pack,
            part: part.to_owned(),
            gaps: 0,
        });
    }
    let (coordinate, part) = reference.split_once('/').unwrap_or((reference, ""));
    let found = library.find(coordinate, option);
    let (name, files) = found.map_err(|problem| problems.push(problem)).ok()?;
    let pack = Pack::load(&files, &name, problems)?;
    Some(Named {
        pack,
        part: part.to_owned(),
        gaps: 0,
    })
}

/// Endings of documents that are imported on the fly.
const DOCUMENTS: [&str; 5] = ["xlsx", "xlsm", "csv", "tsv", "json"];

/// `BOOK.xlsx` or `BOOK.xlsx/PART` where there is such a file.
fn document(reference: &str) -> Option<(&str, &str)> {
    let is_document = |path: &str| {
        let path = Path::new(path);
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        path.is_file() && DOCUMENTS.contains(&ending.to_ascii_lowercase().as_str())
    };
    if is_document(reference) {
        return Some((reference, ""));
    }
    let (file, part) = reference.rsplit_once(['/', '\\'])?;
    is_document(file).then_some((file, part))
}

/// A pack out of a document, as `spec import` makes it, without anything being written.
fn imported(file: &str, part: &str) -> Result<Named, Trouble> {
    let bytes = super::import::read(Path::new(file))?;
    let options = renkei_import::Options::default();
    let imported = renkei_import::import(file, &bytes, &options).map_err(Trouble::Inputs)?;
    let mut problems = Problems::new();
    let name = format!("{}@{}", imported.identity.id, imported.identity.version);
    match Pack::load(&imported.files, &name, &mut problems) {
        Some(pack) if problems.is_empty() => Ok(Named {
            pack,
            part: part.to_owned(),
            gaps: imported.report.not_interpreted.len(),
        }),
        _ => Err(Trouble::Inputs(problems)),
    }
}

impl Named {
    /// Says on the screen that a document was not understood as a whole.
    pub(super) fn tell_gaps(&self, reference: &str, lang: Lang) {
        if self.gaps > 0 {
            let told = Bilingual::new(
                format!(
                    "{reference}: 解釈できない箇所が{}件あり、そこは比べていません（一覧は renkei spec import）",
                    self.gaps
                ),
                format!(
                    "{reference}: {} places could not be interpreted and are not compared (`renkei spec import` lists them)",
                    self.gaps
                ),
            );
            crate::screen::note(told.get(lang));
        }
    }
}

/// `FOLDER` or `FOLDER/PART` where the folder holds a pack.
fn folder(reference: &str) -> Option<(&str, &str)> {
    let is_pack = |path: &str| Path::new(path).join("pack.toml").is_file();
    if is_pack(reference) {
        return Some((reference, ""));
    }
    let (folder, part) = reference.rsplit_once(['/', '\\'])?;
    is_pack(folder).then_some((folder, part))
}

fn checked(named: Named, reference: &str, option: &str) -> Result<Named, Trouble> {
    let pack = &named.pack;
    if named.part.is_empty()
        || pack.layouts.contains_key(&named.part)
        || pack.apis.contains_key(&named.part)
        || pack.messages.contains_key(&named.part)
    {
        return Ok(named);
    }
    let known: Vec<String> = pack
        .layouts
        .keys()
        .chain(pack.apis.keys())
        .chain(pack.messages.keys())
        .map(|id| format!("{}/{id}", pack.head.id))
        .collect();
    let known = known.join(", ");
    Err(Trouble::Inputs(vec![Problem::of_file(
        option,
        Bilingual::new(
            format!("様式・API \"{reference}\" がありません"),
            format!("there is no layout and no API \"{reference}\""),
        ),
        Bilingual::new(format!("あるもの: {known}"), format!("there are: {known}")),
    )]))
}

/// Writes bytes where `--out` says, or to standard output.
///
/// # Errors
/// The file cannot be written; or the bytes are no text and no file was named.
pub(super) fn write(out: Option<&Path>, bytes: &[u8]) -> Result<(), Trouble> {
    if let Some(path) = out {
        return std::fs::write(path, bytes).map_err(|error| Trouble::file(path, &error));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(Trouble::input(
            "--out",
            Bilingual::new(
                "xlsx は標準出力に出せません",
                "xlsx does not go to standard output",
            ),
            Bilingual::new("--out ファイル名 を加えてください", "add --out FILE"),
        ));
    };
    Ok(crate::screen::result(text)?)
}
