//! Judges a file exchange: the file against its layout and the agreement, then what the receiver says of it.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};

use serde_json::Value;

use super::seen::Beside;
use super::unpack::{Unpacked, name_inside, unpack};
use super::{CaseHistory, Evidence, Judge, Judged, held, seen};
use crate::check::{Policy, Sink, fil, net, rec};
use crate::model::{Bilingual, Finding};
use crate::observe::{Receipt, ReceiptFault, SentFile};
use crate::plan::{Case, FileCase};
use crate::record::{Blob, FileTransfer, Input, Transfer};
use crate::scan::{self, FileFacts, Job, Options};
use crate::spec::Pack;
use crate::spec::layout::{FileSettings, Layout};

/// Largest receipt that is read, in bytes.
const MAX_RECEIPT: u64 = 16 * 1024 * 1024;

pub(super) fn judge(
    judge: &Judge<'_>,
    case: &Case,
    file: &FileCase,
    history: &CaseHistory,
) -> io::Result<Judged> {
    let mut sink = Sink::new(Policy::default());
    let mut judged = Judged::default();
    for exchange in &history.exchanges {
        match &exchange.transfer {
            // A receipt that never came is a matter of REC-004.
            Transfer::File(transfer) if exchange.step != "receipt" => {
                fil::examine(transfer, &mut sink)
            }
            Transfer::File(_) => {}
            Transfer::Http(_) => {
                net::examine(exchange, &mut sink);
            }
        }
    }
    let fetched = step(history, "fetch").and_then(|file| Some((file, file.content.as_ref()?)));
    match fetched {
        Some((transfer, content)) => {
            let arrived = Arrived::new(judge, case, file, (transfer, content))?;
            content_of(&arrived, file, history, &mut sink, &mut judged)?;
        }
        None if step(history, "fetch").is_some_and(|transfer| transfer.fault.is_some()) => {}
        None => {
            return Err(io::Error::other(
                "the record of the case holds no file and says no reason",
            ));
        }
    }
    judged.log = history
        .exchanges
        .first()
        .map(|exchange| exchange.log.clone());
    judged.findings.extend(sink.into_findings());
    judged.checks = Judge::rules_of(&["ENC", "FIL", "LAY", "VAL", "XRF", "NET", "REC"]);
    Ok(judged)
}

fn step<'h>(history: &'h CaseHistory, name: &str) -> Option<&'h FileTransfer> {
    history
        .exchanges
        .iter()
        .find(|e| e.step == name)
        .and_then(|exchange| match &exchange.transfer {
            Transfer::File(file) => Some(file),
            Transfer::Http(_) => None,
        })
}

/// A file that arrived, with what it is held to.
struct Arrived<'j> {
    judge: &'j Judge<'j>,
    case: &'j Case,
    transfer: &'j FileTransfer,
    content: &'j Blob,
    pack: &'j Pack,
    declared: &'j Layout,
    layout: Layout,
    settings: FileSettings,
    /// Its first bytes as they were transferred.
    packed: Vec<u8>,
    /// What came out of the agreed compression, where there is one.
    unpacked: Option<Unpacked>,
}

impl<'j> Arrived<'j> {
    fn new(
        judge: &'j Judge<'j>,
        case: &'j Case,
        file: &FileCase,
        (transfer, content): (&'j FileTransfer, &'j Blob),
    ) -> io::Result<Self> {
        let Some((pack, declared)) = judge.setup.layout(&file.layout) else {
            return Err(io::Error::other("a layout that the plan named is gone"));
        };
        let packed = judge.evidence.bytes(content, seen::BOUND)?;
        let form = seen::compression_of(&packed);
        let terms = judge.setup.terms(case);
        let agreed = terms.agreed("transfer.compression");
        let unpacked = match form {
            "none" => None,
            form if agreed == Some(form) => Some(unpack(form, judge.evidence.open(content)?)?),
            _ => None,
        };
        Ok(Self {
            judge,
            case,
            transfer,
            content,
            pack,
            declared,
            layout: terms.layout(declared),
            settings: terms.file_settings(declared),
            packed,
            unpacked,
        })
    }

    /// Its name, without the ending of the compression where the layout's names have none.
    fn name(&self) -> &'j str {
        let name = self.transfer.name.as_str();
        let fits = self
            .layout
            .name_pattern
            .as_ref()
            .is_none_or(|p| p.parts(name).is_some());
        if self.unpacked.is_some() && !fits {
            name_inside(name)
        } else {
            name
        }
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        match &self.unpacked {
            Some(Unpacked::Whole(bytes)) => Ok(Box::new(bytes.as_slice())),
            _ => self.judge.evidence.open(self.content),
        }
    }

    fn head(&self) -> &[u8] {
        match &self.unpacked {
            Some(Unpacked::Whole(bytes)) => {
                let bound = usize::try_from(seen::BOUND).unwrap_or(usize::MAX);
                bytes.get(..bound).unwrap_or(bytes)
            }
            _ => &self.packed,
        }
    }
}

/// Judges what arrived and what the receiver says of it.
fn content_of(
    arrived: &Arrived<'_>,
    file: &FileCase,
    history: &CaseHistory,
    sink: &mut Sink,
    judged: &mut Judged,
) -> io::Result<()> {
    let (transfer, content) = (arrived.transfer, arrived.content);
    let mut input = Input {
        name: transfer.name.clone(),
        sha256: content.sha256.clone(),
        bytes: content.bytes,
        records: None,
        case: arrived.case.id.clone(),
    };
    if let Some(Unpacked::Broken(what)) = &arrived.unpacked {
        fil::archive_broken::check(&transfer.name, None, what, sink);
        judged.inputs.push(input);
        return Ok(());
    }
    let mut bad_records = BadRecords::default();
    let (facts, findings) = scan_file(arrived, file, &mut bad_records)?;
    judged.findings = findings;
    input.records = Some(facts.records);
    judged.inputs.push(input);
    let sent = SentFile {
        name: &transfer.name,
        sha256: &content.sha256,
        bytes: content.bytes,
        records: facts.records,
        nonconforming_records: &bad_records.records,
    };
    let receipt = judge_receipt(arrived.judge.evidence, file, history, &sent, sink)?;
    let beside = beside(arrived, sink)?;
    look_at(arrived, &facts, receipt.as_ref(), beside.as_deref(), judged);
    Ok(())
}

/// What lay beside the file; `None` where nobody looked. A digest that is not the file's is told.
fn beside(arrived: &Arrived<'_>, sink: &mut Sink) -> io::Result<Option<Vec<Beside>>> {
    let Some(files) = &arrived.transfer.beside else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for file in files {
        let head = match &file.content {
            Some(content) => arrived.judge.evidence.bytes(content, MAX_DIGEST)?,
            None => Vec::new(),
        };
        let beside = Beside::of(&file.name, file.bytes, &head);
        if let Some(stated) = beside
            .sha256
            .as_ref()
            .filter(|s| **s != arrived.content.sha256)
        {
            let what = Bilingual::new(
                "添えられたハッシュ値がファイルのものではありません",
                "the digest beside the file is not the file's",
            );
            let digests = (arrived.content.sha256.as_str(), stated.as_str());
            fil::digest_file_mismatch::check(&beside.name, digests, &what, sink);
        }
        found.push(beside);
    }
    Ok(Some(found))
}

/// Bytes of a file beside the data file that are looked at.
const MAX_DIGEST: u64 = 64 * 1024;

/// Notes what the file showed of the agreement.
fn look_at(
    arrived: &Arrived<'_>,
    facts: &FileFacts,
    receipt: Option<&Receipt>,
    beside: Option<&[Beside]>,
    judged: &mut Judged,
) {
    let file = seen::Arrived {
        name: &arrived.transfer.name,
        packed: &arrived.packed,
        head: arrived.head(),
        layout: &arrived.layout,
        declared: arrived.declared,
        settings: &arrived.settings,
        facts,
        findings: &judged.findings,
        receipt,
        beside,
        changed: arrived.transfer.changed.as_deref(),
    };
    let terms = arrived.judge.setup.terms(arrived.case);
    judged.observed = seen::of_file(terms, file);
    held::compressed(&judged.observed, &arrived.packed, &mut judged.findings);
    held::cut_otherwise(&judged.observed, &mut judged.findings);
}

fn scan_file(
    arrived: &Arrived<'_>,
    file: &FileCase,
    bad_records: &mut BadRecords,
) -> io::Result<(FileFacts, Vec<Finding>)> {
    let (judge, pack) = (arrived.judge, arrived.pack);
    let job = Job {
        layout: &arrived.layout,
        settings: &arrived.settings,
        code_lists: &pack.code_lists,
        file_name: arrived.name(),
        mask: judge.mask,
        as_of: judge.as_of,
        threads: judge.threads,
        scratch: judge.scratch,
        occurrences: Some(bad_records),
    };
    // The digest is known since the file was captured.
    let options = Options {
        digest: false,
        repertoires: &pack.lists,
        ..Options::default()
    };
    let mut own = Sink::new(scan::policy(&arrived.layout, &arrived.settings));
    let facts = scan::check_with(job, &options, arrived.open()?, &mut own)?;
    let mut findings = own.into_findings();
    let terms = judge.setup.terms(arrived.case);
    held::as_agreed(terms, &arrived.layout, &facts, &mut findings);
    let id = file.layout.split_once('/').map_or("", |(_, id)| id);
    pack.name_requirements(id, &mut findings);
    Ok((facts, findings))
}

fn judge_receipt(
    evidence: &dyn Evidence,
    file: &FileCase,
    history: &CaseHistory,
    sent: &SentFile<'_>,
    sink: &mut Sink,
) -> io::Result<Option<Receipt>> {
    if file.receipt.is_empty() {
        return Ok(None);
    }
    let content = step(history, "receipt").and_then(|transfer| transfer.content.as_ref());
    let receipt = match content {
        Some(content) => Receipt::read(&evidence.bytes(content, MAX_RECEIPT)?),
        None => Err(ReceiptFault::Missing {
            waited_s: file.wait_s,
        }),
    };
    rec::examine(sent, receipt.as_ref(), sink);
    Ok(receipt.ok())
}

/// Collects the records that have an occurrence, from the engine's stream of occurrences.
#[derive(Default)]
pub(super) struct BadRecords {
    records: BTreeSet<u64>,
    /// The beginning of a line: a line may come in pieces.
    pending: Vec<u8>,
}

impl Write for BadRecords {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        while let Some(end) = memchr::memchr(b'\n', &self.pending) {
            let line: Vec<u8> = self.pending.drain(..=end).collect();
            let line: Value = serde_json::from_slice(&line).unwrap_or_default();
            self.records
                .extend(line.get("record").and_then(Value::as_u64));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the engine writes them: with a rule beside the place, and in pieces.
    #[test]
    fn records_with_an_occurrence_are_known() {
        let mut bad = BadRecords::default();
        for record in [3u64, 7, 3] {
            let line = serde_json::json!({"rule": "VAL-001", "record": record, "field": null, "byte_offset": 1, "byte_length": 0});
            writeln!(bad, "{line}").expect("in memory");
        }
        writeln!(
            bad,
            "{}",
            serde_json::json!({"rule": "FIL-001", "record": null})
        )
        .expect("in memory");
        assert_eq!(bad.records, BTreeSet::from([3, 7]));
    }
}
