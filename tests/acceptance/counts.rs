//! Verdicts are counted alike in the matrix that people see, its long form, the result document and JUnit.

use std::collections::BTreeMap;
use std::path::Path;

use renkei_core::model::{Lang, Verdict, aggregate};
use renkei_report::words;
use serde_json::{Value, json};

use super::read;
use crate::crowd::changed;
use crate::harness::Bench;
use crate::register::bundle;
use crate::reports::only_run;

/// Number of something by its verdict, in the word of the documents.
pub(super) type Counts = BTreeMap<String, u64>;

fn counted<'a>(verdicts: impl IntoIterator<Item = &'a str>) -> Counts {
    let mut counts = Counts::new();
    for verdict in verdicts {
        *counts.entry(verdict.to_owned()).or_default() += 1;
    }
    counts
}

fn word(verdict: Verdict) -> String {
    words::of(Lang::Ja, "verdict", verdict.as_str())
}

/// The verdict of a Japanese word.
fn of_word(told: &str) -> &'static str {
    let all = Verdict::ALL.into_iter();
    let mut known = all.filter(|v| word(*v) == told).map(Verdict::as_str);
    known.next().unwrap_or("no verdict")
}

/// Verdicts of pairs and linkages, and of cases.
#[derive(Debug, PartialEq)]
pub(super) struct Told {
    pub(super) cells: Counts,
    pub(super) cases: Counts,
}

/// From the result document: cells by the rule for groups.
fn of_json(document: &Value) -> Told {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let mut cells: BTreeMap<[String; 3], Vec<(Verdict, bool)>> = BTreeMap::new();
    let mut cases = Vec::new();
    for case in document["cases"].as_array().expect("cases") {
        let key = ["from", "to", "linkage"].map(|key| text(&case[key]));
        let verdict: Verdict = serde_json::from_value(case["verdict"].clone()).expect("a verdict");
        let required = case["required"] == true;
        cells.entry(key).or_default().push((verdict, required));
        cases.push(verdict.as_str());
    }
    let cells = cells.into_values().map(|of| aggregate(of).as_str());
    Told {
        cells: counted(cells),
        cases: counted(cases),
    }
}

/// From the matrix as people see it: what each cell is called. The verdict's word is its last.
fn of_html(page: &str) -> Counts {
    let table = page.split("</table>").next().expect("a table");
    let labels = table.split("<td").skip(1).filter_map(|cell| {
        let (_, label) = cell.split_once("aria-label=\"")?;
        let label = label.split('"').next()?;
        // The glyph and the word inside say the same as the name of the link.
        let told = label.rsplit(' ').next()?;
        assert!(cell.matches(told).count() >= 2, "{cell}");
        Some(of_word(told))
    });
    counted(labels)
}

/// From the long form, read by an independent reader.
fn of_workbook(path: &Path) -> Told {
    use calamine::{Reader, Xlsx, open_workbook};
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let sheet = book
        .worksheet_range("組合せと連携の判定")
        .expect("the sheet");
    let rows: Vec<Vec<String>> = sheet
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect();
    let at = |name: &str| rows[0].iter().position(|h| h.starts_with(name));
    let verdict = at("判定").expect("a column");
    let mut cases = Counts::new();
    for one in Verdict::ALL {
        let heading = match one {
            Verdict::ToolError => "障害の件数".to_owned(),
            one => format!("{}の件数", word(one)),
        };
        let column = at(&heading).unwrap_or_else(|| panic!("{heading}: {:?}", rows[0]));
        let sum = rows[1..]
            .iter()
            .map(|row| row[column].parse::<u64>().expect("a number"));
        let sum: u64 = sum.sum();
        if sum > 0 {
            cases.insert(one.as_str().to_owned(), sum);
        }
    }
    Told {
        cells: counted(rows[1..].iter().map(|row| of_word(&row[verdict]))),
        cases,
    }
}

/// From JUnit: the attribute `status` of the test cases of linkages, and the totals that programs show.
fn of_junit(xml: &str) -> Counts {
    let mut statuses = Vec::new();
    let mut totals = [0u64; 3];
    for suite in xml.split("<testsuite ").skip(1) {
        if suite.starts_with("name=\"preflight\"") || suite.starts_with("name=\"declarations\"") {
            continue;
        }
        let value = |part: &str, key: &str| -> String {
            let (_, rest) = part
                .split_once(&format!(" {key}=\""))
                .expect("an attribute");
            rest.split('"').next().unwrap_or_default().to_owned()
        };
        for (total, key) in totals.iter_mut().zip(["failures", "errors", "tests"]) {
            *total += value(suite, key).parse::<u64>().expect("a number");
        }
        statuses.extend(
            suite
                .split("<testcase")
                .skip(1)
                .map(|case| value(case, "status")),
        );
    }
    let counts = counted(statuses.iter().map(String::as_str));
    let of = |verdicts: &[&str]| verdicts.iter().filter_map(|v| counts.get(*v)).sum::<u64>();
    let errors = of(&["tool_error", "inconclusive", "review"]);
    assert_eq!(totals, [of(&["fail"]), errors, statuses.len() as u64]);
    counts
}

/// All four of one run; they have to say the same.
pub(super) fn told(bench: &Bench, run: &Path, out: &str) -> Told {
    let target = run.display().to_string();
    let formats = ["--format", "site,matrix,json,junit", "--out", out];
    bench
        .renkei(&[&["report", &target], &formats[..]].concat())
        .expect_code(0);
    let out = bench.path().join(out);
    let document: Value = serde_json::from_str(&read(&out.join("result.json"))).expect("JSON");
    let json = of_json(&document);
    let stated: Counts = serde_json::from_value(document["counts"].clone()).expect("counts");
    let stated: Counts = stated.into_iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(stated, json.cases, "the counts that the document states");
    assert_eq!(of_junit(&read(&out.join("junit.xml"))), json.cases, "JUnit");
    assert_eq!(of_workbook(&out.join("matrix.xlsx")), json, "matrix.xlsx");
    assert_eq!(
        of_html(&read(&out.join("matrix.html"))),
        json.cells,
        "matrix.html"
    );
    json
}

#[test]
fn matrix_workbook_json_and_junit_give_equal_counts() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test");
    bench
        .renkei(&["run", "joint-test/plan.toml", "--out", "runs"])
        .expect_code(1);
    let real = told(&bench, &only_run(&bench.path().join("runs")), "real");
    assert!(
        real.cases["fail"] >= 3 && real.cells.values().sum::<u64>() == 4,
        "{real:?}"
    );

    // Every verdict, required and not, several cases in a cell, linkages that several pairs share.
    let made = bundle(&bench, 2, 0..1);
    changed(&made, |document| {
        let party = |n: usize| {
            let name = json!({ "ja": format!("第{n}社"), "en": format!("Vendor {n}") });
            json!({ "id": format!("p{n}"), "role": "both", "name": name, "product": "P", "version": "1", "stand_in": n == 4 })
        };
        document["parties"] = (0..6).map(party).collect();
        let case = document["cases"][0].clone();
        let own = |n: usize| {
            let mut case = case.clone();
            case["id"] = format!("C-{n:03}").into();
            case["from"] = format!("p{}", n % 5).into();
            case["to"] = format!("p{}", n % 5 + 1).into();
            case["linkage"] = format!("L-{:02}", n / 2 % 9).into();
            case["required"] = (!n.is_multiple_of(3)).into();
            case["verdict"] = Verdict::ALL[n * n % 31 % 7].as_str().into();
            case
        };
        let cases: Vec<Value> = (0..140).map(own).collect();
        let verdicts = cases.iter().filter_map(|case| case["verdict"].as_str());
        document["counts"] = json!(counted(verdicts));
        document["cases"] = cases.into();
    });
    let made = told(&bench, &made, "made");
    assert_eq!(made.cases.len(), Verdict::ALL.len(), "{made:?}");
    assert!(
        made.cells.len() >= 4 && made.cells.values().sum::<u64>() < 140,
        "{made:?}"
    );
}
