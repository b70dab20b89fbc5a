use super::width;
use crate::Options;

/// Rows as columns two spaces apart, aligned by display width; the last column is as long as it is.
pub fn columns(rows: &[Vec<String>]) -> String {
    let options = Options::default();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|at| {
            rows.iter()
                .filter_map(|row| row.get(at))
                .map(|cell| width::of(cell, &options))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for row in rows {
        let last = row.len().saturating_sub(1);
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(at, (cell, columns))| {
            if at == last {
                cell.clone()
            } else {
                width::pad(cell, *columns, &options)
            }
        });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_cells_align() {
        let row = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect();
        let rows = [
            row(&["番号", "項目", "値"]),
            row(&["F01", "文字コード", "utf-8"]),
            row(&["A1", "", "x"]),
        ];
        assert_eq!(
            columns(&rows),
            "番号  項目        値\nF01   文字コード  utf-8\nA1                x\n"
        );
    }
}
