//! One defect over several runs, as the workbook tells it.

use std::collections::BTreeMap;

use super::{bundle, issues, sync, table};
use crate::harness::Bench;

/// The rows of kadai.xlsx, by heading.
fn rows(bench: &Bench) -> Vec<BTreeMap<String, String>> {
    issues(bench, &["export", "--out", "kadai.xlsx"]).expect_code(0);
    let text = table(bench);
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let headings: Vec<String> = lines.next().expect("headings").collect();
    lines
        .map(|cells| headings.iter().cloned().zip(cells).collect())
        .collect()
}

/// The workbook that people see says it: one row, counted, and back for another look after its approval.
#[test]
fn three_runs_make_one_row_and_a_relapse_after_approval_is_counted_in_it() {
    let bench = Bench::new();
    for day in 1..=3 {
        sync(&bench, &bundle(&bench, day, 0..1));
    }
    let of = |row: &BTreeMap<String, String>| {
        let word = |name: &str| -> String {
            let (_, value) = row
                .iter()
                .find(|(heading, _)| heading.starts_with(name))
                .expect(name);
            value.clone()
        };
        ["課題番号", "検出件数", "再発回数", "対応状況"].map(word)
    };
    let told = |bench: &Bench| rows(bench).iter().map(of).collect::<Vec<_>>();
    assert_eq!(told(&bench), [["K-0001", "3", "0", "起票案"]]);
    issues(&bench, &["adopt", "K-0001", "--by", "担当者-01"]).expect_code(0);
    for (to, by) in [
        ("検討", "担当者-01"),
        ("対応", "担当者-01"),
        ("承認", "担当者-02"),
    ] {
        issues(&bench, &["move", "K-0001", "--to", to, "--by", by]).expect_code(0);
    }
    assert_eq!(told(&bench), [["K-0001", "3", "0", "承認"]]);
    // A run from before the approval, read in late, says nothing against it.
    sync(&bench, &bundle(&bench, 4, 0..1));
    assert_eq!(told(&bench), [["K-0001", "4", "0", "承認"]]);
    // Gone, then there again.
    sync(&bench, &bundle(&bench, 5, 0..0));
    sync(&bench, &bundle(&bench, 6, 0..1));
    assert_eq!(told(&bench), [["K-0001", "5", "1", "検討"]]);
}
