//! What paragraphs and tables look like, and what the looks are called in a document of the user's own.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What a paragraph, a table or a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Title,
    Heading1,
    Heading2,
    Heading3,
    Caption,
    List,
    TableText,
    TableHead,
    Table,
    Spacer,
    ToFill,
    Code,
}

impl Role {
    const ALL: [Self; 12] = [
        Self::Title,
        Self::Heading1,
        Self::Heading2,
        Self::Heading3,
        Self::Caption,
        Self::List,
        Self::TableText,
        Self::TableHead,
        Self::Table,
        Self::Spacer,
        Self::ToFill,
        Self::Code,
    ];

    /// The heading of a level; 1 to 3.
    pub(super) fn heading(level: u8) -> Self {
        match level {
            0 | 1 => Self::Heading1,
            2 => Self::Heading2,
            _ => Self::Heading3,
        }
    }

    /// The style's name. Word knows a built-in style by its name whatever the language of the program is; only the id
    /// differs.
    fn name(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Heading1 => "heading 1",
            Self::Heading2 => "heading 2",
            Self::Heading3 => "heading 3",
            Self::Caption => "caption",
            Self::List => "List Paragraph",
            Self::TableText => "renkei table text",
            Self::TableHead => "renkei table head",
            Self::Table => "renkei table",
            Self::Spacer => "renkei spacer",
            Self::ToFill => "renkei to fill in",
            Self::Code => "renkei code",
        }
    }
}

/// The id of every style in a document.
pub(super) struct Styles {
    ids: BTreeMap<Role, String>,
    borrowed: bool,
}

impl Styles {
    /// Those of our own documents.
    pub(super) fn own() -> Self {
        Self {
            ids: named(OWN),
            borrowed: false,
        }
    }

    /// Those of a styles part of somebody else, and the part with the missing ones added. `None` when it has no end.
    pub(super) fn of_template(part: &str) -> Option<(Self, String)> {
        let mut ids = named(part);
        let own = named(OWN);
        let mut added = String::new();
        for (role, id) in &own {
            if !ids.contains_key(role) {
                // Our own ids begin with a prefix where they are not built in, so they meet no other style.
                added.push_str(definition(id)?);
                ids.insert(*role, id.clone());
            }
        }
        let end = part.rfind("</w:styles>")?;
        let (head, tail) = part.split_at_checked(end)?;
        let styles = Self {
            ids,
            borrowed: true,
        };
        Some((styles, format!("{head}{added}{tail}")))
    }

    /// The id of a style; empty never, because [`Styles::own`] has them all (tested).
    pub(super) fn id(&self, role: Role) -> &str {
        self.ids.get(&role).map_or("", String::as_str)
    }

    /// True in a document that is not ours.
    pub(super) fn is_borrowed(&self) -> bool {
        self.borrowed
    }
}

/// The styles part of our own documents.
pub(super) const OWN: &str = include_str!("styles.xml");

/// The definition of one of our own styles.
fn definition(id: &str) -> Option<&'static str> {
    let from = OWN.find(&format!("<w:style w:styleId=\"{id}\""))?;
    let rest = OWN.get(from..)?;
    let to = rest.find("</w:style>")? + "</w:style>".len();
    rest.get(..to)
}

/// The ids of the styles of a part by what they are for.
fn named(part: &str) -> BTreeMap<Role, String> {
    let mut found = BTreeMap::new();
    let mut reader = Reader::from_str(part);
    let mut id = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(e) if e.name().as_ref() == "w:style" => {
                id = attribute(&e, "w:styleId").unwrap_or_default();
            }
            Event::Empty(e) | Event::Start(e) if e.name().as_ref() == "w:name" => {
                let name = attribute(&e, "w:val").unwrap_or_default();
                let role = Role::ALL
                    .into_iter()
                    .find(|role| role.name().eq_ignore_ascii_case(&name));
                if let Some(role) = role.filter(|_| !id.is_empty()) {
                    found.entry(role).or_insert_with(|| id.clone());
                }
            }
            Event::End(e) if e.name().as_ref() == "w:style" => id.clear(),
            _ => {}
        }
    }
    found
}

/// The value of an attribute.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .flatten()
        .find(|a| a.key.as_ref() == name)?;
    let text = found.value.to_string();
    Some(quick_xml::escape::unescape(&text).map_or_else(|_| text.clone(), |t| t.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_style_and_a_definition_of_it() {
        let styles = Styles::own();
        for role in Role::ALL {
            let id = styles.id(role);
            assert!(!id.is_empty(), "{role:?}");
            assert!(
                definition(id).is_some_and(|d| d.contains(role.name())),
                "{id}"
            );
        }
    }

    #[test]
    fn a_japanese_template_keeps_its_ids_and_gets_only_what_it_lacks() {
        let part = "<w:styles xmlns:w=\"x\"><w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/>\
                    </w:style></w:styles>";
        let (styles, made) = Styles::of_template(part).unwrap();
        assert_eq!(styles.id(Role::Heading1), "1");
        assert_eq!(styles.id(Role::Heading2), "Heading2");
        assert_eq!(made.matches("heading 1").count(), 1);
        assert_eq!(made.matches("heading 2").count(), 1);
        assert!(made.ends_with("</w:styles>"));
    }
}
