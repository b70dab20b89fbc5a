//! Addresses of cells and ranges, as Excel writes them.

use std::fmt;

/// Highest column, `XFD`.
pub(super) const MAX_COLUMN: u32 = 16_384;
/// Highest row.
pub(super) const MAX_ROW: u32 = 1_048_576;

/// A cell's address; row and column are 1-based, so `B7` is row 7, column 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// 1-based row.
    pub row: u32,
    /// 1-based column.
    pub column: u32,
}

impl At {
    /// A cell by row and column, both 1-based.
    pub fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }

    /// Reads `B7`, also `$B$7`; `None` for anything else or beyond Excel's last row and column.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.replace('$', "");
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (letters, digits) = text.split_at(letters);
        if letters.is_empty() || letters.len() > 3 || digits.is_empty() || digits.len() > 7 {
            return None;
        }
        let column = letters.bytes().fold(0, |sum: u32, letter| {
            sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
        });
        let row = digits.parse().ok()?;
        let inside = (1..=MAX_ROW).contains(&row) && (1..=MAX_COLUMN).contains(&column);
        inside.then_some(Self { row, column })
    }

    /// The cell `rows` below.
    pub fn below(self, rows: u32) -> Self {
        Self::new(self.row.saturating_add(rows), self.column)
    }

    /// The cell `columns` to the right.
    pub fn right(self, columns: u32) -> Self {
        Self::new(self.row, self.column.saturating_add(columns))
    }
}

/// Letters of a 1-based column: 1 is `A`, 28 is `AB`.
pub(super) fn letters(column: u32) -> String {
    let mut rest = column;
    let mut out = Vec::new();
    while rest > 0 {
        let digit = (rest - 1) % 26;
        out.push(b'A' + u8::try_from(digit).unwrap_or(0));
        rest = (rest - 1) / 26;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", letters(self.column), self.row)
    }
}

/// A rectangle of cells, both corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Top left.
    pub from: At,
    /// Bottom right.
    pub to: At,
}

impl Range {
    /// Reads `B5:C6` or a single cell.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let (a, b) = (At::parse(from)?, At::parse(to)?);
        Some(Self {
            from: At::new(a.row.min(b.row), a.column.min(b.column)),
            to: At::new(a.row.max(b.row), a.column.max(b.column)),
        })
    }

    /// True when the cell lies inside.
    pub fn holds(&self, at: At) -> bool {
        (self.from.row..=self.to.row).contains(&at.row)
            && (self.from.column..=self.to.column).contains(&at.column)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_there_and_back() {
        for text in ["A1", "Z9", "AA10", "DK55", "XFD1048576"] {
            assert_eq!(
                At::parse(text).map(|at| at.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in [
            "", "A", "1", "A0", "XFE1", "A1048577", "AAAA1", "あ1", "A-1",
        ] {
            assert_eq!(At::parse(text), None, "{text}");
        }
        assert_eq!(At::parse("$b$7"), Some(At::new(7, 2)));
    }

    #[test]
    fn ranges_are_rectangles() {
        let range = Range::parse("C6:B5").expect("a range");
        assert_eq!(range.to_string(), "B5:C6");
        assert!(range.holds(At::new(6, 2)) && !range.holds(At::new(7, 2)));
    }
}
