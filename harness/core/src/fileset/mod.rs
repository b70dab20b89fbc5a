//! Several files as one delivery: which file is what, what is missing or there twice, what archives hold, and the keys that
//! go from file to file. What is inside one file is the file engine's business.
//!
//! This room opens nothing: whoever calls hands in a [`Source`].

mod archive;
mod chain;
mod companions;
mod digest;
mod entry;
pub mod examples;
mod names;
mod references;
mod roles;
mod scanning;
mod unpacked;

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};

use crate::check::{Policy, Sink};
use crate::mask::Mask;
use crate::model::Finding;
use crate::scan::{FileFacts, Scratch, policy};
use crate::spec::layout::{CodeList, Date, FileSettings, Layout};

pub use archive::Limits;
use entry::Entry;
use roles::Role;
use unpacked::Span;

/// Bytes that can be read and sought.
pub trait Bytes: Read + Seek + Send {}

impl<T: Read + Seek + Send> Bytes for T {}

/// Where the files of a set come from.
pub trait Source: Sync {
    /// Opens a file by its number in [`SetJob::given`].
    ///
    /// # Errors
    /// It cannot be read.
    fn open(&self, file: usize) -> io::Result<Box<dyn Bytes + '_>>;
}

/// A file as it was handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Path as people know it, with `/` between folders.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Id of its layout, where somebody said so; else the name decides.
    pub layout: Option<String>,
}

/// A layout with the settings that hold.
#[derive(Clone, Debug)]
pub struct SetLayout<'a> {
    /// The layout.
    pub layout: &'a Layout,
    /// Its settings.
    pub settings: FileSettings,
}

/// What to check, and how.
pub struct SetJob<'a> {
    /// The files, at most [`MAX_FILES`].
    pub given: &'a [Given],
    /// How to open them.
    pub source: &'a dyn Source,
    /// Layouts by id.
    pub layouts: &'a BTreeMap<String, SetLayout<'a>>,
    /// Layout of every file whose name says nothing else and that nobody assigned; `None`: such files are told.
    pub layout_of_all: Option<&'a str>,
    /// A single file: what it should come with is not asked for.
    pub alone: bool,
    /// Code lists by id.
    pub code_lists: &'a BTreeMap<String, CodeList>,
    /// Who sees values.
    pub mask: Mask,
    /// Day for which codes must be valid.
    pub as_of: Date,
    /// Worker threads.
    pub threads: usize,
    /// Room beyond memory: keys, unpacked files.
    pub scratch: &'a dyn Scratch,
    /// What archives may hold.
    pub limits: Limits,
    /// Every occurrence as a JSON line, as in [`crate::scan::Job`], with the `file` it is in.
    pub occurrences: Option<&'a mut (dyn Write + Send)>,
    /// Told the name of each data file before and after it is scanned.
    pub watch: &'a mut dyn FnMut(&str),
}

/// Most files of a set, those in archives included.
pub const MAX_FILES: usize = 50_000;

/// A data file that was checked.
#[derive(Clone, Debug)]
pub struct CheckedMember {
    /// Name; `archive!/name` for a file in an archive.
    pub name: String,
    /// Id of its layout.
    pub layout: String,
    /// What was observed.
    pub facts: FileFacts,
    /// Findings about the file and what it refers to.
    pub findings: Vec<Finding>,
    /// Name without folder that its layout's names are compared with: of a file in an archive its own, or the archive's
    /// where that alone follows them.
    pub base: String,
    /// Where its bytes are, if it came out of an archive.
    inside: Option<Span>,
}

impl CheckedMember {
    /// Its first bytes, where it came out of an archive; `None`: it was handed in as it is.
    ///
    /// # Errors
    /// Scratch cannot be read.
    pub fn unpacked_head(&self, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(span) = &self.inside else {
            return Ok(None);
        };
        let mut head = Vec::new();
        span.reader().take(most).read_to_end(&mut head)?;
        Ok(Some(head))
    }
}

/// A file that holds no data: companion, archive, unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherFile {
    /// Name.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// What the check of a set gave.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Data files in the order of their names.
    pub files: Vec<CheckedMember>,
    /// The other files.
    pub others: Vec<OtherFile>,
    /// Findings about the set as a whole.
    pub between: Vec<Finding>,
    /// References that nothing was asked about, because one file was given alone: `layout.field → layout`.
    pub references_left_out: Vec<String>,
}

/// Checks a set of files.
///
/// # Errors
/// Files or scratch cannot be read; a layout cannot be compiled; an encoding is not supported. Faults of the files are findings.
pub fn check(mut job: SetJob<'_>) -> io::Result<Outcome> {
    let mut between = Between::new(job.layouts);
    let entries = archive::expand(&job, &mut between)?;
    let roles = roles::of(&job, &entries, &mut between);
    let mut outcome = Outcome::default();
    let whole = names::examine(&job, &entries, &roles, &mut between);
    if !job.alone {
        companions::examine(&job, &entries, &roles, &mut between);
    }
    let mut files = scanning::scan(&mut job, &entries, &roles, &whole, &mut outcome)?;
    digest::examine(&job, &entries, &roles, &files, &mut between)?;
    for (entry, role) in entries.iter().zip(&roles) {
        if !matches!(role, Role::Data(..)) {
            outcome.others.push(OtherFile {
                name: entry.name.clone(),
                bytes: entry.bytes,
                sha256: entry.sha256(&job)?,
            });
        }
    }
    for file in &mut files {
        file.findings.extend(between.take_of(&file.name));
    }
    outcome.files = files;
    outcome.between = between.into_findings();
    Ok(outcome)
}

/// Findings between files: those of each layout under its levels.
struct Between {
    layouts: BTreeMap<String, Sink>,
    set: Sink,
    /// Findings by the data file that they belong to.
    of_files: Vec<(String, Finding)>,
}

impl Between {
    fn new(layouts: &BTreeMap<String, SetLayout<'_>>) -> Self {
        let sinks = layouts
            .iter()
            .map(|(id, of)| (id.clone(), Sink::new(policy(of.layout, &of.settings))));
        Self {
            layouts: sinks.collect(),
            set: Sink::new(Policy::default()),
            of_files: Vec::new(),
        }
    }

    /// Where findings of a layout go; those of no layout stand by themselves.
    fn sink(&mut self, layout: &str) -> &mut Sink {
        match self.layouts.get_mut(layout) {
            Some(sink) => sink,
            None => &mut self.set,
        }
    }

    /// A finding that belongs to a data file.
    fn of_file(&mut self, file: &str, policy: Policy, tell: impl FnOnce(&mut Sink)) {
        let mut sink = Sink::new(policy);
        tell(&mut sink);
        let findings = sink.into_findings();
        self.of_files
            .extend(findings.into_iter().map(|f| (file.to_owned(), f)));
    }

    fn take_of(&mut self, file: &str) -> Vec<Finding> {
        let all = std::mem::take(&mut self.of_files);
        let (own, rest) = all.into_iter().partition(|(of, _)| of == file);
        self.of_files = rest;
        let own: Vec<(String, Finding)> = own;
        own.into_iter().map(|(_, finding)| finding).collect()
    }

    fn into_findings(self) -> Vec<Finding> {
        let mut all = self.set.into_findings();
        for sink in self.layouts.into_values() {
            all.extend(sink.into_findings());
        }
        all.extend(self.of_files.into_iter().map(|(_, finding)| finding));
        all
    }
}

/// The levels of a layout of the job.
fn policy_of(job: &SetJob<'_>, layout: &str) -> Policy {
    job.layouts
        .get(layout)
        .map_or_else(Policy::default, |of| policy(of.layout, &of.settings))
}

/// The files of a set, once archives are unpacked.
type Entries = Vec<Entry>;

#[cfg(test)]
mod tests;
