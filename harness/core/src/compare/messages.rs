//! XML messages against each other: how they are written, and whether their schemas are the same text. What a change inside
//! of a schema does is for people to see; it is told, never passed over.

use super::breaks::Flow;
use super::change::{Change, Delta, Kind, Notes};
use crate::spec::XmlMessage;
use crate::spec::hex;
use sha2::{Digest, Sha256};

/// Compares messages of one id; `old` and `new` come in the order of ids.
pub(super) fn messages(
    old: &[(&String, &XmlMessage)],
    new: &[(&String, &XmlMessage)],
    changes: &mut Vec<Change>,
) {
    for (id, message) in old {
        match new.iter().find(|(other, _)| other == id) {
            Some((_, other)) => pair(message, other, changes),
            None => alone(message, Delta::Removed, changes),
        }
    }
    for (_, message) in new
        .iter()
        .filter(|(id, _)| old.iter().all(|(o, _)| o != id))
    {
        alone(message, Delta::Added, changes);
    }
}

fn alone(message: &XmlMessage, delta: Delta, changes: &mut Vec<Change>) {
    let id = Some(message.id.clone());
    let values = match delta {
        Delta::Removed => (id, None),
        _ => (None, id),
    };
    let mut notes = Notes {
        within: "",
        flow: Flow::File,
        changes,
    };
    notes.note(
        Kind::Layout,
        delta,
        (&message.id, &message.title.ja),
        values,
    );
}

fn pair(old: &XmlMessage, new: &XmlMessage, changes: &mut Vec<Change>) {
    let mut notes = Notes {
        within: &new.id,
        flow: Flow::NamedFile,
        changes,
    };
    for ((key, a), (_, b)) in old.settings().into_iter().zip(new.settings()) {
        if a != b {
            notes.note(Kind::Setting, Delta::Other, (key, ""), (Some(a), Some(b)));
        }
    }
    super::layouts::levels(&old.levels, &new.levels, &mut notes);
    let names = old.schema.files.keys().chain(new.schema.files.keys());
    let names: std::collections::BTreeSet<&String> = names.collect();
    for name in names {
        let digest = |message: &XmlMessage| {
            let text = message.schema.files.get(name)?;
            let digest = hex(&Sha256::digest(text.as_bytes()));
            Some(format!("SHA-256 {}", digest.get(..12).unwrap_or_default()))
        };
        let values = (digest(old), digest(new));
        if values.0 != values.1 {
            notes.note(Kind::Format, Delta::Other, (name, ""), values);
        }
    }
}
