//! Finding a table by its headings: where they stand, over how many rows, in which columns.

use std::collections::BTreeMap;

use crate::workbook::{At, Sheet, fold};

/// Rows that a header may span.
const MAX_HEADER_ROWS: u32 = 3;
/// Bytes of a text that may be a heading; one of a header is always shorter.
const MAX_HEADING: usize = 300;
/// Characters behind `※` that still are the mark of a note, as in `※1、2`.
const MAX_NOTE_MARK: usize = 4;

/// A column that we know, and how its heading may read. Compared by [`key`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Our name.
    pub(crate) id: &'static str,
    /// Headings, the best first.
    pub(crate) names: &'static [&'static str],
}

/// Known columns with the keys of their names, in order.
struct Names(Vec<(&'static str, String)>);

impl Names {
    fn of(known: &[Known]) -> Self {
        let all = known.iter();
        let keys = all.flat_map(|one| one.names.iter().map(|name| (one.id, key(name))));
        Self(keys.collect())
    }

    /// True when a cell of the row reads like a name, or like the beginning of one (`グループ` above `名称`). A look
    /// that spares the rows of long tables the whole reading.
    fn may_begin_in(&self, sheet: &Sheet, row: u32) -> bool {
        let texts = sheet.row(row).map(|(_, cell)| cell.shown.as_str());
        let mut short = texts.filter(|text| text.len() <= MAX_HEADING);
        short.any(|text| {
            let text = key(text);
            let reads = |name: &String| name.starts_with(&text) || text.starts_with(name);
            !text.is_empty() && self.0.iter().any(|(_, name)| reads(name))
        })
    }
}

/// A header that was found.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// First row of it.
    pub(crate) first: u32,
    /// Last row of it; the data begin below.
    pub(crate) last: u32,
    /// Columns from, to (before the next heading) by our name.
    pub(crate) columns: BTreeMap<&'static str, (u32, u32)>,
    /// Headings that we do not know, with their cells.
    pub(crate) unknown: Vec<(At, String)>,
}

/// What remains of a heading for comparing: letters and digits only, without notes like `※1`.
pub(crate) fn key(text: &str) -> String {
    let folded = fold(text);
    let bare = match folded.split_once('※') {
        // `※1` behind a heading; more than that is a sentence about the column
        Some((bare, mark)) if mark.chars().count() <= MAX_NOTE_MARK => bare,
        _ => &folded,
    };
    bare.chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Header {
    /// First column of one of ours.
    pub(crate) fn column(&self, id: &str) -> Option<u32> {
        self.columns.get(id).map(|(first, _)| *first)
    }

    /// The cell of a row in one of our columns.
    pub(crate) fn at(&self, row: u32, id: &str) -> Option<At> {
        self.column(id).map(|column| At::new(row, column))
    }

    /// What a row says in one of our columns, through merged cells, on one line, trimmed; empty without the column.
    pub(crate) fn text<'a>(&self, sheet: &'a Sheet, row: u32, id: &str) -> &'a str {
        self.at(row, id).map_or("", |at| sheet.merged_text(at))
    }

    /// The cells of a row from the first to the last of our columns, `B7:V7`.
    pub(crate) fn cells(&self, row: u32) -> String {
        let columns = self.columns.values().map(|(column, _)| *column);
        let first = columns.clone().min().unwrap_or(1);
        let last = columns.max().unwrap_or(1);
        format!("{}:{}", At::new(row, first), At::new(row, last))
    }

    /// True for the row below the header when it holds numbers of columns, as printed tables have it: 1, 2, 3 … from left
    /// to right.
    pub(crate) fn is_numbering(&self, sheet: &Sheet, row: u32) -> bool {
        if row != self.last.saturating_add(1) {
            return false;
        }
        let number = |text: &str| -> Option<u32> {
            let bare = fold(text);
            bare.trim_matches(['(', ')']).parse().ok()
        };
        let cells: Vec<Option<u32>> = sheet.row(row).map(|(_, c)| number(&c.shown)).collect();
        let rising = cells
            .windows(2)
            .all(|pair| matches!(pair, [Some(a), Some(b)] if *b == a.saturating_add(1)));
        cells.len() * 2 > self.columns.len() && cells.len() > 2 && rising
    }

    /// True when the row repeats the header, as printed pages do.
    pub(crate) fn is_repeated(&self, sheet: &Sheet, row: u32) -> bool {
        let same = self.columns.values().filter(|(column, _)| {
            let here = key(sheet.merged_text(At::new(row, *column)));
            !here.is_empty()
                && (self.first..=self.last)
                    .any(|r| key(sheet.merged_text(At::new(r, *column))) == here)
        });
        same.count() * 2 > self.columns.len()
    }
}

/// The next header at or below `from` that has all `needed` columns; else the row that has most of `known`, with what
/// it lacks.
pub(crate) fn find(
    sheet: &Sheet,
    from: u32,
    known: &[Known],
    needed: &[&'static str],
) -> Result<Header, Option<(Header, Vec<&'static str>)>> {
    let mut best: Option<(Header, Vec<&'static str>)> = None;
    let names = &Names::of(known);
    for row in sheet.rows().filter(|row| *row >= from) {
        if sheet.row(row).nth(1).is_none() {
            continue; // a label or a title, not the first row of a header
        }
        if !names.may_begin_in(sheet, row) {
            continue;
        }
        let header = read(sheet, row, names);
        let missing: Vec<&'static str> = needed
            .iter()
            .filter(|id| !header.columns.contains_key(*id))
            .copied()
            .collect();
        if missing.is_empty() {
            return Ok(fuller(sheet, header, names, needed));
        }
        let better = best
            .as_ref()
            .is_none_or(|(b, _)| header.columns.len() > b.columns.len());
        if better && !header.columns.is_empty() {
            best = Some((header, missing));
        }
    }
    Err(best)
}

/// The same header from a later one of its rows, when that tells at least as much: a remark above the table may read like
/// a heading.
fn fuller(sheet: &Sheet, found: Header, names: &Names, needed: &[&'static str]) -> Header {
    let mut best = found;
    for row in best.first + 1..=best.last {
        let other = read(sheet, row, names);
        let whole = needed.iter().all(|id| other.columns.contains_key(id));
        if whole && other.columns.len() >= best.columns.len() {
            best = other;
        }
    }
    best
}

/// The header in one row by headings that a user named.
pub(crate) fn by_names(sheet: &Sheet, row: u32, wanted: &[(&'static str, String)]) -> Header {
    let last = sheet
        .row(row)
        .filter_map(|(at, _)| sheet.range_at(at))
        .map(|range| range.to.row)
        .max()
        .unwrap_or(row)
        .clamp(row, row + MAX_HEADER_ROWS - 1);
    let mut columns = BTreeMap::new();
    for (id, heading) in wanted {
        let wanted = fold(heading);
        let hit = (row..=last)
            .flat_map(|r| sheet.row(r))
            .find(|(_, cell)| fold(&cell.shown) == wanted);
        if let Some((at, _)) = hit {
            columns.insert(*id, (at.column, at.column));
        }
    }
    Header {
        first: row,
        last,
        columns,
        unknown: Vec::new(),
    }
}

/// Reads the header that begins in `row`.
fn read(sheet: &Sheet, row: u32, names: &Names) -> Header {
    let last = last_row(sheet, row, names);
    let mut parents: Vec<(u32, String)> = Vec::new();
    let mut columns: Vec<u32> = (row..=last)
        .flat_map(|r| sheet.row(r).map(|(at, _)| at.column))
        .collect();
    columns.sort_unstable();
    columns.dedup();
    let mut headings: Vec<(u32, [String; 3])> = Vec::new();
    for column in columns {
        let own: Vec<String> = (row..=last)
            .map(|r| key(sheet.text(At::new(r, column))))
            .collect();
        let top = own.first().cloned().unwrap_or_default();
        let bottom = own
            .iter()
            .rev()
            .find(|t| !t.is_empty())
            .cloned()
            .unwrap_or_default();
        if !top.is_empty() {
            parents.push((column, top.clone()));
        }
        let carried = parents.last().map_or("", |(_, text)| text.as_str());
        let below: String = own.iter().skip(1).cloned().collect();
        let joined = if below.is_empty() {
            top.clone()
        } else {
            format!("{carried}{below}")
        };
        if !bottom.is_empty() {
            headings.push((column, [joined, bottom, top]));
        }
    }
    let mut found: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut taken: Vec<u32> = Vec::new();
    let mut take = |wanted: &dyn Fn(&[String; 3], &str) -> bool| {
        for (id, name) in &names.0 {
            let hit = headings
                .iter()
                .find(|(column, texts)| !taken.contains(column) && wanted(texts, name));
            if let (Some((column, _)), false) = (hit, found.contains_key(id)) {
                taken.push(*column);
                found.insert(id, *column);
            }
        }
    };
    for form in 0..3 {
        take(&|texts, name| texts.get(form).is_some_and(|text| text == name));
    }
    // "桁数（文字）", "データ型（注）": a heading that only adds something to a name of four letters or "桁数"
    take(&|texts, name| {
        (name.chars().count() >= 3 || name == "桁数")
            && texts.iter().any(|text| {
                text.strip_prefix(name)
                    .is_some_and(|rest| !rest.is_empty() && !rest.starts_with("id"))
            })
    });
    spans(sheet, (row, last), &headings, found)
}

fn spans(
    sheet: &Sheet,
    rows: (u32, u32),
    headings: &[(u32, [String; 3])],
    found: BTreeMap<&'static str, u32>,
) -> Header {
    let next = |column: u32| {
        let later = headings.iter().map(|(c, _)| *c).find(|c| *c > column);
        let merged = sheet
            .range_at(At::new(rows.0, column))
            .map_or(column + 1, |range| range.to.column); // the second cell of a split id has no heading
        later.map_or(merged, |later| later - 1)
    };
    let columns = found
        .iter()
        .map(|(id, column)| (*id, (*column, next(*column))))
        .collect();
    let unknown = headings
        .iter()
        .filter(|(column, _)| !found.values().any(|c| c == column))
        .map(|(column, texts)| {
            let text = texts.first().cloned().unwrap_or_default();
            (At::new(rows.0, *column), text)
        })
        .collect();
    Header {
        first: rows.0,
        last: rows.1,
        columns,
        unknown,
    }
}

/// The last row of a header that begins in `row`: as far as its merged cells reach, or one more row when that row holds
/// names of columns that the first does not.
fn last_row(sheet: &Sheet, row: u32, names: &Names) -> u32 {
    let merged = sheet
        .row(row)
        .filter_map(|(at, _)| sheet.range_at(at))
        .map(|range| range.to.row)
        .max()
        .unwrap_or(row)
        .min(row + MAX_HEADER_ROWS - 1);
    if merged > row {
        return merged;
    }
    let is_name = |text: &str| {
        let text = key(text);
        !text.is_empty() && names.0.iter().any(|(_, name)| *name == text)
    };
    let here = sheet.row(row).filter(|(_, c)| is_name(&c.shown)).count();
    let next = sheet
        .row(row + 1)
        .filter(|(_, c)| is_name(&c.shown))
        .count();
    let free = sheet
        .row(row + 1)
        .filter(|(at, c)| is_name(&c.shown) && sheet.text(At::new(row, at.column)).is_empty())
        .count();
    if here > 0 && next > 0 && free > 0 {
        row + 1
    } else {
        row
    }
}
