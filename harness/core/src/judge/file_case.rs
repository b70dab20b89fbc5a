//! Judges a file exchange: the file against its layout and the agreement, then what the receiver says of it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::Value;

use super::{CaseHistory, Evidence, Judge, Judged, seen};
use crate::check::{Policy, Sink, fil, net, rec};
use crate::model::Finding;
use crate::observe::{Receipt, ReceiptFault, SentFile};
use crate::plan::{Case, FileCase};
use crate::record::{Blob, FileTransfer, Input, Transfer};
use crate::scan::{self, FileFacts, Job, Options};

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
            let receipt = judge_receipt(judge.evidence, file, history, &sent, &mut sink)?;
            look_at(
                judge,
                case,
                file,
                (transfer, content),
                (&facts, receipt.as_ref()),
                &mut judged,
            )?;
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

/// Notes what the file showed of the agreement.
fn look_at(
    judge: &Judge<'_>,
    case: &Case,
    file: &FileCase,
    (transfer, content): (&FileTransfer, &Blob),
    (facts, receipt): (&FileFacts, Option<&Receipt>),
    judged: &mut Judged,
) -> io::Result<()> {
    let Some((_, layout)) = judge.setup.layout(&file.layout) else {
        return Ok(());
    };
    let settings = judge.setup.file_settings(case, layout);
    let head = judge.evidence.bytes(content, seen::BOUND)?;
    let arrived = seen::Arrived {
        name: &transfer.name,
        head: &head,
        layout,
        settings: &settings,
        facts,
        findings: &judged.findings,
        receipt,
    };
    judged.observed = seen::of_file(judge.setup, case, arrived);
    let packed = |s: &seen::Seen| s.setting == "transfer.compression" && s.deviates;
    if judged.observed.iter().any(packed) {
        // Compressed bytes read as text break every other rule; the one fact is that they are compressed.
        judged.findings.clear();
    }
    Ok(())
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
