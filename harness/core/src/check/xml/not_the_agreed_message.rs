//! XML-005 not-the-agreed-message: see the page.

use super::{Origin, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::mask::{class_letter, wire};
use crate::model::Location;
use crate::observe::XmlView;
use crate::spec::xml::{Envelope, Name, Read};

/// XML-005
pub(super) const RULE: Rule = Rule {
    code: "XML-005",
    name: "not-the-agreed-message",
    source: include_str!("not_the_agreed_message.md"),
};

/// True when the document is another one than the agreed message.
pub(super) fn check(view: &XmlView<'_>, read: &Read, origin: &Origin, out: &mut Sink) -> bool {
    let message = view.message;
    let Some(root) = &read.root else {
        return false; // nothing was read: another rule says why
    };
    let own = (message.namespace.as_str(), message.root.as_str());
    let envelope = (message.envelope.namespace(), "Envelope");
    let (wanted, found) = match message.envelope {
        Envelope::None => (own, Some(root)),
        _ if !is(root, envelope) => (envelope, Some(root)),
        _ => {
            let inside = payload(read);
            if read.stop.is_some() && inside.is_none() {
                return false;
            }
            (own, inside)
        }
    };
    if found.is_some_and(|name| is(name, wanted)) {
        return false;
    }
    let at = found.unwrap_or(root);
    let place = Location {
        xpath: Some(format!("/{}", wire::name(&root.local))),
        ..view.place(&origin.at, at.at)
    };
    out.push(
        hit(&RULE, origin, place)
            .expected(shown(wanted.0, wanted.1))
            .observed(found.map_or("nothing".to_owned(), |n| {
                classes(&shown(&n.namespace, &wire::name(&n.local)))
            })),
    );
    true
}

/// The first element in the body of an envelope.
pub(super) fn payload(read: &Read) -> Option<&Name> {
    let in_body = read.inner.iter().find(|(outer, _)| outer.local == "Body");
    in_body.map(|(_, name)| name)
}

fn is(name: &Name, wanted: (&str, &str)) -> bool {
    name.namespace == wanted.0 && name.local == wanted.1
}

fn shown(namespace: &str, local: &str) -> String {
    let cut = |text: &str| text.chars().take(100).collect::<String>();
    format!("{{{}}}{}", cut(namespace), cut(local))
}

/// Characters beyond ASCII by their classes: a name that somebody made up may be a person's.
fn classes(text: &str) -> String {
    text.chars()
        .map(|c| match c.is_ascii() {
            true => c.to_string(),
            false => class_letter(c),
        })
        .collect()
}
