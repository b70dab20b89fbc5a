use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use renkei_core::plan::StandInRole;
use renkei_core::spec::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Bound;
use super::config::{Ready, ReceiverConfig};
use super::misbehaviour::{Switch, Switches};
use super::records::RecordForm;
use crate::error::RunError;
use crate::stop::Stop;
use crate::store::write_file;

const POLL: Duration = Duration::from_millis(50);

#[derive(Serialize)]
struct Receipt<'a> {
    schema: &'a str,
    file: &'a str,
    sha256: String,
    bytes: usize,
    records: u64,
    accepted: u64,
    rejected: Vec<Rejected>,
}

#[derive(Serialize)]
struct Rejected {
    record: u64,
    reason: &'static str,
}

/// What a file looked like when it was last seen: it is complete when two looks agree.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    bytes: u64,
    changed: Option<SystemTime>,
}

/// Starts a receiver: every complete new file of the inbox is stored and gets a receipt.
///
/// # Errors
/// A misbehaviour is unknown, or a folder cannot be made.
pub fn receive(config: ReceiverConfig, stop: Stop) -> Result<Bound, RunError> {
    let switches = Switches::new(&config.id, StandInRole::Receiver, &config.misbehave)?;
    for folder in [&config.inbox, &config.receipts, &config.store] {
        std::fs::create_dir_all(folder).map_err(|e| RunError::writing(folder, e))?;
    }
    let serving = tokio::spawn(async move {
        let mut seen = BTreeMap::new();
        let mut done = BTreeMap::new();
        while !stop.is_stopped() {
            take_in(&config, &switches, &mut seen, &mut done)?;
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                () = stop.stopped() => {}
            }
        }
        Ok(())
    });
    let ready = Ready {
        ready: true,
        ..Ready::default()
    };
    Ok(Bound { ready, serving })
}

fn take_in(
    config: &ReceiverConfig,
    switches: &Switches,
    seen: &mut BTreeMap<String, Look>,
    done: &mut BTreeMap<String, Look>,
) -> Result<(), RunError> {
    for (name, look) in list(&config.inbox)? {
        let unchanged = seen.insert(name.clone(), look) == Some(look);
        if !unchanged || done.get(&name) == Some(&look) {
            continue;
        }
        let path = config.inbox.join(&name);
        // Gone again between two looks: somebody else took it.
        let Ok(content) = std::fs::read(&path) else {
            continue;
        };
        accept(config, switches, &name, content)?;
        done.insert(name, look);
    }
    Ok(())
}

fn list(inbox: &Path) -> Result<Vec<(String, Look)>, RunError> {
    let failed = |e| RunError::reading(inbox, e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(inbox).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (Ok(name), Ok(meta)) = (entry.file_name().into_string(), entry.metadata()) else {
            continue;
        };
        if meta.is_file() && !name.ends_with(".part") {
            let look = Look {
                bytes: meta.len(),
                changed: meta.modified().ok(),
            };
            found.push((name, look));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

fn accept(
    config: &ReceiverConfig,
    switches: &Switches,
    name: &str,
    mut content: Vec<u8>,
) -> Result<(), RunError> {
    if switches.on(Switch::StoreOtherBytes) {
        change_one_byte(&mut content);
    }
    write_file(&config.store.join(name), &content)?;
    if switches.on(Switch::NoReceipt) {
        return Ok(());
    }
    let mut text = receipt(config, switches, name, &content)?;
    if switches.on(Switch::ReceiptUnreadable) {
        text.truncate(text.len() / 2);
    }
    write_file(&config.receipts.join(format!("{name}.receipt.json")), &text)
}

fn receipt(
    config: &ReceiverConfig,
    switches: &Switches,
    name: &str,
    content: &[u8],
) -> Result<Vec<u8>, RunError> {
    let form = config
        .forms
        .get(name)
        .copied()
        .unwrap_or(RecordForm::Lines {
            header_row: false,
            lead: 0,
        });
    let mut records = form.count(content);
    if switches.on(Switch::WrongCount) {
        records = records.saturating_sub(1);
    }
    let mut rejected = Vec::new();
    if switches.on(Switch::RejectConforming) && records > 0 {
        rejected.push(Rejected {
            record: form.data_record(10).min(records),
            reason: "氏名に使えない文字があります",
        });
    }
    let receipt = Receipt {
        schema: "renkei.receipt/v1",
        file: name,
        sha256: hex(&Sha256::digest(content)),
        bytes: content.len(),
        records,
        accepted: records - rejected.len() as u64,
        rejected,
    };
    serde_json::to_vec_pretty(&receipt)
        .map_err(|e| RunError::writing(&config.receipts.join(name), e.into()))
}

/// The last ASCII digit goes up by one: a change that no parser notices, only a digest.
fn change_one_byte(content: &mut [u8]) {
    if let Some(byte) = content.iter_mut().rev().find(|b| b.is_ascii_digit()) {
        *byte = if *byte == b'9' { b'0' } else { *byte + 1 };
    } else if let Some(byte) = content.first_mut() {
        *byte ^= 1;
    }
}
