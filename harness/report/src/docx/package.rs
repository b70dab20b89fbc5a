//! The parts of a document and how they hang together (ISO/IEC 29500-2: package, content types, relationships).

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use jiff::Timestamp;
use renkei_core::model::Lang;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::body::{BULLETS, Body};
use super::model::Document;
use super::styles::{OWN, Styles};
use super::xml::Xml;

/// Parts by name.
pub(super) type Parts = BTreeMap<String, Vec<u8>>;

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// A4 and its margins in twentieths of a point: 210 × 297 mm, margins of 20 mm.
const SHORT_SIDE: u32 = 11_906;
const LONG_SIDE: u32 = 16_838;
const MARGIN: u32 = 1_134;

/// A part beside the document: file, kind of relationship and of content.
const BESIDE: [(&str, &str, &str); 6] = [
    ("styles.xml", "styles", "styles"),
    ("numbering.xml", "numbering", "numbering"),
    ("settings.xml", "settings", "settings"),
    ("fontTable.xml", "fontTable", "fontTable"),
    ("header1.xml", "header", "header"),
    ("footer1.xml", "footer", "footer"),
];

/// All parts of a document.
pub(super) fn parts(document: &Document) -> Parts {
    let styles = Styles::own();
    let (short, long) = (SHORT_SIDE, LONG_SIDE);
    let (wide, high) = if document.landscape {
        (long, short)
    } else {
        (short, long)
    };
    let text_width = wide - 2 * MARGIN;
    let mut body = Body::new(&styles, text_width, 0);
    body.title(&document.title);
    body.blocks(&document.blocks);
    let numbered = body.numbered_lists;
    let content = body.xml.finish();
    let texts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", package_relations()),
        ("docProps/core.xml", core(document)),
        ("docProps/app.xml", app()),
        (
            "word/document.xml",
            main(&content, (wide, high), document.landscape),
        ),
        ("word/_rels/document.xml.rels", relations()),
        ("word/styles.xml", in_language(OWN, document.lang)),
        ("word/numbering.xml", numbering(numbered)),
        ("word/settings.xml", include_str!("settings.xml").to_owned()),
        (
            "word/fontTable.xml",
            include_str!("font_table.xml").to_owned(),
        ),
        ("word/header1.xml", header(document)),
        ("word/footer1.xml", footer(document, text_width)),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .collect()
}

/// Parts as an archive; the list of content types comes first, as readers of streams expect it.
pub(super) fn archive(parts: &Parts) -> Result<Vec<u8>, String> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // One fixed time: the same document gives the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), options)
            .map_err(|e| e.to_string())?;
        zip.write_all(bytes).map_err(|e| e.to_string())?;
    }
    zip.finish()
        .map(Cursor::into_inner)
        .map_err(|e| e.to_string())
}

/// An archive as parts; refuses what unpacks to more than `limit` bytes.
pub(super) fn unpack(bytes: &[u8], limit: u64) -> Result<Parts, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let mut parts = Parts::new();
    let mut left = limit;
    for at in 0..zip.len() {
        let file = zip.by_index(at).map_err(|e| e.to_string())?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(|e| e.to_string())?.into_owned();
        let mut content = Vec::new();
        let read = file
            .take(left + 1)
            .read_to_end(&mut content)
            .map_err(|e| e.to_string())?;
        left = left
            .checked_sub(read as u64)
            .ok_or_else(|| format!("unpacks to more than {limit} bytes"))?;
        parts.insert(name, content);
    }
    Ok(parts)
}

fn main(content: &str, (wide, high): (u32, u32), landscape: bool) -> String {
    let mut xml = Xml::part();
    xml.element(
        "w:document",
        &[("xmlns:w", MAIN), ("xmlns:r", RELATED)],
        |xml| {
            xml.element("w:body", &[], |xml| {
                xml.raw(content);
                xml.element("w:sectPr", &[], |xml| {
                    xml.empty(
                        "w:headerReference",
                        &[("w:type", "default"), ("r:id", "rId5")],
                    );
                    xml.empty(
                        "w:footerReference",
                        &[("w:type", "default"), ("r:id", "rId6")],
                    );
                    let (w, h) = (wide.to_string(), high.to_string());
                    let mut size = vec![("w:w", w.as_str()), ("w:h", h.as_str())];
                    if landscape {
                        size.push(("w:orient", "landscape"));
                    }
                    xml.empty("w:pgSz", &size);
                    let margin = MARGIN.to_string();
                    let sides = ["w:top", "w:right", "w:bottom", "w:left"]
                        .map(|side| (side, margin.as_str()));
                    let others = [("w:header", "567"), ("w:footer", "567"), ("w:gutter", "0")];
                    xml.empty("w:pgMar", &[sides.as_slice(), others.as_slice()].concat());
                });
            });
        },
    );
    xml.finish()
}

fn content_types() -> String {
    let mut xml = Xml::part();
    let space = format!("{PACKAGE}/content-types");
    xml.element("Types", &[("xmlns", &space)], |xml| {
        let relations = "application/vnd.openxmlformats-package.relationships+xml";
        xml.empty(
            "Default",
            &[("Extension", "rels"), ("ContentType", relations)],
        );
        xml.empty(
            "Default",
            &[("Extension", "xml"), ("ContentType", "application/xml")],
        );
        let mut part = |name: &str, kind: &str| {
            xml.empty("Override", &[("PartName", name), ("ContentType", kind)]);
        };
        part("/word/document.xml", &format!("{WORD}.document.main+xml"));
        for (file, _, kind) in BESIDE {
            part(&format!("/word/{file}"), &format!("{WORD}.{kind}+xml"));
        }
        part(
            "/docProps/core.xml",
            "application/vnd.openxmlformats-package.core-properties+xml",
        );
        part(
            "/docProps/app.xml",
            "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        );
    });
    xml.finish()
}

fn package_relations() -> String {
    let core = format!("{PACKAGE}/relationships/metadata/core-properties");
    related(&[
        (format!("{RELATED}/officeDocument"), "word/document.xml"),
        (core, "docProps/core.xml"),
        (format!("{RELATED}/extended-properties"), "docProps/app.xml"),
    ])
}

fn relations() -> String {
    let beside = BESIDE.map(|(file, kind, _)| (format!("{RELATED}/{kind}"), file));
    related(&beside)
}

fn related(targets: &[(String, &str)]) -> String {
    let mut xml = Xml::part();
    let space = format!("{PACKAGE}/relationships");
    xml.element("Relationships", &[("xmlns", &space)], |xml| {
        for (number, (kind, target)) in (1..).zip(targets) {
            let id = format!("rId{number}");
            xml.empty(
                "Relationship",
                &[("Id", &id), ("Type", kind), ("Target", target)],
            );
        }
    });
    xml.finish()
}

fn core(document: &Document) -> String {
    let mut xml = Xml::part();
    let space = format!("{PACKAGE}/metadata/core-properties");
    let spaces = [
        ("xmlns:cp", space.as_str()),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    xml.element("cp:coreProperties", &spaces, |xml| {
        xml.leaf("dc:title", &document.title);
        xml.leaf("dc:creator", "renkei");
        xml.leaf("dc:language", tag(document.lang));
        if let Ok(at) = document.made_at.parse::<Timestamp>() {
            let at = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            for name in ["dcterms:created", "dcterms:modified"] {
                xml.element(name, &[("xsi:type", "dcterms:W3CDTF")], |xml| xml.text(&at));
            }
        }
    });
    xml.finish()
}

fn app() -> String {
    let mut xml = Xml::part();
    let space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.element("Properties", &[("xmlns", space)], |xml| {
        xml.leaf("Application", "renkei")
    });
    xml.finish()
}

fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "ja-JP",
        Lang::En => "en-US",
    }
}

/// The styles part for a language: spelling and line breaks follow it.
fn in_language(styles: &str, lang: Lang) -> String {
    match lang {
        Lang::Ja => styles.replace("<w:lang w:val=\"en-US\"", "<w:lang w:val=\"ja-JP\""),
        Lang::En => styles.to_owned(),
    }
}

/// One list with marks, and one numbered list for each that the document has: so that each begins with 1.
fn numbering(numbered: u32) -> String {
    let mut xml = Xml::part();
    let level = |xml: &mut Xml, id: &str, format: &str, mark: &str| {
        xml.element("w:abstractNum", &[("w:abstractNumId", id)], |xml| {
            xml.value("w:multiLevelType", "singleLevel");
            xml.element("w:lvl", &[("w:ilvl", "0")], |xml| {
                xml.value("w:start", "1");
                xml.value("w:numFmt", format);
                xml.value("w:lvlText", mark);
                xml.value("w:lvlJc", "left");
                xml.element("w:pPr", &[], |xml| {
                    xml.empty("w:ind", &[("w:left", "425"), ("w:hanging", "425")]);
                });
            });
        });
    };
    xml.element("w:numbering", &[("xmlns:w", MAIN)], |xml| {
        level(xml, "0", "bullet", "・");
        level(xml, "1", "decimal", "%1.");
        xml.element("w:num", &[("w:numId", &BULLETS.to_string())], |xml| {
            xml.value("w:abstractNumId", "0");
        });
        for list in 1..=numbered {
            xml.element(
                "w:num",
                &[("w:numId", &(BULLETS + list).to_string())],
                |xml| {
                    xml.value("w:abstractNumId", "1");
                    xml.element("w:lvlOverride", &[("w:ilvl", "0")], |xml| {
                        xml.value("w:startOverride", "1")
                    });
                },
            );
        }
    });
    xml.finish()
}

fn header(document: &Document) -> String {
    let mut xml = Xml::part();
    xml.element("w:hdr", &[("xmlns:w", MAIN)], |xml| {
        xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| {
                xml.value("w:pStyle", "Header");
                xml.value("w:jc", "right");
            });
            if !document.header.is_empty() {
                xml.element("w:r", &[], |xml| xml.leaf("w:t", &document.header));
            }
        });
    });
    xml.finish()
}

fn footer(document: &Document, width: u32) -> String {
    let mut xml = Xml::part();
    xml.element("w:ftr", &[("xmlns:w", MAIN)], |xml| {
        xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| {
                xml.value("w:pStyle", "Footer");
                xml.element("w:tabs", &[], |xml| {
                    xml.empty(
                        "w:tab",
                        &[("w:val", "right"), ("w:pos", &width.to_string())],
                    );
                });
            });
            if !document.footer.is_empty() {
                xml.element("w:r", &[], |xml| xml.leaf("w:t", &document.footer));
            }
            xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
            field(xml, "PAGE");
            xml.element("w:r", &[], |xml| {
                xml.element("w:t", &[("xml:space", "preserve")], |xml| xml.text(" / "));
            });
            field(xml, "NUMPAGES");
        });
    });
    xml.finish()
}

fn field(xml: &mut Xml, name: &str) {
    xml.element("w:fldSimple", &[("w:instr", name)], |xml| {
        xml.element("w:r", &[], |xml| xml.leaf("w:t", "1"));
    });
}
