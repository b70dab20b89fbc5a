//! Pages of the site as tables of cells; the template lays them out.

use minijinja::Value;
use serde::Serialize;

/// A page.
#[derive(Default, Serialize)]
pub(super) struct Page {
    /// Path below the site's folder.
    #[serde(skip)]
    pub(super) path: String,
    pub(super) title: String,
    pub(super) data_class: String,
    pub(super) crumbs: Vec<Link>,
    pub(super) notes: Vec<String>,
    pub(super) filter: Vec<Field>,
    pub(super) tables: Vec<Table>,
}

/// A link, relative to its page.
#[derive(Clone, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) text: String,
}

/// A field of the filter.
#[derive(Serialize)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) options: Vec<Choice>,
}

/// A choice of a field.
#[derive(Serialize)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) text: String,
    /// Its class, which the rows with its value have too.
    pub(super) class: String,
}

/// A table with its heading.
#[derive(Default, Serialize)]
pub(super) struct Table {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) note: String,
    /// A drawing of what the table says.
    pub(super) drawing: Option<Value>,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// As many columns as there are linkages: the first one stays in view, and paper gets a few of them at a time.
    pub(super) matrix: bool,
}

/// A row; `data` makes it an item of the filter.
#[derive(Default, Serialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) class: String,
    pub(super) data: Vec<(&'static str, String)>,
    pub(super) cells: Vec<Cell>,
}

impl Row {
    /// A plain row.
    pub(super) fn of(cells: Vec<Cell>) -> Self {
        Self {
            cells,
            ..Self::default()
        }
    }
}

/// Words of so many characters are not broken over lines: 期限超過, 担当者-03.
const LONGEST_WORD: usize = 7;

/// A cell.
#[derive(Clone, Default, Serialize)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) href: String,
    /// What a link that shows only a verdict is called.
    pub(super) label: String,
    pub(super) chip: Option<crate::html::Chip>,
    pub(super) number: bool,
    /// A code, a day, a word of a state: never broken over two lines.
    pub(super) keep: bool,
    /// Longer than a word: its column must not shrink to one character a line.
    pub(super) phrase: bool,
    /// Too long for one line of a table.
    pub(super) long: bool,
}

impl Cell {
    /// A number.
    pub(super) fn number(n: u64) -> Self {
        Self {
            text: crate::view::number(n),
            number: true,
            ..Self::default()
        }
    }

    /// What is no number, in a column of numbers.
    pub(super) fn no_number() -> Self {
        Self {
            text: "-".into(),
            number: true,
            ..Self::default()
        }
    }

    /// A link.
    pub(super) fn link(href: String, text: impl Into<String>) -> Self {
        Self {
            href,
            ..Self::from(text)
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        let text = text.into();
        let code = |c: char| c.is_ascii_graphic();
        let is_code = (1..=24).contains(&text.len()) && text.chars().all(code);
        let is_word = (1..=LONGEST_WORD).contains(&text.chars().count()) && !text.contains(' ');
        Self {
            keep: is_code || is_word,
            phrase: text.chars().count() > 6,
            long: text.chars().count() > 24,
            text,
            ..Self::default()
        }
    }
}
