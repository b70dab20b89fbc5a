//! What ISO/IEC 29500 asks of a package and of the order of elements, for the elements that renkei writes. Written
//! without the writer: the orders are those of the schema (wml.xsd, transitional).
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a lint of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _, Write as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

pub(crate) type Parts = BTreeMap<String, String>;

/// Children in the order of the schema. A parent that is not here may have its children in any order.
const ORDER: &[(&str, &str)] = &[
    ("w:document", "w:body"),
    ("w:sdt", "w:sdtPr w:sdtEndPr w:sdtContent"),
    (
        "w:sdtPr",
        "w:rPr w:alias w:tag w:id w:lock w:placeholder w:temporary w:showingPlcHdr w:dataBinding w:richText w:text",
    ),
    (
        "w:pPr",
        "w:pStyle w:keepNext w:keepLines w:pageBreakBefore w:widowControl w:numPr w:pBdr w:shd w:tabs w:spacing w:ind w:jc w:outlineLvl w:rPr w:sectPr",
    ),
    ("w:numPr", "w:ilvl w:numId"),
    ("w:pBdr", "w:top w:left w:bottom w:right w:between"),
    (
        "w:rPr",
        "w:rStyle w:rFonts w:b w:bCs w:i w:iCs w:color w:sz w:szCs w:highlight w:u w:shd w:lang",
    ),
    ("w:tbl", "w:tblPr w:tblGrid w:tr"),
    (
        "w:tblPr",
        "w:tblStyle w:tblW w:jc w:tblInd w:tblBorders w:shd w:tblLayout w:tblCellMar w:tblLook w:tblCaption",
    ),
    (
        "w:tblBorders",
        "w:top w:left w:bottom w:right w:insideH w:insideV",
    ),
    ("w:tblCellMar", "w:top w:left w:bottom w:right"),
    ("w:tblGrid", "w:gridCol"),
    ("w:tr", "w:trPr w:tc"),
    ("w:trPr", "w:cantSplit w:tblHeader"),
    ("w:tc", "w:tcPr w:p"),
    (
        "w:tcPr",
        "w:tcW w:gridSpan w:vMerge w:tcBorders w:shd w:vAlign",
    ),
    (
        "w:sectPr",
        "w:headerReference w:footerReference w:type w:pgSz w:pgMar w:pgNumType w:cols w:docGrid",
    ),
    ("w:styles", "w:docDefaults w:latentStyles w:style"),
    ("w:docDefaults", "w:rPrDefault w:pPrDefault"),
    (
        "w:style",
        "w:name w:aliases w:basedOn w:next w:link w:uiPriority w:semiHidden w:unhideWhenUsed w:qFormat w:locked w:pPr w:rPr w:tblPr w:trPr w:tcPr",
    ),
    ("w:numbering", "w:abstractNum w:num"),
    (
        "w:abstractNum",
        "w:nsid w:multiLevelType w:tmpl w:name w:lvl",
    ),
    (
        "w:lvl",
        "w:start w:numFmt w:lvlRestart w:pStyle w:suff w:lvlText w:lvlJc w:pPr w:rPr",
    ),
    ("w:num", "w:abstractNumId w:lvlOverride"),
    (
        "w:settings",
        "w:zoom w:defaultTabStop w:characterSpacingControl w:compat w:themeFontLang w:decimalSymbol w:listSeparator",
    ),
    (
        "w:font",
        "w:altName w:panose1 w:charset w:family w:notTrueType w:pitch w:sig",
    ),
];

pub(crate) fn parts(bytes: &[u8]) -> Parts {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
    let mut found = Parts::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).expect("parts are UTF-8");
        let name = file.name().unwrap().into_owned();
        found.insert(name, text);
    }
    found
}

#[allow(dead_code, reason = "not every test makes documents")]
pub(crate) fn archive(parts: &Parts) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn lint(bytes: &[u8]) -> Vec<String> {
    lint_parts(&parts(bytes))
}

pub(crate) fn lint_parts(parts: &Parts) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, text) in parts {
        elements(name, text, &mut faults);
    }
    types(parts, &mut faults);
    relations(parts, &mut faults);
    references(parts, &mut faults);
    faults
}

/// Well-formed, and children where the schema has them.
fn elements(name: &str, text: &str, faults: &mut Vec<String>) {
    if !name.ends_with(".xml") && !name.ends_with(".rels") {
        return;
    }
    let mut reader = Reader::from_str(text);
    let mut stack: Vec<(String, usize)> = Vec::new();
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(e) => return faults.push(format!("{name}: {e}")),
        };
        match event {
            Event::Eof => break,
            Event::Start(e) => {
                let child = tag(&e);
                placed(name, &mut stack, &child, faults);
                stack.push((child, 0));
            }
            Event::Empty(e) => placed(name, &mut stack, &tag(&e), faults),
            Event::End(_) => {
                let (parent, at) = stack.pop().unwrap();
                if parent == "w:tc" && at == 0 {
                    faults.push(format!("{name}: a cell without a paragraph"));
                }
            }
            _ => {}
        }
    }
    if !stack.is_empty() {
        faults.push(format!("{name}: not closed"));
    }
}

fn placed(name: &str, stack: &mut [(String, usize)], child: &str, faults: &mut Vec<String>) {
    let Some((parent, at)) = stack.last_mut() else {
        return;
    };
    let Some((_, order)) = ORDER.iter().find(|(p, _)| p == parent) else {
        return;
    };
    // A cell holds whatever a body holds; it ends with a paragraph.
    if parent == "w:tc" && child != "w:tcPr" {
        *at = usize::from(child == "w:p");
        return;
    }
    match order.split(' ').position(|known| known == child) {
        None => faults.push(format!("{name}: {child} does not belong into {parent}")),
        Some(place) if place < *at => {
            faults.push(format!("{name}: {child} stands too late in {parent}"))
        }
        Some(place) => *at = place,
    }
}

fn tag(e: &BytesStart<'_>) -> String {
    e.name().as_ref().to_owned()
}

/// Values of one attribute of one element, in a part.
pub(crate) fn values(text: &str, element: &str, attribute: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(e) | Event::Empty(e) if e.name().as_ref() == element => {
                let value = e
                    .attributes()
                    .flatten()
                    .find(|a| a.key.as_ref() == attribute);
                found.extend(value.map(|a| a.value.to_string()));
            }
            _ => {}
        }
    }
    found
}

/// Every part has a content type, every content type its part.
fn types(parts: &Parts, faults: &mut Vec<String>) {
    let Some(list) = parts.get("[Content_Types].xml") else {
        return faults.push("no content types".into());
    };
    let named: BTreeSet<String> = values(list, "Override", "PartName").into_iter().collect();
    for part in &named {
        if !parts.contains_key(part.trim_start_matches('/')) {
            faults.push(format!("content type of {part}, which is not there"));
        }
    }
    for name in parts
        .keys()
        .filter(|n| n.ends_with(".xml") && !n.starts_with('['))
    {
        if !named.contains(&format!("/{name}")) {
            faults.push(format!("{name} has no content type of its own"));
        }
    }
}

fn relations(parts: &Parts, faults: &mut Vec<String>) {
    for (name, text) in parts.iter().filter(|(name, _)| name.ends_with(".rels")) {
        let folder = name.split("_rels/").next().unwrap_or_default();
        let ids = values(text, "Relationship", "Id");
        if ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
            faults.push(format!("{name}: an id occurs twice"));
        }
        for target in values(text, "Relationship", "Target") {
            if !parts.contains_key(&format!("{folder}{target}")) {
                faults.push(format!("{name}: {target} is not there"));
            }
        }
    }
    if let (Some(main), Some(rels)) = (
        parts.get("word/document.xml"),
        parts.get("word/_rels/document.xml.rels"),
    ) {
        let known = values(rels, "Relationship", "Id");
        for element in ["w:headerReference", "w:footerReference"] {
            for id in values(main, element, "r:id")
                .iter()
                .filter(|id| !known.contains(id))
            {
                faults.push(format!("{element} {id} is no relationship"));
            }
        }
    }
}

/// Styles and lists that are used are defined; identities occur once.
fn references(parts: &Parts, faults: &mut Vec<String>) {
    let empty = String::new();
    let part = |name: &str| parts.get(name).unwrap_or(&empty);
    let styles = values(part("word/styles.xml"), "w:style", "w:styleId");
    let main = part("word/document.xml");
    for element in ["w:pStyle", "w:rStyle", "w:tblStyle"] {
        for style in values(main, element, "w:val")
            .iter()
            .filter(|s| !styles.contains(s))
        {
            faults.push(format!("style {style} is not defined"));
        }
    }
    let lists = values(part("word/numbering.xml"), "w:num", "w:numId");
    for list in values(main, "w:numId", "w:val")
        .iter()
        .filter(|l| !lists.contains(l))
    {
        faults.push(format!("list {list} is not defined"));
    }
    for (element, attribute) in [
        ("w:bookmarkStart", "w:id"),
        ("w:bookmarkStart", "w:name"),
        ("w:tag", "w:val"),
    ] {
        let all = values(main, element, attribute);
        if all.iter().collect::<BTreeSet<_>>().len() != all.len() {
            faults.push(format!("{element} {attribute}: a value occurs twice"));
        }
    }
}
