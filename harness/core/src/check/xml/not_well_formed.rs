//! XML-001 not-well-formed: see the page.

use super::{Origin, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Location;
use crate::observe::XmlView;
use crate::spec::xml::{Read, Stop};

/// XML-001
pub(super) const RULE: Rule = Rule {
    code: "XML-001",
    name: "not-well-formed",
    source: include_str!("not_well_formed.md"),
};

pub(super) fn check(view: &XmlView<'_>, read: &Read, origin: &Origin, out: &mut Sink) {
    let Some(Stop::NotWellFormed {
        at,
        rule,
        what,
        words,
        ..
    }) = read.stop.as_ref()
    else {
        return;
    };
    let place = view.place(&origin.at, *at);
    out.push(
        hit(&RULE, origin, place)
            .expected((*rule).to_owned())
            .observed(without_values(what))
            .arg("what_ja", words.ja.clone())
            .arg("what", words.en.clone())
            .key((*rule).to_owned()),
    );
}

/// Bytes that are no text in any encoding that was named.
pub(super) fn tell_bytes(view: &XmlView<'_>, origin: &Origin, out: &mut Sink) {
    let (at, length) = view.writing.fault.unwrap_or_default();
    let place = Location {
        byte_offset: Some(at as u64),
        byte_length: Some(length as u64),
        ..origin.at.clone()
    };
    let mut told = hit(&RULE, origin, place)
        .expected("XML 1.0 §4.3.3")
        .observed(format!("no character of {}", view.message.encoding))
        .arg("what_ja", "文字として読めないバイトがあります")
        .arg("what", "bytes that are no character");
    let bytes = view.bytes_at(at, length.min(4));
    told.hex = bytes
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect::<Vec<_>>()
        .join(" ");
    out.push(told);
}

/// What the reader says, without quoted text that is not a name: it may be a value of the document. A name in Japanese that
/// somebody made up may be a person's.
fn without_values(what: &str) -> String {
    let name = |part: &str| {
        part.chars().count() <= 60
            && part.chars().all(|c| {
                c.is_ascii_alphanumeric()
                    || matches!(c, ':' | '-' | '_' | '.' | '/' | '<' | '>' | '&' | '=')
            })
            && !part.chars().any(|c| c.is_ascii_digit())
    };
    what.split('\'')
        .enumerate()
        .map(|(at, part)| match at % 2 {
            1 if !name(part) => "…",
            _ => part,
        })
        .collect::<Vec<_>>()
        .join("'")
}
