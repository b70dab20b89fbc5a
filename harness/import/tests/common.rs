//! Making and damaging workbooks.

use std::io::{Cursor, Read, Write};

use renkei_core::model::Problems;
use zip::write::SimpleFileOptions;

/// The archive with each part passed through `change`; `None` leaves it out.
pub(crate) fn rewrite(
    bytes: &[u8],
    mut change: impl FnMut(&str, Vec<u8>) -> Option<Vec<u8>>,
) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is an archive");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("readable");
        if let Some(content) = change(&name, content) {
            out.start_file(name, SimpleFileOptions::default())
                .expect("writable");
            out.write_all(&content).expect("writable");
        }
    }
    out.finish().expect("writable").into_inner()
}

/// The archive with one part's text changed.
pub(crate) fn edit(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut seen = false;
    let out = rewrite(bytes, |name, content| {
        if name == part {
            seen = true;
            Some(change(String::from_utf8(content).expect("text")).into_bytes())
        } else {
            Some(content)
        }
    });
    assert!(seen, "there is no part {part}");
    out
}

/// An archive of the given parts.
pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        out.start_file(*name, SimpleFileOptions::default())
            .expect("writable");
        out.write_all(content).expect("writable");
    }
    out.finish().expect("writable").into_inner()
}

/// All problems as one text, in Japanese.
pub(crate) fn shown(problems: &Problems) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// An official workbook, when the folder with them is beside the repository or named by RENKEI_OFFICIAL; the repository
/// does not contain them, so tests that need them say nothing elsewhere.
pub(crate) fn official(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var("RENKEI_OFFICIAL").map_or_else(
        |_| {
            std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/official")
        },
        std::path::PathBuf::from,
    );
    std::fs::read(folder.join(name)).ok()
}
