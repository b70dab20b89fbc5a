//! XML-003 encoding-not-as-agreed: see the page.

use super::{Origin, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::encoding::Encoding;
use crate::observe::XmlView;
use crate::spec::layout::Presence;
use crate::spec::xml::stands_for;

/// XML-003
pub(super) const RULE: Rule = Rule {
    code: "XML-003",
    name: "encoding-not-as-agreed",
    source: include_str!("encoding_not_as_agreed.md"),
};

/// Longest label shown, in characters.
const SHOWN: usize = 40;

pub(super) fn check(view: &XmlView<'_>, origin: &Origin, out: &mut Sink) {
    if view.writing.read_as.is_none() {
        return; // no text: XML-001 says so
    }
    let differing = differing(view);
    if differing.is_empty() {
        return;
    }
    let parts: Vec<&str> = differing.iter().map(|(part, _)| *part).collect();
    let told: Vec<String> = differing.iter().map(|(_, told)| told.clone()).collect();
    out.push(
        hit(&RULE, origin, view.place(&origin.at, 0))
            .expected(view.message.encoding.name())
            .observed(told.join("; "))
            .key(parts.join(" ")),
    );
}

/// What is not as agreed, each with what was found.
fn differing(view: &XmlView<'_>) -> Vec<(&'static str, String)> {
    let (message, writing) = (view.message, &view.writing);
    let agreed = message.encoding;
    // An empty or broken text has no declaration, either: XML-001 says what it lacks.
    let there = view.read.as_ref().is_some_and(|read| read.root.is_some());
    let mut found = Vec::new();
    if let Some(read_as) = writing.read_as.filter(|e| *e != agreed) {
        found.push(("bytes", format!("bytes {read_as}")));
    }
    match &writing.label {
        Some(label) if !stands_for(label, agreed) => {
            found.push(("declaration", format!("declaration {}", shown(label))));
        }
        // XML 1.0 §4.3.3: without a declaration a document is in UTF-8, or in UTF-16 with its mark.
        None if !matches!(
            agreed,
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be
        ) =>
        {
            found.push(("declaration", "no encoding declared".to_owned()));
        }
        None if !writing.declared && there && message.declaration == Presence::Require => {
            found.push(("declaration", "no XML declaration".to_owned()));
        }
        _ if writing.declared && message.declaration == Presence::Forbid => {
            found.push(("declaration", "XML declaration".to_owned()));
        }
        _ => {}
    }
    if let Some(charset) = writing.charset.as_ref().filter(|c| !stands_for(c, agreed)) {
        found.push(("charset", format!("charset {}", shown(charset))));
    }
    match (writing.bom, message.bom) {
        (Some(mark), _) if mark != agreed && writing.read_as == Some(agreed) => {
            found.push(("bom", format!("BOM of {mark}")));
        }
        (Some(_), Presence::Forbid) => found.push(("bom", "BOM".to_owned())),
        (None, Presence::Require) => found.push(("bom", "no BOM".to_owned())),
        _ => {}
    }
    found
}

fn shown(label: &str) -> String {
    let printable = label.chars().filter(|c| !c.is_control());
    printable.take(SHOWN).collect()
}
