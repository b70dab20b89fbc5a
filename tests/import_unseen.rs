//! Workbooks of the official form with other content, made here cell by cell: every cell arrives in the pack, and files
//! with planted defects are told from conforming ones.
#![allow(
    clippy::too_many_lines,
    reason = "workbooks and defects are long lists"
)]

mod book;

use serde_json::Value;

use crate::harness::Bench;
use book::{Cell, Formula, No, Number, Text, items, workbook};

fn import(bench: &Bench, file: &str, code: i32) -> String {
    let args = [
        "spec",
        "import",
        file,
        "--out",
        "packs",
        "--id",
        "kaigo",
        "--pack-version",
        "1",
        "--lang",
        "ja",
    ];
    let called = bench.renkei(&args).expect_code(code);
    called.stdout + &called.stderr
}

fn columns(bench: &Bench, layout: &str, wanted: &[&str]) -> Vec<String> {
    let path = bench
        .path()
        .join("packs/kaigo/1/layouts")
        .join(layout)
        .join("fields.csv");
    let text = std::fs::read_to_string(path).expect("fields.csv");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or("").split(',').collect();
    let rows =
        lines.filter(|line| line.split(',').count() == names.len() || line.starts_with(",4,"));
    rows.map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let at = |name: &&str| {
            names
                .iter()
                .position(|n| n == name)
                .and_then(|i| cells.get(i))
                .copied()
                .unwrap_or("?")
        };
        wanted.iter().map(at).collect::<Vec<_>>().join(" ")
    })
    .collect()
}

#[test]
fn every_cell_of_an_unseen_workbook_arrives() {
    let bench = Bench::new();
    bench.write("kaigo.xlsx", workbook(&items(Text("９"))));
    let told = import(&bench, "kaigo.xlsx", 0);
    assert!(told.contains("解釈できなかったもの: 0"), "{told}");
    let wanted = [
        "no", "item_id", "name", "roman", "pk", "type", "length", "code", "output",
    ];
    assert_eq!(
        columns(&bench, "受給者情報", &wanted),
        [
            "1 01200001 管理番号 kanribango 1 X 10  required",
            "2 01200002 氏名 shimei  N 20  required",
            "3 01200003 異動区分 kubun  X 1 007 required",
            "4 01200004 異動日 idobi  DATE 10  conditional",
        ]
    );
    assert_eq!(
        columns(&bench, "支給情報", &wanted),
        [
            "1 01200005 管理番号 kanribango 1 X 10  required",
            "2 01200006 支給額 kingaku  9 9  optional",
            // its length holds a comma and stands in quotes, so this row is looked at below
            "4 01200008 性別 seibetsu  X 1 住民記録-007 optional",
        ]
    );
    let read = |path: &str| {
        std::fs::read_to_string(bench.path().join("packs/kaigo/1").join(path)).expect("a file")
    };
    assert!(read("layouts/支給情報/fields.csv").contains(",9V,\"3,2\","));
    assert!(read("layouts/受給者情報/fields.csv").contains("conditional,kubun = '2',"));
    assert!(read("codes/007.csv").contains("1,新規,,,,\n2,変更,"));
    assert!(read("codes/住民記録-007.csv").contains("1,男,,,,\n2,女,"));
}

#[test]
fn its_pack_finds_planted_defects_and_nothing_in_generated_files() {
    let bench = Bench::new();
    bench.write("kaigo.xlsx", workbook(&items(Text("９"))));
    import(&bench, "kaigo.xlsx", 0);
    let findings = |name: &str, layout: &str| -> Vec<(String, u64, String)> {
        let spec = format!("kaigo/{layout}");
        let called = bench.renkei(&[
            "check", name, "--spec", &spec, "--packs", "packs", "--format", "json",
        ]);
        let document: Value = serde_json::from_str(&called.stdout).expect("a result");
        let all = document["findings"].as_array().expect("findings").iter();
        all.map(|f| {
            let place = &f["location"];
            let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
            (
                text(&f["rule"]),
                place["record"].as_u64().unwrap_or(0),
                text(&place["field"]),
            )
        })
        .collect()
    };
    for layout in ["受給者情報", "支給情報"] {
        for seed in ["1", "2", "3"] {
            let spec = format!("kaigo/{layout}");
            bench
                .renkei(&[
                    "generate",
                    &spec,
                    "--packs",
                    "packs",
                    "--records",
                    "40",
                    "--seed",
                    seed,
                    "--out",
                    "made.csv",
                ])
                .expect_code(0);
            assert_eq!(findings("made.csv", layout), [], "{layout} {seed}");
        }
    }
    let people = "0000000001,見本　太郎,1,\r\n0000000002,見本　花子,2,2024-02-29\r\n";
    let payments = "0000000001,1000,12.5,1\r\n0000000002,,,2\r\n";
    for (layout, whole, from, to, rule, record, field) in [
        (
            "受給者情報",
            people,
            "0000000002",
            "0000000001",
            "XRF-001",
            2,
            "kanribango",
        ),
        (
            "受給者情報",
            people,
            "0000000002",
            "",
            "VAL-001",
            2,
            "kanribango",
        ),
        (
            "受給者情報",
            people,
            "0000000002",
            "00000000002",
            "VAL-003",
            2,
            "kanribango",
        ),
        (
            "受給者情報",
            people,
            "0000000002",
            "000000000２",
            "VAL-004",
            2,
            "kanribango",
        ),
        (
            "受給者情報",
            people,
            "見本　太郎",
            "ﾐﾎﾝ",
            "VAL-004",
            1,
            "shimei",
        ),
        (
            "受給者情報",
            people,
            "太郎,1",
            "太郎,3",
            "VAL-008",
            1,
            "kubun",
        ),
        (
            "受給者情報",
            people,
            "2024-02-29",
            "",
            "VAL-002",
            2,
            "idobi",
        ),
        (
            "受給者情報",
            people,
            "2024-02-29",
            "2023-02-29",
            "VAL-006",
            2,
            "idobi",
        ),
        (
            "受給者情報",
            people,
            "2024-02-29",
            "令和6年2月",
            "VAL-006",
            2,
            "idobi",
        ),
        ("受給者情報", people, ",2024-02-29", "", "LAY-002", 2, ""),
        (
            "受給者情報",
            people,
            "太郎,1,\r\n",
            "太郎,1,\n",
            "LAY-004",
            1,
            "",
        ),
        ("支給情報", payments, ",1000,", ",1,000,", "LAY-002", 1, ""),
        (
            "支給情報",
            payments,
            ",1000,",
            ",-1,",
            "VAL-005",
            1,
            "kingaku",
        ),
        (
            "支給情報",
            payments,
            ",1000,",
            ",1000000000,",
            "VAL-003",
            1,
            "kingaku",
        ),
        (
            "支給情報",
            payments,
            "12.5",
            "12.555",
            "VAL-003",
            1,
            "ritsu",
        ),
        ("支給情報", payments, "12.5", "12..5", "VAL-005", 1, "ritsu"),
        (
            "支給情報",
            payments,
            ",,,2",
            ",,,0",
            "VAL-008",
            2,
            "seibetsu",
        ),
        (
            "支給情報",
            payments,
            "0000000002,,,2\r\n",
            "0000000002,,,2",
            "LAY-005",
            0,
            "",
        ),
    ] {
        assert_eq!(whole.matches(from).count(), 1, "{from}");
        bench.write("bad.csv", whole.replace(from, to));
        let found = findings("bad.csv", layout);
        let [(code, at, of)] = found.as_slice() else {
            panic!("{layout} {from} → {to}: {found:?}");
        };
        assert_eq!(code, rule, "{from} → {to}");
        assert!(record == 0 || *at == record, "{from} → {to}: {found:?}");
        assert!(field.is_empty() || of == field, "{from} → {to}: {found:?}");
    }
}

#[test]
fn formulas_without_results_name_their_cell_and_import_nothing() {
    let bench = Bench::new();
    bench.write("kaigo.xlsx", workbook(&items(Formula("A10"))));
    let told = import(&bench, "kaigo.xlsx", 2);
    assert!(
        told.contains("「介護保険」 A11: 数式の計算結果が保存されていません"),
        "{told}"
    );
    assert!(!bench.path().join("packs").exists());
    // names of calls are put together from the cells that they join, and said
    let request = |id: Cell, kind: Cell, heading: &'static str| {
        let rows = vec![
            (1, vec![Text("HTTPメソッド：POST")]),
            (3, vec![Text("リクエストID"), id]),
            (4, vec![Text("パラメータ")]),
            (
                5,
                vec![
                    Text("項番"),
                    Text(heading),
                    Text("項目名"),
                    Text("必須"),
                    Text("データ型"),
                    Text("データ長"),
                    Text("記述例"),
                ],
            ),
            (6, vec![No, No, No, No, No, Text("桁数")]),
            (
                7,
                vec![
                    Number(1),
                    Text("bango"),
                    Text("番号"),
                    Text("◎"),
                    kind,
                    Number(5),
                    Text("bango=1"),
                ],
            ),
        ];
        let calls = vec![(10, vec![No, No, Text("app/v1/setai")])];
        workbook(&[("API概要", calls, &[]), ("要求", rows, &[])])
    };
    let id = Formula("API概要!$C$10&\"_R01\"");
    bench.write("api.xlsx", request(id, Number(9), "パラメータ名"));
    let told = import(&bench, "api.xlsx", 0);
    assert!(
        told.contains("「要求」B3") && told.contains("app/v1/setai"),
        "{told}"
    );
    let path = bench.path().join("packs/kaigo/1/apis/setai/openapi.yaml");
    let document = std::fs::read_to_string(path).expect("the API");
    assert!(
        document.contains("/app/v1/setai:") && document.contains("maximum: 99999"),
        "{document}"
    );
    std::fs::remove_dir_all(bench.path().join("packs")).expect("the pack goes");
    for (file, part) in [
        (
            request(Formula("UPPER(A1)"), Number(9), "パラメータ名"),
            "「要求」 B3: 数式",
        ),
        (
            request(id, Formula("E8"), "パラメータ名"),
            "「要求」 E7: 数式",
        ),
        (
            request(id, Number(9), "引数"),
            "「要求」 A5: 見出し「パラメータ名」がありません",
        ),
    ] {
        bench.write("bad.xlsx", file);
        let told = import(&bench, "bad.xlsx", 2);
        assert!(told.contains(part), "{told}");
        assert!(!bench.path().join("packs").exists());
    }
}
