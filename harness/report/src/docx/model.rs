//! What a document says, without a word about how it is drawn.

use renkei_core::model::Lang;

/// A whole document on A4 paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The title: first line, and a property of the file.
    pub title: String,
    /// Right end of every page's header: what readers must know on each page, such as the data class. May be empty.
    pub header: String,
    /// Left end of every page's footer, beside the page number: what the document was made from. May be empty.
    pub footer: String,
    /// When it was made, RFC 3339; a property of the file, left out when it cannot be read.
    pub made_at: String,
    /// Language of the text.
    pub lang: Lang,
    /// Paper on its long side.
    pub landscape: bool,
    /// The content below the title.
    pub blocks: Vec<Block>,
}

impl Document {
    /// A Japanese document on upright A4 with a title and nothing else.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            lang: Lang::Ja,
            ..Self::default()
        }
    }

    /// All slots, in the order of reading: what [`super::fill`] puts into a document of the user's own.
    pub fn slots(&self) -> Vec<&Slot> {
        let slots = self.blocks.iter().filter_map(|block| match block {
            Block::Slot(slot) => Some(slot),
            _ => None,
        });
        slots.collect()
    }
}

/// One block of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 1 to 3; other levels are drawn as the nearest of these.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(Text),
    /// A list: numbered from 1, or with marks.
    List {
        /// Numbered.
        numbered: bool,
        /// Items.
        items: Vec<Text>,
    },
    /// A table with a header row that is repeated on each page.
    Table(Table),
    /// Names and values side by side, without a header row: 会議名, 日時 …
    Facts(Vec<(String, Text)>),
    /// A place with a name that people, or templates, fill.
    Slot(Slot),
    /// The next block starts on a new page.
    PageBreak,
}

impl Block {
    /// A heading of level 1 to 3.
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading(level, text.into())
    }

    /// A paragraph of plain text; `\n` breaks the line.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(Text::from(text.into()))
    }

    /// A list with marks.
    pub fn bullets<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List {
            numbered: false,
            items: items.into_iter().map(Into::into).collect(),
        }
    }

    /// A numbered list.
    pub fn numbered<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List {
            numbered: true,
            items: items.into_iter().map(Into::into).collect(),
        }
    }

    /// Names and values.
    pub fn facts<N: Into<String>, T: Into<Text>>(rows: impl IntoIterator<Item = (N, T)>) -> Self {
        let rows = rows.into_iter().map(|(n, t)| (n.into(), t.into()));
        Self::Facts(rows.collect())
    }
}

/// A place with a name: a content control with the name as its tag, and a bookmark `renkei_NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// ASCII letters, digits and `_`; unique in a document.
    pub name: String,
    /// What people see when they select it.
    pub title: String,
    /// True where a person writes: the content is only a hint and is drawn as one.
    pub to_fill: bool,
    /// The content; never another slot (one inside is written without its name).
    pub blocks: Vec<Block>,
}

impl Slot {
    /// A slot with content.
    pub fn new(name: impl Into<String>, title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            to_fill: false,
            blocks,
        }
    }

    /// A slot that a person fills in; `hint` says with what.
    pub fn to_fill(name: impl Into<String>, title: impl Into<String>, hint: &str) -> Self {
        Self {
            to_fill: true,
            ..Self::new(
                name,
                title,
                vec![Block::paragraph(format!("【記入】{hint}"))],
            )
        }
    }
}

/// A stretch of text in one form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The text; `\n` breaks the line, what cannot be seen is written as a token.
    pub text: String,
    /// Heavier.
    pub bold: bool,
    /// In a font of fixed width: codes, digests, commands.
    pub code: bool,
}

/// Text of one paragraph or cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Run>);

impl Text {
    /// Heavier text.
    pub fn bold(text: impl Into<String>) -> Self {
        Self(vec![Run {
            text: text.into(),
            bold: true,
            code: false,
        }])
    }

    /// Text of fixed width.
    pub fn code(text: impl Into<String>) -> Self {
        Self(vec![Run {
            text: text.into(),
            bold: false,
            code: true,
        }])
    }

    /// This text and another behind it.
    #[must_use]
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// The characters alone.
    pub fn plain(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(vec![Run {
            text,
            ..Run::default()
        }])
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Caption above it, `表1 …`; may be empty.
    pub caption: String,
    /// Heading and relative width of each column.
    pub columns: Vec<(String, u16)>,
    /// Columns whose cells stand to the right (numbers), by 0-based position.
    pub numbers: Vec<usize>,
    /// Rows; a row that is too short gets empty cells, what is too much is left out.
    pub rows: Vec<Vec<Text>>,
}

impl Table {
    /// A table without rows from headings and relative widths.
    pub fn new(columns: &[(&str, u16)]) -> Self {
        Self {
            columns: columns.iter().map(|(n, w)| ((*n).to_owned(), *w)).collect(),
            ..Self::default()
        }
    }

    /// Adds a row.
    pub fn row<T: Into<Text>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }
}
