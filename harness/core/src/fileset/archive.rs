//! Unpacks gzip and ZIP files to scratch, within limits. What cannot be unpacked is a finding, never half a file.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, Read, SeekFrom};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::entry::{Entry, Place, base_of};
use super::unpacked::Unpacked;
use super::{Between, Bytes, Entries, MAX_FILES, SetJob};
use crate::check::fil::{archive_beyond_limits, archive_broken};
use crate::encoding::{Dialect, Encoding, decode};
use crate::model::Bilingual;

/// What archives may hold. The defaults are renkei's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files in one archive.
    pub entries: usize,
    /// Unpacked bytes of the whole set.
    pub bytes: u64,
    /// Unpacked bytes for each packed one …
    pub ratio: u64,
    /// … once this many are unpacked.
    pub ratio_from: u64,
    /// Archives in archives.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            bytes: 64 << 30,
            ratio: 500,
            ratio_from: 64 << 20,
            depth: 2,
        }
    }
}

/// Why a file is not unpacked.
enum Refusal {
    Broken(Bilingual, Option<u64>),
    /// Limit, what there is, words.
    Beyond(String, String, Bilingual),
    /// Scratch or the file itself cannot be read: no fault of the file.
    World(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::World(error)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Gzip,
    Zip,
}

/// The files of the job and what is in its archives, in the order of their names.
pub(super) fn expand(job: &SetJob<'_>, between: &mut Between) -> io::Result<Entries> {
    let mut unpacked = Unpacked::new(job.scratch);
    let mut entries = Entries::new();
    let mut waiting: Vec<Entry> = Vec::new();
    for (at, given) in job.given.iter().enumerate() {
        waiting.push(Entry {
            name: given.name.clone(),
            base: base_of(&given.name),
            archives: Vec::new(),
            bytes: given.bytes,
            is_archive: false,
            is_broken: false,
            layout: given.layout.clone(),
            place: Place::Given(at),
            digest: RefCell::default(),
        });
    }
    while let Some(mut entry) = waiting.pop() {
        let mut inside = Vec::new();
        match unpack(job, &entry, &mut unpacked, &mut inside) {
            Ok(is_archive) => {
                entry.is_archive = is_archive;
                waiting.append(&mut inside);
            }
            Err(Refusal::World(error)) => return Err(error),
            Err(Refusal::Broken(what, at)) => {
                entry.is_broken = true;
                archive_broken::check(&entry.name, at, &what, &mut between.set);
            }
            Err(Refusal::Beyond(limit, found, what)) => {
                entry.is_broken = true;
                let numbers = (limit.as_str(), found.as_str());
                archive_beyond_limits::check(&entry.name, numbers, &what, &mut between.set);
            }
        }
        entries.push(entry);
        if entries.len() + waiting.len() > MAX_FILES {
            return Err(io::Error::other(format!("more than {MAX_FILES} files")));
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Unpacks an entry that is an archive; false when it is none.
fn unpack(
    job: &SetJob<'_>,
    entry: &Entry,
    unpacked: &mut Unpacked<'_>,
    out: &mut Vec<Entry>,
) -> Result<bool, Refusal> {
    let mut input = entry.open(job)?;
    let Some(form) = form_of(input.as_mut(), &entry.base)? else {
        return Ok(false);
    };
    let depth = entry.archives.len() + 1;
    if depth > job.limits.depth {
        return Err(Refusal::Beyond(
            job.limits.depth.to_string(),
            depth.to_string(),
            Bilingual::new("入れ子が深すぎます", "archives are nested too deeply"),
        ));
    }
    input.seek(SeekFrom::Start(0))?;
    match form {
        Form::Gzip => gzip(job, entry, input, unpacked, out)?,
        Form::Zip => zip(job, entry, input, unpacked, out)?,
    }
    Ok(true)
}

/// What the first bytes, or the name, say.
fn form_of(input: &mut dyn Bytes, name: &str) -> io::Result<Option<Form>> {
    let mut head = Vec::new();
    input.take(4).read_to_end(&mut head)?;
    let named = |end: &str| {
        let dot = name.len().checked_sub(end.len());
        dot.and_then(|dot| name.get(dot..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    Ok(match head.as_slice() {
        [0x1F, 0x8B, ..] => Some(Form::Gzip),
        [b'P', b'K', 3, 4] | [b'P', b'K', 5, 6] => Some(Form::Zip),
        _ if named(".gz") => Some(Form::Gzip),
        _ if named(".zip") => Some(Form::Zip),
        _ => None,
    })
}

fn inner(entry: &Entry, name: &str) -> Entry {
    let mut archives = entry.archives.clone();
    archives.push(entry.base.clone());
    Entry {
        name: format!("{}!/{name}", entry.name),
        base: base_of(name),
        archives,
        bytes: 0,
        is_archive: false,
        is_broken: false,
        layout: entry.layout.clone(),
        place: entry.place.clone(),
        digest: RefCell::default(),
    }
}

fn gzip(
    job: &SetJob<'_>,
    entry: &Entry,
    input: Box<dyn Bytes + '_>,
    unpacked: &mut Unpacked<'_>,
    out: &mut Vec<Entry>,
) -> Result<(), Refusal> {
    let lower = entry.base.to_ascii_lowercase();
    let name = match lower.strip_suffix(".gz") {
        Some(stem) if !stem.is_empty() => entry.base.get(..stem.len()).unwrap_or(&entry.base),
        _ => &entry.base,
    };
    let mut file = inner(entry, name);
    copy(
        job,
        entry.bytes,
        &mut MultiGzDecoder::new(input),
        unpacked,
        &mut file,
    )?;
    out.push(file);
    Ok(())
}

/// Copies an unpacked stream to scratch. Whatever goes wrong in reading is the archive's fault.
fn copy(
    job: &SetJob<'_>,
    packed: u64,
    input: &mut dyn Read,
    unpacked: &mut Unpacked<'_>,
    file: &mut Entry,
) -> Result<(), Refusal> {
    let start = unpacked.total();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(damage(&error, unpacked.total() - start)),
        };
        unpacked.write(buffer.get(..count).unwrap_or(&[]))?;
        let size = unpacked.total() - start;
        if unpacked.total() > job.limits.bytes {
            return Err(Refusal::Beyond(
                job.limits.bytes.to_string(),
                format!(">{}", job.limits.bytes),
                Bilingual::new("展開後が大きすぎます", "it unpacks to too many bytes"),
            ));
        }
        if size > job.limits.ratio_from && size / packed.max(1) > job.limits.ratio {
            return Err(Refusal::Beyond(
                job.limits.ratio.to_string(),
                format!(">{}", job.limits.ratio),
                Bilingual::new(
                    "圧縮の比が大きすぎます",
                    "it unpacks to too many times its size",
                ),
            ));
        }
    }
    let span = unpacked.since(start)?;
    file.bytes = span.length;
    file.place = Place::Unpacked(span);
    Ok(())
}

/// A stream that cannot be unpacked to its end.
fn damage(error: &io::Error, size: u64) -> Refusal {
    let (ja, en) = match error.kind() {
        io::ErrorKind::UnexpectedEof => ("途中で終わっています", "it ends early"),
        io::ErrorKind::InvalidInput => (
            "圧縮の形式またはCRCが正しくありません",
            "its format or its CRC is wrong",
        ),
        _ => (
            "圧縮されたデータが正しくありません",
            "its packed data are wrong",
        ),
    };
    let what = Bilingual::new(
        format!("{ja}（展開できたのは{size}バイトまで）"),
        format!("{en} ({size} bytes could be unpacked)"),
    );
    Refusal::Broken(what, None)
}

fn zip(
    job: &SetJob<'_>,
    entry: &Entry,
    mut input: Box<dyn Bytes + '_>,
    unpacked: &mut Unpacked<'_>,
    out: &mut Vec<Entry>,
) -> Result<(), Refusal> {
    let too_many = |count: String| {
        Refusal::Beyond(
            job.limits.entries.to_string(),
            count,
            Bilingual::new("中のファイルが多すぎます", "it holds too many files"),
        )
    };
    // The directory is not loaded before its size is known.
    let stated = stated_count(input.as_mut(), entry.bytes)?;
    if let Some(count) = stated.filter(|count| *count > job.limits.entries) {
        return Err(too_many(count.to_string()));
    }
    input.seek(SeekFrom::Start(0))?;
    let mut archive = ZipArchive::new(input).map_err(of_zip)?;
    if archive.len() > job.limits.entries {
        return Err(too_many(archive.len().to_string()));
    }
    if stated.is_some_and(|count| count != archive.len()) {
        // The library keeps one of several files with one name.
        let what = Bilingual::new(
            "同じ名前のファイルが2つあるか、ファイルの数が目録と違います",
            "it holds two files of one name, or another number of files than its directory states",
        );
        return Err(Refusal::Broken(what, None));
    }
    let mut seen = BTreeSet::new();
    for index in 0..archive.len() {
        let mut packed = archive.by_index(index).map_err(of_zip)?;
        let is_utf8 = packed.flags().as_u16() & UTF8_NAME != 0;
        let name = safe_name(packed.name_raw(), is_utf8)?;
        if packed.is_symlink() {
            let what = Bilingual::new(
                format!("記号リンクがあります: {name}"),
                format!("it holds a symbolic link: {name}"),
            );
            return Err(Refusal::Broken(what, None));
        }
        if name.ends_with('/') {
            continue;
        }
        if !seen.insert(name.clone()) {
            let what = Bilingual::new(
                format!("同じ名前のファイルが2つあります: {name}"),
                format!("it holds two files named {name}"),
            );
            return Err(Refusal::Broken(what, None));
        }
        let mut file = inner(entry, &name);
        // The size that the directory states is a claim; the packed size bounds the ratio.
        let size = packed.compressed_size();
        copy(job, size, &mut packed, unpacked, &mut file)?;
        out.push(file);
    }
    Ok(())
}

/// General purpose bit 11: name and comment are UTF-8 (APPNOTE 4.4.4).
const UTF8_NAME: u16 = 1 << 11;

/// Number of files that the end of the central directory states (APPNOTE 4.3.16); `None` when there is no such record.
fn stated_count(input: &mut dyn Bytes, length: u64) -> io::Result<Option<usize>> {
    const MOST: u64 = 22 + 0xFFFF;
    input.seek(SeekFrom::Start(length.saturating_sub(MOST)))?;
    let mut tail = Vec::new();
    input.take(MOST).read_to_end(&mut tail)?;
    let found = memchr::memmem::rfind(&tail, b"PK\x05\x06");
    let count = found.and_then(|at| tail.get(at + 10..at + 12));
    // 0xFFFF stands for "see the 64-bit record": more than any limit we keep.
    Ok(count
        .and_then(|bytes| bytes.try_into().ok())
        .map(|bytes| usize::from(u16::from_le_bytes(bytes))))
}

fn of_zip(error: ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(what) => Refusal::Beyond(
            "stored | deflate".to_owned(),
            what.to_string(),
            Bilingual::new(
                "この版では展開できない方式です（暗号化など）",
                "its method cannot be unpacked by this version (encryption, for one)",
            ),
        ),
        ZipError::Io(error) => damage(&error, 0),
        _ => Refusal::Broken(
            Bilingual::new("ZIPの構造が正しくありません", "its ZIP structure is wrong"),
            None,
        ),
    }
}

/// A name that can be used: readable as declared, and inside the folder.
fn safe_name(raw: &[u8], is_utf8: bool) -> Result<String, Refusal> {
    let (encoding, named) = if is_utf8 {
        (Encoding::Utf8, "UTF-8")
    } else {
        (Encoding::Cp932, "CP932")
    };
    let refused = |ja: &str, en: &str| {
        let shown: String = raw.escape_ascii().take(120).map(char::from).collect();
        Refusal::Broken(
            Bilingual::new(format!("{ja}: {shown}"), format!("{en}: {shown}")),
            None,
        )
    };
    let Ok(name) = decode(raw, encoding, Dialect::Ms) else {
        return Err(refused(
            &format!("中のファイル名が{named}として読めません"),
            &format!("a name in it is not {named}"),
        ));
    };
    let name = name.replace('\\', "/");
    let mut steps = name.strip_suffix('/').unwrap_or(&name).split('/');
    let drive = name.as_bytes().get(1) == Some(&b':');
    if drive || steps.any(|step| matches!(step, "" | "." | "..")) {
        return Err(refused(
            "中のファイル名がフォルダの外を指します",
            "a name in it leads out of the folder",
        ));
    }
    if name.chars().any(char::is_control) {
        return Err(refused(
            "中のファイル名に制御文字があります",
            "a name in it holds control characters",
        ));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_declared() {
        let name = |raw: &[u8], utf8| safe_name(raw, utf8).ok();
        assert_eq!(
            name("宛名.csv".as_bytes(), true).as_deref(),
            Some("宛名.csv")
        );
        assert_eq!(
            name(b"\x88\xB6\x96\xBC.csv", false).as_deref(),
            Some("宛名.csv")
        );
        assert_eq!(name(b"\x88\xB6\x96\xBC.csv", true), None);
        // 0x5C is a trail byte here, no separator.
        assert_eq!(name(b"\x95\x5C.csv", false).as_deref(), Some("表.csv"));
        assert_eq!(name(b"a\\b.csv", false).as_deref(), Some("a/b.csv"));
    }

    #[test]
    fn names_stay_inside() {
        for bad in [
            "../a.csv",
            "/etc/passwd",
            "a/../../b",
            "C:/a.csv",
            "..\\a",
            "a//b",
            "a\nb",
            ".",
        ] {
            assert!(safe_name(bad.as_bytes(), true).is_err(), "{bad}");
        }
        assert!(safe_name(b"a/b.csv", true).is_ok() && safe_name(b"a/", true).is_ok());
    }
}
