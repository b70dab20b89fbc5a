//! Judges a file exchange: the file against its layout and the agreement, then what the receiver says of it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::Value;

use super::{CaseHistory, Evidence, Judge, Judged};
use crate::check::{Policy, Sink, fil, net, rec};
use crate::model::Finding;
use crate::observe::{Receipt, ReceiptFault, SentFile};
use crate::plan::{Case, FileCase};
use crate::record::{Blob, FileTransfer, Input, Transfer};
use crate::scan::{self, FileFacts, Job, Options};
use crate::spec::FileSettings;

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
            let mut bad_records = BadRecords::default();
            let (facts, findings) =
                scan_file(judge, case, file, transfer, content, &mut bad_records)?;
            judged.findings = findings;
            judged.inputs.push(Input {
                name: transfer.name.clone(),
                sha256: content.sha256.clone(),
                bytes: content.bytes,
                records: Some(facts.records),
                case: case.id.clone(),
            });
            let sent = SentFile {
                name: &transfer.name,
                sha256: &content.sha256,
                bytes: content.bytes,
                records: facts.records,
                nonconforming_records: &bad_records.records,
            };
            judge_receipt(judge.evidence, file, history, &sent, &mut sink)?;
            judged.observed = settings_of(judge, case, file)
                .map(|s| shown(&facts, &s))
                .unwrap_or_default();
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

fn settings_of(judge: &Judge<'_>, case: &Case, file: &FileCase) -> Option<FileSettings> {
    let (_, layout) = judge.setup.layout(&file.layout)?;
    Some(judge.setup.file_settings(case, layout))
}

fn scan_file(
    judge: &Judge<'_>,
    case: &Case,
    file: &FileCase,
    transfer: &FileTransfer,
    content: &Blob,
    bad_records: &mut BadRecords,
) -> io::Result<(FileFacts, Vec<Finding>)> {
    let Some((pack, layout)) = judge.setup.layout(&file.layout) else {
        return Err(io::Error::other("a layout that the plan named is gone"));
    };
    let settings = judge.setup.file_settings(case, layout);
    let job = Job {
        layout,
        settings: &settings,
        code_lists: &pack.code_lists,
        file_name: &transfer.name,
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
    let input = judge.evidence.open(content)?;
    let mut own = Sink::new(scan::policy(layout, &settings));
    let facts = scan::check_with(job, &options, input, &mut own)?;
    let mut findings = own.into_findings();
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
) -> io::Result<()> {
    if file.receipt.is_empty() {
        return Ok(());
    }
    let content = step(history, "receipt").and_then(|transfer| transfer.content.as_ref());
    let receipt = match content {
        Some(content) => Receipt::read(&evidence.bytes(content, MAX_RECEIPT)?),
        None => Err(ReceiptFault::Missing {
            waited_s: file.wait_s,
        }),
    };
    rec::examine(sent, receipt.as_ref(), sink);
    Ok(())
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

/// What a file showed of its settings. Only what the bytes prove; what they leave open is not claimed.
fn shown(facts: &FileFacts, settings: &FileSettings) -> Vec<(&'static str, String)> {
    let word = |yes: bool, there: &str, absent: &str| {
        if yes {
            there.to_owned()
        } else {
            absent.to_owned()
        }
    };
    let mut shown = vec![
        ("newline", facts.newline().to_owned()),
        ("bom", word(facts.bom.is_some(), "require", "forbid")),
        ("eof_mark", word(facts.eof_mark, "require", "forbid")),
    ];
    if facts.records > 0 && facts.newline() != "none" {
        shown.push((
            "final_newline",
            word(facts.final_newline, "require", "forbid"),
        ));
    }
    if !facts.looks_like.is_empty() {
        shown.push(("encoding", facts.looks_like.join(" | ")));
    } else if facts.non_ascii && facts.illegal_sequences == 0 {
        shown.push(("encoding", settings.encoding.name().to_owned()));
    }
    shown
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
