//! Examples that are receipts; the file that was sent is in the attributes.

use std::collections::BTreeSet;

use crate::check::{Example, Sink, rec};
use crate::observe::{Receipt, ReceiptFault, SentFile};

/// Judges the example as the receipt for a file with SHA-256 `aa…`.
pub(super) fn examine(example: &Example, out: &mut Sink) -> Result<(), String> {
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|_| format!("no number: {text}"))
    };
    let of = |key: &str| number(example.attribute(key).unwrap_or("0"));
    let listed = example.attribute("nonconforming").unwrap_or("");
    let nonconforming: BTreeSet<u64> = listed
        .split(',')
        .filter(|n| !n.is_empty())
        .map(number)
        .collect::<Result<_, _>>()?;
    let digest = "a".repeat(64);
    let sent = SentFile {
        name: example.attribute("name").unwrap_or("f.csv"),
        sha256: &digest,
        bytes: of("bytes")?,
        records: of("records")?,
        nonconforming_records: &nonconforming,
    };
    let receipt = match example.attribute("missing") {
        Some(waited) => Err(ReceiptFault::Missing {
            waited_s: number(waited)?,
        }),
        None => Receipt::read(example.text.as_bytes()),
    };
    rec::examine(&sent, receipt.as_ref(), out);
    Ok(())
}
