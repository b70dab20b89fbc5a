//! Walking a part's XML: elements, text, end. No document type, no entity but the five of XML, bounded depth.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use renkei_core::model::Bilingual;

/// Deepest nesting that a part may have; those of a workbook have about ten.
const MAX_DEPTH: usize = 256;

/// What the walk meets. Names are local names, so that the strict and the transitional form read alike.
pub(super) enum Tag<'a> {
    /// An element begins. An empty one begins and ends.
    Open(&'a str, &'a BytesStart<'a>),
    /// An element ends.
    Close(&'a str),
    /// Text of the innermost element; may come in several pieces.
    Text(Cow<'a, str>),
}

/// Calls `see` for everything in the part.
///
/// # Errors
/// What is wrong with the part, or what `see` said.
pub(super) fn walk(
    xml: &str,
    mut see: impl FnMut(Tag<'_>) -> Result<(), Bilingual>,
) -> Result<(), Bilingual> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(element) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(too_deep());
                }
                see(Tag::Open(element.local_name().as_ref(), &element))?;
            }
            Event::Empty(element) => {
                see(Tag::Open(element.local_name().as_ref(), &element))?;
                see(Tag::Close(element.local_name().as_ref()))?;
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                see(Tag::Close(element.local_name().as_ref()))?;
            }
            Event::Text(text) => see(Tag::Text(text.xml10_content()))?,
            Event::CData(text) => see(Tag::Text(text.xml10_content()))?,
            Event::GeneralRef(reference) => {
                let c = reference
                    .resolve_char_ref()
                    .map_err(|error| broken(&error))?
                    .or(match &*reference {
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "amp" => Some('&'),
                        "apos" => Some('\''),
                        "quot" => Some('"'),
                        _ => None,
                    });
                let Some(c) = c else {
                    return Err(foreign());
                };
                see(Tag::Text(Cow::Owned(c.to_string())))?;
            }
            Event::DocType(_) => return Err(foreign()),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof if depth > 0 => {
                return Err(Bilingual::new(
                    "XMLが途中で終わっています",
                    "the XML ends early",
                ));
            }
            Event::Eof => return Ok(()),
        }
    }
}

/// Value of an attribute by its local name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            value.ok().map(Cow::into_owned)
        })
}

/// A number attribute.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

/// A true-or-false attribute; absent is `None`.
pub(super) fn flag(element: &BytesStart<'_>, name: &str) -> Option<bool> {
    attribute(element, name).map(|value| matches!(value.trim(), "1" | "true" | "on"))
}

fn broken(error: &dyn std::fmt::Display) -> Bilingual {
    Bilingual::new(
        format!("XMLとして読めません: {error}"),
        format!("not readable as XML: {error}"),
    )
}

fn too_deep() -> Bilingual {
    Bilingual::new("XMLの入れ子が深すぎます", "the XML is nested too deeply")
}

fn foreign() -> Bilingual {
    Bilingual::new(
        "文書型宣言または独自の実体参照があります（Excelは書きません）",
        "there is a document type or an entity reference, which Excel never writes",
    )
}
