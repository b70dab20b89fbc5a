//! Cell styles: the number format of each, and whether its font is struck through.

use std::collections::BTreeMap;

use renkei_core::model::Bilingual;

use super::formats::Format;
use super::xml::{Tag, attribute, flag, number, walk};

/// What a style does to a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    pub(super) format: Format,
    pub(super) struck: bool,
}

/// The styles in the order in which cells name them.
pub(super) fn read(xml: &str) -> Result<Vec<Style>, Bilingual> {
    let mut formats: BTreeMap<u32, Format> = BTreeMap::new();
    let (mut fonts, mut styles): (Vec<bool>, Vec<Style>) = (Vec::new(), Vec::new());
    let (mut in_fonts, mut in_cells) = (false, false);
    walk(xml, |tag| {
        match tag {
            Tag::Open("numFmt", element) => {
                if let (Some(id), Some(code)) = (
                    number(element, "numFmtId"),
                    attribute(element, "formatCode"),
                ) {
                    formats.insert(id, Format::of_code(&code));
                }
            }
            Tag::Open("fonts", _) => in_fonts = true,
            Tag::Close("fonts") => in_fonts = false,
            Tag::Open("font", _) if in_fonts => fonts.push(false),
            Tag::Open("strike", element) if in_fonts => {
                if let Some(last) = fonts.last_mut() {
                    *last = flag(element, "val").unwrap_or(true);
                }
            }
            Tag::Open("cellXfs", _) => in_cells = true,
            Tag::Close("cellXfs") => in_cells = false,
            Tag::Open("xf", element) if in_cells => {
                let id = number(element, "numFmtId").unwrap_or(0);
                let font = number(element, "fontId").unwrap_or(0) as usize;
                styles.push(Style {
                    format: formats
                        .get(&id)
                        .cloned()
                        .unwrap_or_else(|| Format::built_in(id)),
                    struck: fonts.get(font).copied().unwrap_or(false),
                });
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(styles)
}
