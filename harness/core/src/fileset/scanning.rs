//! Runs the file engine over the data files of a set: each file by itself, split files also as one.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use serde_json::Value;

use super::chain::{self, Chain, HEAD};
use super::entry::Entry;
use super::names::Whole;
use super::roles::Role;
use super::{CheckedMember, Outcome, SetJob, SetLayout, policy_of, references};
use crate::check::Sink;
use crate::model::{Finding, Location};
use crate::scan::{self, Collect, FileFacts, Job, Options};
use crate::spec::layout::{FileSettings, Header, Layout};

/// Scans every data file and looks references up.
pub(super) fn scan(
    job: &mut SetJob<'_>,
    entries: &[Entry],
    roles: &[Role],
    whole: &Whole,
    outcome: &mut Outcome,
) -> io::Result<Vec<CheckedMember>> {
    let (links, left_out) = references::links(job, roles, whole);
    outcome.references_left_out = left_out;
    let mut files: Vec<CheckedMember> = Vec::new();
    // Where each entry went.
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, (entry, role)) in entries.iter().zip(roles).enumerate() {
        let Role::Data(id, _) = role else {
            continue;
        };
        let Some(of) = job.layouts.get(id) else {
            continue;
        };
        let number = u16::try_from(files.len()).unwrap_or(u16::MAX);
        let settings = &of.settings;
        let wishes = references::wishes(&links, id, number, settings.encoding, settings.dialect);
        (job.watch)(&entry.name);
        let own = own_part(of, at, whole);
        let (layout, settings) = own
            .as_ref()
            .map_or((of.layout, settings), |(layout, settings)| {
                (layout, settings)
            });
        let input = entry.open(job)?;
        let mut sink = Sink::new(scan::policy(layout, settings));
        let name = entry.name.as_str();
        let mut lines = Lines::new(&mut job.occurrences, |line| {
            line.insert("file".to_owned(), Value::from(name));
            true
        });
        let facts = run(Run {
            layout,
            settings,
            name: entry.name_for(layout),
            shape: (job.mask, job.as_of, job.threads, job.scratch),
            code_lists: job.code_lists,
            collect: &wishes,
            lines: lines.writer(),
            input,
            sink: &mut sink,
        });
        let facts = facts.map_err(|error| of_file(&error, name))?;
        (job.watch)(&entry.name);
        entry.digest.replace(facts.sha256.clone());
        let mut findings = sink.into_findings();
        for finding in &mut findings {
            rename(finding, name);
        }
        numbers.insert(at, files.len());
        files.push(CheckedMember {
            name: entry.name.clone(),
            layout: id.clone(),
            base: entry.name_for(of.layout).to_owned(),
            inside: entry.inside(),
            facts,
            findings,
        });
    }
    for (order, complete) in &whole.split {
        if *complete && order.len() > 1 {
            across(job, entries, roles, order, &numbers, &mut files)?;
        }
    }
    references::look_up(job, &links, &mut files)?;
    Ok(files)
}

/// The error with the name of the file that it is about.
fn of_file(error: &io::Error, name: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{name}: {error}"))
}

fn rename(finding: &mut Finding, name: &str) {
    finding.location.file = Some(name.to_owned());
    for place in &mut finding.samples {
        place.file = Some(name.to_owned());
    }
}

/// A layout without what goes across records, which parts of a split file leave to the whole.
fn own_part(of: &SetLayout<'_>, at: usize, whole: &Whole) -> Option<(Layout, FileSettings)> {
    let (order, complete) = whole.split.iter().find(|(order, _)| order.contains(&at))?;
    if order.len() == 1 && *complete {
        return None;
    }
    let rules = &of.layout.set;
    let (mut layout, mut settings) = (of.layout.clone(), of.settings.clone());
    let is_first = order.first() == Some(&at) && *complete;
    if rules.header_in_first && !is_first {
        settings.header = Header::None;
    }
    if rules.records_continue {
        layout.sequence = None;
        layout.totals.clear();
        layout.unique.clear();
    }
    Some((layout, settings))
}

/// Checks the parts of a split file as one, for what goes across their records.
fn across(
    job: &mut SetJob<'_>,
    entries: &[Entry],
    roles: &[Role],
    order: &[usize],
    numbers: &BTreeMap<usize, usize>,
    files: &mut [CheckedMember],
) -> io::Result<()> {
    let Some(Role::Data(id, _)) = order.first().and_then(|at| roles.get(*at)) else {
        return Ok(());
    };
    let Some(of) = job.layouts.get(id) else {
        return Ok(());
    };
    let layout = of.layout;
    let nothing = layout.sequence.is_none() && layout.totals.is_empty() && layout.unique.is_empty();
    if nothing || !layout.set.records_continue {
        return Ok(());
    }
    let mut parts = Vec::new();
    for at in order {
        let member = numbers.get(at).and_then(|number| files.get(*number));
        let (Some(entry), Some(member)) = (entries.get(*at), member) else {
            return Ok(());
        };
        let mut head = Vec::new();
        entry.open(job)?.take(HEAD).read_to_end(&mut head)?;
        parts.push((member.name.as_str(), &member.facts, head));
    }
    let parts = chain::lay_out(&parts, &of.settings);
    let source = job.source;
    let places: Vec<_> = entries.iter().map(|e| e.place.clone()).collect();
    let open = move |at: usize| match places.get(at) {
        Some(super::entry::Place::Given(file)) => source.open(*file),
        Some(super::entry::Place::Unpacked(span)) => {
            Ok(Box::new(span.reader()) as Box<dyn super::Bytes>)
        }
        None => Err(io::Error::other("a part is gone")),
    };
    let chained = Chain::new(
        order.iter().copied().zip(parts.iter().cloned()).collect(),
        &open,
    );
    let mut sink = Sink::new(policy_of(job, id));
    let first = order.first().and_then(|at| entries.get(*at));
    let first = first.map_or("", |e| e.base.as_str());
    let mut lines = Lines::new(&mut job.occurrences, |line| to_part(&parts, line));
    run(Run {
        layout,
        settings: &of.settings,
        name: first,
        shape: (job.mask, job.as_of, job.threads, job.scratch),
        code_lists: job.code_lists,
        collect: &[],
        lines: lines.writer(),
        input: chained,
        sink: &mut sink,
    })?;
    for mut finding in sink.into_findings() {
        if !chain::goes_across(&finding.rule) {
            continue;
        }
        chain::localise_finding(&parts, &mut finding);
        if finding.rule == "XRF-001" {
            finding.explains.push(crate::model::Bilingual::new(
                "最初のレコードの番号は、分割されたファイルを通して数えたものです",
                "the number of the first record counts through all parts of the split file",
            ));
        }
        let member = files
            .iter_mut()
            .find(|f| Some(&f.name) == finding.location.file.as_ref());
        if let Some(member) = member {
            member.findings.push(finding);
        }
    }
    Ok(())
}

/// Turns an occurrence of the chain into one of its part; false for those that the parts told themselves.
fn to_part(parts: &[chain::Part], line: &mut serde_json::Map<String, Value>) -> bool {
    let rule = line.get("rule").and_then(Value::as_str).unwrap_or("");
    if !chain::goes_across(rule) {
        return false;
    }
    let number =
        |line: &serde_json::Map<String, Value>, key: &str| line.get(key).and_then(Value::as_u64);
    let mut place = Location {
        record: number(line, "record"),
        byte_offset: number(line, "byte_offset"),
        ..Location::default()
    };
    chain::localise(parts, &mut place);
    line.insert("file".to_owned(), Value::from(place.file));
    line.insert("record".to_owned(), Value::from(place.record));
    line.insert("byte_offset".to_owned(), Value::from(place.byte_offset));
    true
}

/// One run of the engine.
struct Run<'r, R> {
    layout: &'r Layout,
    settings: &'r FileSettings,
    name: &'r str,
    shape: (
        crate::mask::Mask,
        crate::spec::layout::Date,
        usize,
        &'r dyn scan::Scratch,
    ),
    code_lists: &'r BTreeMap<String, crate::spec::layout::CodeList>,
    collect: &'r [&'r dyn Collect],
    lines: Option<&'r mut (dyn Write + Send)>,
    input: R,
    sink: &'r mut Sink,
}

fn run<R: Read + Send>(run: Run<'_, R>) -> io::Result<FileFacts> {
    let (mask, as_of, threads, scratch) = run.shape;
    let options = Options {
        collect: run.collect,
        ..Options::default()
    };
    let job = Job {
        layout: run.layout,
        settings: run.settings,
        code_lists: run.code_lists,
        file_name: run.name,
        mask,
        as_of,
        threads,
        scratch,
        occurrences: run.lines,
    };
    scan::check_with(job, &options, run.input, run.sink)
}

/// Changes occurrences on their way out, line by line.
type Change<'l> = Box<dyn FnMut(&mut serde_json::Map<String, Value>) -> bool + Send + 'l>;

struct Lines<'l> {
    out: Option<&'l mut (dyn Write + Send)>,
    change: Change<'l>,
    pending: Vec<u8>,
}

impl<'l> Lines<'l> {
    fn new(
        out: &'l mut Option<&mut (dyn Write + Send)>,
        change: impl FnMut(&mut serde_json::Map<String, Value>) -> bool + Send + 'l,
    ) -> Self {
        Self {
            out: out
                .as_mut()
                .map(|out| &mut **out as &mut (dyn Write + Send)),
            change: Box::new(change),
            pending: Vec::new(),
        }
    }

    /// Itself, where occurrences are wanted.
    fn writer(&mut self) -> Option<&mut (dyn Write + Send)> {
        self.out.as_ref()?;
        Some(self)
    }
}

impl Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        while let Some(end) = memchr::memchr(b'\n', &self.pending) {
            let line: Vec<u8> = self.pending.drain(..=end).collect();
            if let (Some(out), Ok(Value::Object(mut line))) =
                (&mut self.out, serde_json::from_slice(&line))
                && (self.change)(&mut line)
            {
                writeln!(out, "{}", Value::Object(line))?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), |out| out.flush())
    }
}
