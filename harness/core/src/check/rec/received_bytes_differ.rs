use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::Location;
use crate::observe::{Receipt, SentFile};

/// REC-001
pub(super) const RULE: Rule = Rule {
    code: "REC-001",
    name: "received-bytes-differ",
    source: include_str!("received_bytes_differ.md"),
};

/// True when the receiver had other bytes.
pub(super) fn check(sent: &SentFile<'_>, receipt: &Receipt, out: &mut Sink) -> bool {
    let same_digest = receipt.sha256.eq_ignore_ascii_case(sent.sha256);
    if same_digest && receipt.bytes == sent.bytes {
        return false;
    }
    let short = |digest: &str| digest.get(..12).unwrap_or(digest).to_owned();
    out.push(
        Hit::new(&RULE, Location::file(sent.name))
            .expected(format!(
                "{} bytes, SHA-256 {}",
                sent.bytes,
                short(sent.sha256)
            ))
            .observed(format!(
                "{} bytes, SHA-256 {}",
                receipt.bytes,
                short(&receipt.sha256)
            )),
    );
    true
}
