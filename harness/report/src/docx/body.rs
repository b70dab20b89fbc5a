//! Blocks as WordprocessingML. The order of child elements is that of the schema: Word repairs, or refuses, any other.

use super::model::{Block, Run, Slot, Table, Text};
use super::styles::{Role, Styles};
use super::xml::Xml;

/// Writes blocks; numbers what needs an identity in the document.
pub(super) struct Body<'a> {
    /// What was written so far.
    pub(super) xml: Xml,
    styles: &'a Styles,
    /// Width of the text in twentieths of a point.
    width: u32,
    /// Number of the last bookmark or content control.
    last_id: u32,
    /// Numbered lists so far: each starts from 1 again.
    pub(super) numbered_lists: u32,
}

/// How a paragraph stands.
#[derive(Clone, Copy, Default)]
struct Form {
    role: Option<Role>,
    right: bool,
    /// List it belongs to, by the number in the numbering part.
    list: Option<u32>,
}

impl<'a> Body<'a> {
    /// A body whose text is `width` twentieths of a point wide. Identities begin after `last_id`.
    pub(super) fn new(styles: &'a Styles, width: u32, last_id: u32) -> Self {
        Self {
            xml: Xml::default(),
            styles,
            width,
            last_id,
            numbered_lists: 0,
        }
    }

    /// One block after another.
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block, None);
        }
    }

    /// The title line.
    pub(super) fn title(&mut self, text: &str) {
        self.paragraph(
            &text.into(),
            Form {
                role: Some(Role::Title),
                ..Form::default()
            },
        );
    }

    fn block(&mut self, block: &Block, role: Option<Role>) {
        match block {
            Block::Heading(level, text) => {
                let role = Some(Role::heading(*level));
                self.paragraph(
                    &text.as_str().into(),
                    Form {
                        role,
                        ..Form::default()
                    },
                );
            }
            Block::Paragraph(text) => self.paragraph(
                text,
                Form {
                    role,
                    ..Form::default()
                },
            ),
            Block::List { numbered, items } => self.list(*numbered, items),
            Block::Table(table) => self.table(table),
            Block::Facts(rows) => self.facts(rows),
            Block::Slot(slot) => self.slot(slot),
            Block::PageBreak => self.xml.element("w:p", &[], |xml| {
                xml.element("w:r", &[], |xml| xml.empty("w:br", &[("w:type", "page")]));
            }),
        }
    }

    fn paragraph(&mut self, text: &Text, form: Form) {
        let style = form.role.map(|role| self.styles.id(role).to_owned());
        let code = self.styles.id(Role::Code).to_owned();
        self.xml.element("w:p", &[], |xml| {
            if style.is_some() || form.right || form.list.is_some() {
                xml.element("w:pPr", &[], |xml| {
                    if let Some(style) = &style {
                        xml.value("w:pStyle", style);
                    }
                    if let Some(list) = form.list {
                        xml.element("w:numPr", &[], |xml| {
                            xml.value("w:ilvl", "0");
                            xml.value("w:numId", &list.to_string());
                        });
                    }
                    if form.right {
                        xml.value("w:jc", "right");
                    }
                });
            }
            for run in text.0.iter().filter(|run| !run.text.is_empty()) {
                write_run(xml, run, &code);
            }
        });
    }

    fn list(&mut self, numbered: bool, items: &[Text]) {
        let list = if numbered {
            self.numbered_lists += 1;
            BULLETS + self.numbered_lists
        } else {
            BULLETS
        };
        for (at, item) in (1u32..).zip(items) {
            let mut form = Form {
                role: Some(Role::List),
                right: false,
                list: Some(list),
            };
            if self.styles.is_borrowed() {
                // A document of the user's own has its own numbering, which stays untouched.
                form.list = None;
                let mark = if numbered {
                    format!("{at}. ")
                } else {
                    "・".to_owned()
                };
                self.paragraph(&Text::from(mark).and(item.clone()), form);
            } else {
                self.paragraph(item, form);
            }
        }
    }

    fn slot(&mut self, slot: &Slot) {
        self.last_id += 1;
        let id = self.last_id.to_string();
        let styles = self.styles;
        let mut inner = Body::new(styles, self.width, self.last_id);
        inner.numbered_lists = self.numbered_lists;
        inner.slot_content(slot);
        self.last_id = inner.last_id;
        self.numbered_lists = inner.numbered_lists;
        let content = inner.xml.finish();
        self.xml.element("w:sdt", &[], |xml| {
            xml.element("w:sdtPr", &[], |xml| {
                xml.value("w:alias", &slot.title);
                xml.value("w:tag", &slot.name);
                xml.value("w:id", &id);
                xml.empty("w:richText", &[]);
            });
            xml.element("w:sdtContent", &[], |xml| {
                let name = format!("renkei_{}", slot.name);
                xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &name)]);
                xml.raw(&content);
                xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
            });
        });
    }

    /// What stands in a slot; slots do not nest.
    pub(super) fn slot_content(&mut self, slot: &Slot) {
        let role = slot.to_fill.then_some(Role::ToFill);
        for block in &slot.blocks {
            match block {
                Block::Slot(inner) => self.blocks(&inner.blocks),
                block => self.block(block, role),
            }
        }
        if slot.blocks.is_empty() {
            self.paragraph(&Text::default(), Form::default());
        }
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            let form = Form {
                role: Some(Role::Caption),
                ..Form::default()
            };
            self.paragraph(&table.caption.as_str().into(), form);
        }
        let widths = self.widths(&table.columns);
        self.framed(&widths, true, |body| {
            body.row(&widths, true, |at| {
                let name = table.columns.get(at).map(|(name, _)| name.as_str());
                Cell {
                    text: name.unwrap_or_default().into(),
                    head: true,
                    right: false,
                }
            });
            for row in &table.rows {
                body.row(&widths, false, |at| Cell {
                    text: row.get(at).cloned().unwrap_or_default(),
                    head: false,
                    right: table.numbers.contains(&at),
                });
            }
        });
    }

    fn facts(&mut self, rows: &[(String, Text)]) {
        let widths = self.widths(&[(String::new(), 1), (String::new(), 3)]);
        self.framed(&widths, false, |body| {
            for (name, value) in rows {
                body.row(&widths, false, |at| match at {
                    0 => Cell {
                        text: name.as_str().into(),
                        head: true,
                        right: false,
                    },
                    _ => Cell {
                        text: value.clone(),
                        head: false,
                        right: false,
                    },
                });
            }
        });
    }

    fn widths(&self, columns: &[(String, u16)]) -> Vec<u32> {
        let all: u32 = columns
            .iter()
            .map(|(_, w)| u32::from(*w))
            .sum::<u32>()
            .max(1);
        let of = |w: u16| self.width.saturating_mul(u32::from(w)) / all;
        columns.iter().map(|(_, w)| of(*w).max(1)).collect()
    }

    /// A table's frame around its rows, and a thin paragraph behind it: two tables in a row would become one.
    fn framed(&mut self, widths: &[u32], header: bool, rows: impl FnOnce(&mut Self)) {
        let style = self.styles.id(Role::Table).to_owned();
        let mut inner = Body::new(self.styles, self.width, self.last_id);
        rows(&mut inner);
        self.last_id = inner.last_id;
        let rows = inner.xml.finish();
        let total: u32 = widths.iter().sum();
        self.xml.element("w:tbl", &[], |xml| {
            xml.element("w:tblPr", &[], |xml| {
                xml.value("w:tblStyle", &style);
                xml.empty("w:tblW", &[("w:w", &total.to_string()), ("w:type", "dxa")]);
                xml.value("w:tblLayout", "fixed");
                let first = if header { "1" } else { "0" };
                let column = if header { "0" } else { "1" };
                let look = [
                    ("w:val", if header { "0420" } else { "0480" }),
                    ("w:firstRow", first),
                    ("w:lastRow", "0"),
                    ("w:firstColumn", column),
                    ("w:lastColumn", "0"),
                    ("w:noHBand", "0"),
                    ("w:noVBand", "1"),
                ];
                xml.empty("w:tblLook", &look);
            });
            xml.element("w:tblGrid", &[], |xml| {
                for width in widths {
                    xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
                }
            });
            xml.raw(&rows);
        });
        self.paragraph(
            &Text::default(),
            Form {
                role: Some(Role::Spacer),
                ..Form::default()
            },
        );
    }

    fn row(&mut self, widths: &[u32], header: bool, cell: impl Fn(usize) -> Cell) {
        self.xml.raw("<w:tr><w:trPr><w:cantSplit/>");
        if header {
            self.xml.raw("<w:tblHeader/>");
        }
        self.xml.raw("</w:trPr>");
        for (at, width) in widths.iter().enumerate() {
            let cell = cell(at);
            self.xml.raw("<w:tc>");
            self.xml.element("w:tcPr", &[], |xml| {
                xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
                if cell.head {
                    let fill = [
                        ("w:val", "clear"),
                        ("w:color", "auto"),
                        ("w:fill", HEAD_FILL),
                    ];
                    xml.empty("w:shd", &fill);
                }
            });
            let role = if cell.head {
                Role::TableHead
            } else {
                Role::TableText
            };
            self.paragraph(
                &cell.text,
                Form {
                    role: Some(role),
                    right: cell.right,
                    list: None,
                },
            );
            self.xml.raw("</w:tc>");
        }
        self.xml.raw("</w:tr>");
    }
}

struct Cell {
    text: Text,
    head: bool,
    right: bool,
}

/// Number of the list with marks in the numbering part; the numbered lists follow it.
pub(super) const BULLETS: u32 = 1;

/// Ground of header cells: gray-100 of the design tokens of デジタル庁, 1.1.9.
const HEAD_FILL: &str = "E6E6E6";

fn write_run(xml: &mut Xml, run: &Run, code: &str) {
    xml.element("w:r", &[], |xml| {
        if run.bold || run.code {
            xml.element("w:rPr", &[], |xml| {
                if run.code {
                    xml.value("w:rStyle", code);
                }
                if run.bold {
                    xml.empty("w:b", &[]);
                    xml.empty("w:bCs", &[]);
                }
            });
        }
        for (at, line) in run.text.split('\n').enumerate() {
            if at > 0 {
                xml.empty("w:br", &[]);
            }
            let line = crate::visible::line(line);
            xml.element("w:t", &[("xml:space", "preserve")], |xml| xml.text(&line));
        }
    });
}
