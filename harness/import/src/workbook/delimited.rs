//! Tables in text files: UTF-8, UTF-16 with a byte order mark, or CP932 (told, since it is a guess).

use renkei_core::model::{Bilingual, Problem, Problems};

use super::{At, Cell, MAX_CELLS, Sheet, Value, Workbook, too_long};

/// Reads a text file as one sheet.
pub(super) fn read(name: &str, bytes: &[u8], max_rows: usize) -> Result<Workbook, Problem> {
    let mut notices = Problems::new();
    let text = decode(name, bytes, &mut notices)?;
    let delimiter = delimiter(name, &text);
    let mut sheet = Sheet {
        file: name.to_owned(),
        ..Sheet::default()
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let (mut row, mut count, mut filled) = (0_u32, 0_usize, 0_usize);
    for record in reader.records() {
        let record = record.map_err(|error| {
            Problem::of_file(
                name,
                Bilingual::new(
                    format!("表として読めません: {error}"),
                    format!("not readable as a table: {error}"),
                ),
                Bilingual::new("UTF-8のCSVで保存してください", "save it as CSV in UTF-8"),
            )
        })?;
        let start = record.position().map_or(0, csv::Position::byte);
        row = row
            .saturating_add(1)
            .saturating_add(blank_lines(&text, start));
        let mut blank = true;
        for (at, value) in (1_u32..).zip(record.iter()) {
            if value.is_empty() {
                continue;
            }
            filled += usize::from(std::mem::take(&mut blank));
            if filled > max_rows {
                return Err(too_long(&sheet, At::new(row, at), max_rows));
            }
            count += 1;
            if count > MAX_CELLS || at > super::address::MAX_COLUMN || row > super::address::MAX_ROW
            {
                return Err(Problem::of_file(
                    name,
                    Bilingual::new(
                        format!("表が大きすぎます（{}のあたり）", At::new(row, at)),
                        format!("the table is too large (around {})", At::new(row, at)),
                    ),
                    Bilingual::new("ファイルを分けてください", "split the file"),
                ));
            }
            sheet.cells.insert(
                At::new(row, at),
                Cell {
                    value: Value::Text(value.to_owned()),
                    shown: value.to_owned(),
                    formula: false,
                    struck: false,
                    recalculated: false,
                },
            );
        }
    }
    Ok(Workbook {
        name: name.to_owned(),
        sheets: vec![sheet],
        notices,
    })
}

fn decode(name: &str, bytes: &[u8], notices: &mut Problems) -> Result<String, Problem> {
    if let Some((encoding, skip)) = encoding_rs::Encoding::for_bom(bytes) {
        let body = bytes.get(skip..).unwrap_or_default();
        return encoding
            .decode_without_bom_handling_and_without_replacement(body)
            .map(std::borrow::Cow::into_owned)
            .ok_or_else(|| {
                illegible(
                    name,
                    &format!("BOMは{0}ですが、{0}として正しくありません", encoding.name()),
                    &format!(
                        "its byte order mark says {0}, but it is not {0}",
                        encoding.name()
                    ),
                )
            });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let text = encoding_rs::SHIFT_JIS
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| {
            illegible(
                name,
                "UTF-8としてもCP932（Shift_JIS）としても読めません",
                "readable neither as UTF-8 nor as CP932 (Shift_JIS)",
            )
        })?;
    notices.push(Problem::of_file(
        name,
        Bilingual::new(
            "UTF-8ではないので、CP932（Shift_JIS）として読みました",
            "it is not UTF-8 and was read as CP932 (Shift_JIS)",
        ),
        Bilingual::default(),
    ));
    Ok(text.into_owned())
}

fn illegible(name: &str, ja: &str, en: &str) -> Problem {
    Problem::of_file(
        name,
        Bilingual::new(ja, en),
        Bilingual::new("UTF-8のCSVで保存してください", "save it as CSV in UTF-8"),
    )
}

/// Lines without any character before the record whose reading began at byte `start`: the reader skips them, Excel
/// shows them as rows.
fn blank_lines(text: &str, start: u64) -> u32 {
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let Some(rest) = text.as_bytes().get(start..) else {
        return 0;
    };
    let after_cr = start > 0 && text.as_bytes().get(start - 1) == Some(&b'\r');
    let rest = rest
        .strip_prefix(b"\n")
        .filter(|_| after_cr)
        .unwrap_or(rest);
    let ends = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
    u32::try_from(ends.filter(|b| **b == b'\n').count()).unwrap_or(u32::MAX)
}

/// Tab when the name or the first line says so.
fn delimiter(name: &str, text: &str) -> u8 {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("");
    let (tabs, commas) = (first.matches('\t').count(), first.matches(',').count());
    let named = name.to_ascii_lowercase().ends_with(".tsv");
    if tabs > commas || (named && tabs >= commas) {
        b'\t'
    } else {
        b','
    }
}
