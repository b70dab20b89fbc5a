//! What `PACK`, `PACK@VERSION/PART` and `FOLDER/PART` name.

use std::path::Path;

use renkei_core::model::{Bilingual, Problem, Problems};
use renkei_core::spec::{Library, Pack};

use crate::packs;
use crate::trouble::Trouble;

/// A pack that was named, and which part of it.
pub(super) struct Named {
    pub(super) pack: Pack,
    /// Id of a layout or of an API; empty: the whole pack.
    pub(super) part: String,
}

/// Loads what `reference` names: a folder with a `pack.toml` in it, else a pack of the library.
///
/// # Errors
/// Every problem of the pack, or that there is none, or no such part.
pub(super) fn load(library: &Library, reference: &str, option: &str) -> Result<Named, Trouble> {
    let mut problems = Problems::new();
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
        });
    }
    let (coordinate, part) = reference.split_once('/').unwrap_or((reference, ""));
    let found = library.find(coordinate, option);
    let (name, files) = found.map_err(|problem| problems.push(problem)).ok()?;
    let pack = Pack::load(&files, &name, problems)?;
    Some(Named {
        pack,
        part: part.to_owned(),
    })
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
