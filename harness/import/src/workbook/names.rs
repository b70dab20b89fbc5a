//! The sheets of a workbook: names, order, visibility and the part each is in.

use renkei_core::model::Bilingual;

use super::xml::{Tag, attribute, walk};

/// One `<sheet>` of `workbook.xml`.
pub(super) struct SheetName {
    pub(super) name: String,
    pub(super) hidden: bool,
    pub(super) relation: String,
}

/// The sheets in tab order, and whether days are counted from 1904.
pub(super) fn sheets(xml: &str) -> Result<(Vec<SheetName>, bool), Bilingual> {
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    walk(xml, |tag| {
        match tag {
            Tag::Open("sheet", element) => sheets.push(SheetName {
                name: attribute(element, "name").unwrap_or_default(),
                hidden: attribute(element, "state").is_some_and(|state| state != "visible"),
                relation: attribute(element, "id").unwrap_or_default(),
            }),
            Tag::Open("workbookPr", element) => {
                from_1904 = attribute(element, "date1904")
                    .is_some_and(|value| value == "1" || value == "true");
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok((sheets, from_1904))
}

/// One `<Relationship>`: id, the last word of its type, target part.
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) target: String,
    pub(super) external: bool,
}

/// The relationships of a part, with targets as part names below the root; `base` is the folder of the part.
pub(super) fn relations(xml: &str, base: &str) -> Result<Vec<Relation>, Bilingual> {
    let mut found = Vec::new();
    walk(xml, |tag| {
        if let Tag::Open("Relationship", element) = tag {
            let kind = attribute(element, "Type").unwrap_or_default();
            let target = attribute(element, "Target").unwrap_or_default();
            found.push(Relation {
                id: attribute(element, "Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or("").to_owned(),
                target: resolve(base, &target),
                external: attribute(element, "TargetMode").is_some_and(|mode| mode == "External"),
            });
        }
        Ok(())
    })?;
    Ok(found)
}

fn resolve(base: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = base.split('/').filter(|p| !p.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}
