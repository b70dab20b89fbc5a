//! Every item that an exchange shows has a seeded deviation of its own, and the table of the documents says where.

use crate::harness::root;

/// Letters of the table, and the tests they stand for.
const TESTS: &[(&str, &str)] = &[
    ("F", "harness/core/src/judge/seen/deviation_tests.rs"),
    ("X", "tests/agreement_exchanges.rs"),
    ("J", "harness/core/src/judge/seen/tests.rs"),
    ("J", "harness/core/src/judge/seen/call_tests.rs"),
    ("C", "tests/agreement_calls.rs"),
    ("R", "tests/agreement_retries.rs"),
];

/// Shown, but nothing can deviate: exchanges of the other kind are left out; an answer in words is no limit.
const NO_DEVIATION: &[&str] = &["T01", "X09"];

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn every_item_that_is_seen_is_proven_and_the_table_is_true() {
    let table = text("docs/agreement-items.md");
    let tests: Vec<(&str, String)> = TESTS
        .iter()
        .map(|(letter, path)| (*letter, text(path)))
        .collect();
    let items = renkei_core::spec::Catalogue::load(
        &{
            let mut files = renkei_core::spec::Files::new();
            files.insert(
                "agreement-items.csv",
                text("specs/linkage-items/1/agreement-items.csv"),
            );
            files
        },
        "linkage-items",
        &mut Vec::new(),
    )
    .items;
    assert!(items.len() >= 80);
    let mut wrong = Vec::new();
    for item in &items {
        let quoted = format!("\"{}\"", item.id);
        let mut proven: Vec<&str> = tests
            .iter()
            .filter(|(_, t)| t.contains(&quoted))
            .map(|(l, _)| *l)
            .collect();
        proven.dedup();
        let needed = !item.setting.is_empty() && !NO_DEVIATION.contains(&item.id.as_str());
        if needed && proven.is_empty() {
            wrong.push(format!("{}: no deviation is seeded", item.id));
        }
        let row = table
            .lines()
            .find(|l| l.starts_with(&format!("| {} |", item.id)));
        let cells: Vec<&str> = row.unwrap_or_default().split('|').map(str::trim).collect();
        let setting = match item.setting.as_str() {
            "" => "観測できない".to_owned(),
            setting => format!("`{setting}`"),
        };
        let told: Vec<&str> = cells.get(5).map_or(Vec::new(), |c| c.split(' ').collect());
        if cells.get(3) != Some(&setting.as_str())
            || (needed && !proven.iter().all(|p| told.contains(p)))
        {
            wrong.push(format!(
                "{}: the table says {cells:?}, proven by {proven:?}",
                item.id
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
