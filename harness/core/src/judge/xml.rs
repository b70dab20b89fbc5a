//! XML messages by themselves: what `renkei check` asks for.

use sha2::{Digest, Sha256};

use super::document::{CheckedFile, document_of_check};
use super::fold;
use crate::check::Sink;
use crate::check::xml::{Origin, examine, policy};
use crate::mask::Mask;
use crate::model::{CauseKind, Finding, Location};
use crate::observe::XmlView;
use crate::record::ResultDocument;
use crate::spec::{XmlMessage, hex};

/// Findings about the bytes of a message in a file called `name`, and the SHA-256 of the bytes.
pub fn check_message(
    message: &XmlMessage,
    bytes: &[u8],
    name: &str,
    mask: Mask,
) -> (Vec<Finding>, String) {
    let mut sink = Sink::new(policy(message));
    let origin = Origin {
        at: Location::file(name),
        side: CauseKind::Sender,
        mask,
    };
    examine(&XmlView::read(message, bytes, None), &origin, &mut sink);
    (sink.into_findings(), hex(&Sha256::digest(bytes)))
}

/// The result document of several messages that were checked by themselves, one case each; nothing when there is none.
pub fn document_of_messages(files: Vec<(CheckedFile, Vec<Finding>)>) -> Option<ResultDocument> {
    let mut document: Option<ResultDocument> = None;
    for (at, (file, findings)) in files.into_iter().enumerate() {
        // The second message is the second one tomorrow, too, whatever its name.
        let linkage = match at {
            0 => file.spec.clone(),
            at => format!("{}#{}", file.spec, at + 1),
        };
        let several = at > 0;
        let mut next = document_of_check(file, findings);
        let id = format!("C-{:03}", at + 1);
        for finding in &mut next.findings {
            finding.case.clone_from(&id);
            if several {
                finding.fingerprint = apart(&finding.fingerprint, &linkage);
            }
        }
        for input in &mut next.inputs {
            input.case.clone_from(&id);
        }
        for case in &mut next.cases {
            case.id.clone_from(&id);
        }
        match &mut document {
            None => document = Some(next),
            Some(all) => {
                all.inputs.append(&mut next.inputs);
                all.cases.append(&mut next.cases);
                all.findings.append(&mut next.findings);
            }
        }
    }
    document.map(|mut document| {
        fold::finish(&mut document, []);
        document
    })
}

/// A fingerprint of its own for an equal finding of another message.
fn apart(fingerprint: &str, linkage: &str) -> String {
    let digest = Sha256::digest(format!("{fingerprint}\u{1f}{linkage}").as_bytes());
    hex(&digest).chars().take(16).collect()
}
