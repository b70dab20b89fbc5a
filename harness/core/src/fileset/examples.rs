//! Runs examples of rule pages that are sets of files (`check/page.rs` has the format).

use std::collections::BTreeMap;
use std::io::{self, Cursor, Write};

use flate2::write::GzEncoder;
use flate2::{Compression, Crc};

use super::{Bytes, Given, Limits, SetJob, SetLayout, Source, check};
use crate::check::Example;
use crate::mask::Mask;
use crate::model::{Finding, Lang, Problems};
use crate::scan::InMemory;
use crate::scan::examples::bytes;
use crate::spec::layout::{Date, Layout};

/// True when two fences are files of one set.
pub fn belong_together(a: &Example, b: &Example) -> bool {
    let set = |e: &Example| e.attribute("set").unwrap_or("1").to_owned();
    a.kind == b.kind
        && a.attribute("file").is_some()
        && b.attribute("file").is_some()
        && set(a) == set(b)
}

/// The findings of the set that `example` is the first fence of; `page` are all fences of the page.
///
/// # Errors
/// What is wrong with the page.
pub fn check_set(example: &Example, page: &[Example]) -> Result<Vec<Finding>, String> {
    let layouts = layouts(page)?;
    let only = layouts.values().next().ok_or("the page has no layout")?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut inside: BTreeMap<String, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for fence in page.iter().filter(|other| belong_together(example, other)) {
        let name = fence.attribute("file").unwrap_or_default();
        let content = content(fence, only)?;
        match name.split_once("!/") {
            Some((archive, inner)) => {
                let entries = inside.entry(archive.to_owned()).or_default();
                entries.push((inner.to_owned(), content));
            }
            None => {
                files.insert(name.to_owned(), content);
            }
        }
    }
    for (archive, entries) in inside {
        files.insert(archive, zip_file(&entries));
    }
    check_files(&layouts, files)
}

/// Checks files in memory by name; a single layout without a name pattern holds for all of them.
pub(super) fn check_files(
    layouts: &BTreeMap<String, Layout>,
    files: BTreeMap<String, Vec<u8>>,
) -> Result<Vec<Finding>, String> {
    let given: Vec<Given> = files
        .iter()
        .map(|(name, content)| Given {
            name: name.clone(),
            bytes: content.len() as u64,
            layout: None,
        })
        .collect();
    let source = Held(files.into_values().collect());
    let of_all = layouts
        .values()
        .next()
        .filter(|layout| layouts.len() == 1 && layout.name_pattern.is_none());
    let with_settings: BTreeMap<String, SetLayout<'_>> = layouts
        .iter()
        .map(|(id, layout)| {
            let settings = layout.file.clone();
            (id.clone(), SetLayout { layout, settings })
        })
        .collect();
    let outcome = check(SetJob {
        given: &given,
        source: &source,
        layouts: &with_settings,
        layout_of_all: of_all.map(|layout| layout.id.as_str()),
        alone: false,
        code_lists: &BTreeMap::new(),
        mask: Mask::default(),
        as_of: Date::new(2026, 4, 1).ok_or("no day")?,
        threads: 1,
        scratch: &InMemory,
        limits: Limits::default(),
        occurrences: None,
        watch: &mut |_| {},
    });
    let outcome = outcome.map_err(|e| e.to_string())?;
    let of_files = outcome.files.into_iter().flat_map(|file| file.findings);
    Ok(of_files.chain(outcome.between).collect())
}

/// The layouts of a page, each with the fields behind it.
fn layouts(page: &[Example]) -> Result<BTreeMap<String, Layout>, String> {
    let mut problems = Problems::new();
    let mut layouts = BTreeMap::new();
    for (at, head) in page.iter().enumerate().filter(|(_, e)| e.kind == "layout") {
        let mut behind = page.iter().skip(at);
        let fields = behind.find(|e| e.kind == "fields");
        let fields = fields.ok_or("a layout needs fields behind it")?;
        let names = ("layout", "fields");
        let layout = Layout::load(&head.text, fields.text.as_bytes(), names, &mut problems);
        layouts.extend(layout.map(|layout| (layout.id.clone(), layout)));
    }
    match problems.first() {
        Some(problem) => Err(problem.show(Lang::En)),
        None => Ok(layouts),
    }
}

fn content(fence: &Example, layout: &Layout) -> Result<Vec<u8>, String> {
    let mut content = bytes(fence, layout)?;
    for form in fence.attribute("pack").unwrap_or("").split(',') {
        match form {
            "" => {}
            "gzip" => content = gzip(&content).map_err(|e| e.to_string())?,
            other => return Err(format!("unknown form {other}")),
        }
    }
    let cut = fence.attribute("cut").map_or(Ok(0), str::parse::<usize>);
    let cut = cut.map_err(|e| e.to_string())?;
    content.truncate(content.len().saturating_sub(cut));
    Ok(content)
}

/// Packs bytes with gzip.
pub(super) fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    encoder.finish()
}

/// A ZIP file with stored entries, under any names: those that a decent writer would refuse, too (APPNOTE 4.3).
pub(super) fn zip_file(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let half = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_le_bytes();
    let word = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    for (name, content) in entries {
        let mut crc = Crc::new();
        crc.update(content);
        let mut common = Vec::new();
        // Version 2.0, names in UTF-8, stored, no time.
        common.extend([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]);
        common.extend(crc.sum().to_le_bytes());
        common.extend(word(content.len()));
        common.extend(word(content.len()));
        common.extend(half(name.len()));
        common.extend(half(0));
        let at = out.len();
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(content);
        directory.extend(b"PK\x01\x02");
        directory.extend(half(20));
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(word(at));
        directory.extend(name.as_bytes());
    }
    let at = out.len();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(half(entries.len()));
    out.extend(half(entries.len()));
    out.extend(word(directory.len()));
    out.extend(word(at));
    out.extend(half(0));
    out
}

/// Files in memory.
struct Held(Vec<Vec<u8>>);

impl Source for Held {
    fn open(&self, file: usize) -> io::Result<Box<dyn Bytes + '_>> {
        let content = self.0.get(file).map(Vec::as_slice);
        let content = content.ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(content)))
    }
}
