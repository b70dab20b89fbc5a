//! Reads one CSV table row by row, each mistake at its line.

use serde::de::DeserializeOwned;

use crate::model::{Bilingual, Problem, Problems};

/// The rows of a table with their 1-based lines; rows that cannot be read become problems.
pub(super) fn rows<T: DeserializeOwned>(
    file: &str,
    bytes: &[u8],
    problems: &mut Problems,
) -> Vec<(usize, T)> {
    let mut rows = Vec::new();
    if bytes.is_empty() {
        return rows;
    }
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(unreadable(file, &error));
            return rows;
        }
    };
    for record in reader.records() {
        let read = record.and_then(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            let line = usize::try_from(line).unwrap_or(0);
            Ok((line, record.deserialize(Some(&header))?))
        });
        match read {
            Ok(row) => rows.push(row),
            Err(error) => problems.push(unreadable(file, &error)),
        }
    }
    rows
}

fn unreadable(file: &str, error: &csv::Error) -> Problem {
    let message = Bilingual::new(
        format!("行を読めません: {error}"),
        format!("row cannot be read: {error}"),
    );
    let line = error.position().map_or(0, csv::Position::line);
    Problem {
        line: usize::try_from(line).unwrap_or(0),
        ..wrong(file, 0, message)
    }
}

/// A mistake in a row.
pub(super) fn wrong(file: &str, line: usize, message: Bilingual) -> Problem {
    let help = Bilingual::new(
        "specs/README.md の列の表と比べてください",
        "compare with the columns in specs/README.md",
    );
    Problem {
        line,
        ..Problem::of_file(file, message, help)
    }
}
