//! Slots put into a document of the user's own: the content of every content control whose tag is a slot's name is
//! replaced; everything else stays byte for byte.

use std::collections::BTreeSet;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use renkei_core::model::Bilingual;

use super::body::Body;
use super::model::{Block, Slot};
use super::package::{self, Parts};
use super::styles::{Styles, attribute};
use super::xml::Xml;

/// A template may unpack to this many bytes: far above a document with pictures, far below what hurts.
const UNPACKED_LIMIT: u64 = 256 * 1024 * 1024;
const MAIN: &str = "word/document.xml";
const STYLES: &str = "word/styles.xml";
const TYPES: &str = "[Content_Types].xml";
/// A4 upright with margins of 20 mm, for a template that does not say.
const USUAL_WIDTH: u32 = 9_638;

/// A filled template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The document.
    pub bytes: Vec<u8>,
    /// Our slots that the template has no place for.
    pub missing: Vec<String>,
    /// Content controls of the template that are none of our slots; they were left as they are.
    pub unknown: Vec<String>,
}

/// Why a template cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// What is wrong.
    pub what: Bilingual,
    /// What to do.
    pub fix: Bilingual,
}

/// Puts slots into a template (docx or dotx).
///
/// # Errors
/// It is no Word document, carries macros, has none of the slots, or a slot stands inside a line of text but its
/// content is more than a line.
pub fn fill(template: &[u8], slots: &[&Slot]) -> Result<Filled, TemplateFault> {
    let mut parts = package::unpack(template, UNPACKED_LIMIT).map_err(|e| not_word(&e))?;
    if parts.keys().any(|name| name.ends_with("vbaProject.bin")) {
        return Err(macros());
    }
    let main = text_of(&parts, MAIN)?;
    let (styles, styles_part) =
        Styles::of_template(&text_of(&parts, STYLES)?).ok_or_else(|| not_word("styles.xml"))?;
    let found = read(&main).ok_or_else(|| not_word("document.xml"))?;
    let (filled, used) = put(&main, &found, slots, &styles)?;
    let names: BTreeSet<&str> = slots.iter().map(|slot| slot.name.as_str()).collect();
    if used.is_empty() {
        return Err(no_slot(&names));
    }
    let missing = names.iter().filter(|name| !used.contains(**name));
    let missing = missing.map(|name| (*name).to_owned()).collect();
    let unknown: BTreeSet<&String> = found.controls.iter().map(|c| &c.tag).collect();
    let unknown = unknown
        .into_iter()
        .filter(|t| !t.is_empty() && !names.contains(t.as_str()));
    let unknown = unknown.cloned().collect();
    let types = text_of(&parts, TYPES)?.replace(
        "wordprocessingml.template.main+xml",
        "wordprocessingml.document.main+xml",
    );
    parts.insert(TYPES.to_owned(), types.into_bytes());
    parts.insert(STYLES.to_owned(), styles_part.into_bytes());
    parts.insert(MAIN.to_owned(), filled.into_bytes());
    let bytes = package::archive(&parts).map_err(|e| not_word(&e))?;
    Ok(Filled {
        bytes,
        missing,
        unknown,
    })
}

fn text_of(parts: &Parts, name: &str) -> Result<String, TemplateFault> {
    let bytes = parts.get(name).ok_or_else(|| not_word(name))?;
    String::from_utf8(bytes.clone()).map_err(|_| not_word(name))
}

/// A content control of a template.
struct Control {
    tag: String,
    /// Bytes of its content, without the tags around it.
    content: Range<usize>,
    /// Bytes of the mark that says that it shows a placeholder.
    placeholder: Option<Range<usize>>,
    /// It stands inside a paragraph.
    inline: bool,
}

/// What a template's main part has.
struct Found {
    controls: Vec<Control>,
    /// Width of the text in twentieths of a point.
    width: u32,
}

/// A control that is still open.
#[derive(Default)]
struct Open {
    depth: usize,
    tag: String,
    from: Option<usize>,
    placeholder: Option<Range<usize>>,
    inline: bool,
}

fn read(main: &str) -> Option<Found> {
    let mut reader = Reader::from_str(main);
    let (mut open, mut controls): (Vec<Open>, Vec<Control>) = (Vec::new(), Vec::new());
    let (mut depth, mut paragraphs) = (0usize, 0usize);
    let (mut page, mut margins) = (None, [None, None]);
    let mut before = 0usize;
    loop {
        let event = reader.read_event().ok()?;
        let after = usize::try_from(reader.buffer_position()).ok()?;
        match &event {
            Event::Eof => break,
            Event::Start(e) => {
                depth += 1;
                match e.name().as_ref() {
                    "w:p" => paragraphs += 1,
                    "w:sdt" => open.push(Open {
                        depth,
                        inline: paragraphs > 0,
                        ..Open::default()
                    }),
                    "w:sdtContent" => {
                        if let Some(last) = open.last_mut().filter(|o| o.depth + 1 == depth) {
                            last.from = Some(after);
                        }
                    }
                    _ => note(e, before..after, open.last_mut()),
                }
            }
            Event::Empty(e) => {
                note(e, before..after, open.last_mut());
                match e.name().as_ref() {
                    "w:pgSz" => page = number(e, "w:w"),
                    "w:pgMar" => margins = [number(e, "w:left"), number(e, "w:right")],
                    _ => {}
                }
            }
            Event::End(e) => {
                match e.name().as_ref() {
                    "w:p" => paragraphs = paragraphs.saturating_sub(1),
                    "w:sdtContent" => close(open.last(), depth, before, &mut controls),
                    "w:sdt" => {
                        open.pop();
                    }
                    _ => {}
                }
                depth = depth.checked_sub(1)?;
            }
            _ => {}
        }
        before = after;
    }
    let width = match (page, margins) {
        (Some(page), [Some(left), Some(right)]) => page.checked_sub(left.checked_add(right)?)?,
        _ => USUAL_WIDTH,
    };
    Some(Found { controls, width })
}

/// Remembers what a control's properties say.
fn note(element: &BytesStart<'_>, at: Range<usize>, open: Option<&mut Open>) {
    let Some(open) = open.filter(|open| open.from.is_none()) else {
        return;
    };
    match element.name().as_ref() {
        "w:tag" => open.tag = attribute(element, "w:val").unwrap_or_default(),
        "w:showingPlcHdr" => open.placeholder = Some(at),
        _ => {}
    }
}

fn close(open: Option<&Open>, depth: usize, before: usize, controls: &mut Vec<Control>) {
    let Some(open) = open.filter(|open| open.depth + 1 == depth) else {
        return;
    };
    if let Some(from) = open.from {
        controls.push(Control {
            tag: open.tag.clone(),
            content: from..before,
            placeholder: open.placeholder.clone(),
            inline: open.inline,
        });
    }
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.parse().ok()
}

/// The main part with the slots' contents, and the names of the slots that had a place.
fn put(
    main: &str,
    found: &Found,
    slots: &[&Slot],
    styles: &Styles,
) -> Result<(String, BTreeSet<String>), TemplateFault> {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut used = BTreeSet::new();
    for control in &found.controls {
        let Some(slot) = slots.iter().find(|slot| slot.name == control.tag) else {
            continue;
        };
        let new = if control.inline {
            line(slot).ok_or_else(|| inside_a_line(&slot.name))?
        } else {
            let mut body = Body::new(styles, found.width, 0);
            body.slot_content(slot);
            body.xml.finish()
        };
        used.insert(slot.name.clone());
        changes.push((control.content.clone(), new));
        changes.extend(control.placeholder.clone().map(|at| (at, String::new())));
    }
    changes.sort_by_key(|(at, _)| at.start);
    let mut out = String::with_capacity(main.len());
    let mut done = 0;
    for (at, new) in changes {
        // A slot inside a slot went with the outer one.
        if at.start < done {
            continue;
        }
        out.push_str(main.get(done..at.start).unwrap_or_default());
        out.push_str(&new);
        done = at.end;
    }
    out.push_str(main.get(done..).unwrap_or_default());
    Ok((out, used))
}

/// A slot's content as a run within a line; `None` when it is more than paragraphs.
fn line(slot: &Slot) -> Option<String> {
    let mut texts = Vec::new();
    for block in &slot.blocks {
        match block {
            Block::Paragraph(text) => texts.push(text.plain().replace('\n', " ")),
            _ => return None,
        }
    }
    let mut xml = Xml::default();
    xml.element("w:r", &[], |xml| {
        xml.element("w:t", &[("xml:space", "preserve")], |xml| {
            xml.text(&texts.join(" "))
        });
    });
    Some(xml.finish())
}

fn not_word(detail: &str) -> TemplateFault {
    TemplateFault {
        what: Bilingual::new(
            format!("Wordの文書（docx）として読めません: {detail}"),
            format!("not a Word document (docx): {detail}"),
        ),
        fix: Bilingual::new(
            "Microsoft 365 または LibreOffice で .docx 形式で保存し直してください",
            "save it again as .docx with Microsoft 365 or LibreOffice",
        ),
    }
}

fn macros() -> TemplateFault {
    TemplateFault {
        what: Bilingual::new("ひな形にマクロがあります", "the template carries macros"),
        fix: Bilingual::new(
            "マクロのない .docx で保存し直してください",
            "save it as .docx without macros",
        ),
    }
}

fn no_slot(names: &BTreeSet<&str>) -> TemplateFault {
    let names: Vec<&str> = names.iter().copied().collect();
    let names = names.join(", ");
    TemplateFault {
        what: Bilingual::new(
            "ひな形に差込み枠がありません",
            "the template has none of the slots",
        ),
        fix: Bilingual::new(
            format!(
                "コンテンツ コントロールを置き、プロパティの「タグ」に枠の名前を入れてください（{names}）"
            ),
            format!("insert content controls and set their tag to the name of a slot ({names})"),
        ),
    }
}

fn inside_a_line(name: &str) -> TemplateFault {
    TemplateFault {
        what: Bilingual::new(
            format!("枠 {name} が文の途中にあります。表や複数の段落は入りません"),
            format!("slot {name} stands inside a line of text: tables and lists do not fit there"),
        ),
        fix: Bilingual::new(
            "枠を独立した段落に置いてください",
            "put the content control around a paragraph of its own",
        ),
    }
}
