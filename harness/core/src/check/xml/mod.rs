//! XML: messages against their schemas.

mod doctype_or_entity;
mod encoding_not_as_agreed;
mod message_not_judged_to_the_end;
mod not_the_agreed_message;
mod not_well_formed;
mod schema_violated;
mod soap_fault_instead_of_message;

use super::rule::Rule;
use super::sink::{Hit, Policy, Sink};
use crate::mask::Mask;
use crate::model::{Cause, CauseKind, Location};
use crate::observe::XmlView;
use crate::spec::XmlMessage;
use crate::spec::xml::Stop;

/// Rules of the area, in the order of codes.
pub(super) const RULES: &[&Rule] = &[
    &not_well_formed::RULE,
    &schema_violated::RULE,
    &encoding_not_as_agreed::RULE,
    &doctype_or_entity::RULE,
    &not_the_agreed_message::RULE,
    &soap_fault_instead_of_message::RULE,
    &message_not_judged_to_the_end::RULE,
];

/// Whose message it is and where it came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// What all places begin with: the file, or the exchange.
    pub at: Location,
    /// The side that wrote it.
    pub side: CauseKind,
    /// How values are shown.
    pub mask: Mask,
}

/// Levels that a message sets.
pub fn policy(message: &XmlMessage) -> Policy {
    Policy {
        levels: message.levels.clone(),
    }
}

/// Judges a message. What explains what is decided here: text that is no XML has no schema; another message than the
/// agreed one is not held against the agreed one's schema.
pub fn examine(view: &XmlView<'_>, origin: &Origin, out: &mut Sink) {
    encoding_not_as_agreed::check(view, origin, out);
    let Some(read) = &view.read else {
        not_well_formed::tell_bytes(view, origin, out);
        return;
    };
    match &read.stop {
        Some(Stop::Doctype { .. } | Stop::NotWellFormed { entity: true, .. }) => {
            doctype_or_entity::check(view, read, origin, out);
            return;
        }
        Some(Stop::NotWellFormed { .. }) => {
            not_well_formed::check(view, read, origin, out);
            return;
        }
        _ => {}
    }
    let another = soap_fault_instead_of_message::check(view, read, origin, out)
        || not_the_agreed_message::check(view, read, origin, out);
    if !another {
        schema_violated::check(view, read, origin, out);
    }
    message_not_judged_to_the_end::check(view, read, origin, out);
}

/// A hit on the side that wrote the message.
fn hit(rule: &'static Rule, origin: &Origin, at: Location) -> Hit {
    let head = &rule.page().head;
    Hit::new(rule, at).cause(Cause {
        kind: if head.cause == CauseKind::Sender {
            origin.side
        } else {
            head.cause
        },
        confidence: head.confidence,
        proof: head.proof.clone(),
    })
}
