//! `renkei spec import` through the binary: the pack appears whole or not at all, and finds defects at once.

use serde_json::Value;

use crate::harness::Bench;

const LIST: &str = "■項目定義書,,,,,,,,,\n\nデータ項目ID,データ項目,データ項目（ローマ字）,グループ_名称,グループ_主キー,データ型,桁数,コード,データ出力条件,項目説明\n02000001,世帯番号,setaibango,世帯情報,○,X,8,,必須,\n02000002,世帯主氏名,setainushi_shimei,世帯情報,,Ｎ,20,,任意,\n02000003,転入日,tennyubi,世帯情報,,DATE,10,,条件付き必須,※※異動区分「1」の場合は出力必須\n02000004,異動区分,idokubun,世帯情報,,9,1,－,必須,\n";

#[test]
fn an_imported_pack_finds_planted_defects() {
    let bench = Bench::new();
    bench.write("list.csv", LIST);
    let called = bench
        .renkei(&[
            "spec",
            "import",
            "list.csv",
            "--out",
            "packs",
            "--id",
            "setai",
            "--pack-version",
            "1",
            "--format",
            "json",
        ])
        .expect_code(0);
    let report: Value = serde_json::from_str(&called.stdout).expect("a JSON report");
    assert_eq!(report["pack"], "setai@1");
    assert_eq!(report["sheets"][0]["rows_interpreted"], 4);
    let fine = "00000001,見本　太郎,2024-02-29,1\r\n00000002,,,2\r\n";
    let check = |name: &str, content: &str| {
        bench.write(name, content);
        let called = bench.renkei(&[
            "check",
            name,
            "--spec",
            "setai/世帯情報",
            "--packs",
            "packs",
            "--format",
            "json",
        ]);
        let document: Value = serde_json::from_str(&called.stdout).expect("a result");
        document["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|f| f["rule"].as_str().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert!(check("fine.csv", fine).is_empty());
    for (from, to, rule) in [
        ("00000002", "00000001", "XRF-001"),
        ("00000002", "000000002", "VAL-003"),
        ("00000002", "", "VAL-001"),
        ("見本　太郎", "ﾐﾎﾝ", "VAL-004"),
        ("2024-02-29", "2023-02-29", "VAL-006"),
        ("2024-02-29", "", "VAL-002"),
        (",,,2", ",,,二", "VAL-005"),
        (",,,2", ",,2", "LAY-002"),
    ] {
        assert_eq!(
            check("bad.csv", &fine.replace(from, to)),
            [rule],
            "{from} {to}"
        );
    }
}

#[test]
fn nothing_is_half_imported_and_nothing_overwritten() {
    let bench = Bench::new();
    bench.write("list.csv", LIST);
    bench.write("cut.xlsx", b"PK\x03\x04 and no more");
    bench.write(
        "odd.csv",
        LIST.replace(
            "データ項目,データ項目（ローマ字）",
            "品名,データ項目（ローマ字）",
        ),
    );
    for (file, part) in [
        ("cut.xlsx", "途中で切れて"),
        ("odd.csv", "A3: 見出し「データ項目」がありません"),
        ("none.xlsx", "none.xlsx"),
    ] {
        let called = bench
            .renkei(&["spec", "import", file, "--out", "packs"])
            .expect_code(2);
        assert!(called.stderr.contains(part), "{}", called.stderr);
        assert!(!bench.path().join("packs").exists());
    }
    let import = |more: &[&str]| {
        let mut args = vec!["spec", "import", "list.csv", "--out", "packs"];
        args.extend(more);
        bench.renkei(&args)
    };
    import(&[]).expect_code(0);
    let called = import(&[]).expect_code(2);
    assert!(called.stderr.contains("--replace"), "{}", called.stderr);
    import(&["--replace"]).expect_code(0);
    let left: Vec<_> = std::fs::read_dir(bench.path().join("packs"))
        .expect("the folder")
        .flatten()
        .map(|e| e.file_name())
        .collect();
    assert_eq!(left, ["list"], "no scratch folder is left");
    let called = import(&["--id", "../x"]).expect_code(2);
    assert!(called.stderr.contains("フォルダ名"), "{}", called.stderr);
}

#[test]
fn what_is_not_understood_is_an_incomplete_import() {
    let bench = Bench::new();
    bench.write("list.csv", LIST.replace("Ｎ,20", "漢字,20"));
    let called = bench
        .renkei(&["spec", "import", "list.csv", "--out", "packs"])
        .expect_code(3);
    assert!(
        called.stdout.contains("F5: データ型「漢字」"),
        "{}",
        called.stdout
    );
    assert!(
        called.stderr.contains("解釈できない箇所が1件") && called.stderr.contains("--strict"),
        "{}",
        called.stderr
    );
    let strict = ["spec", "import", "list.csv", "--out", "other", "--strict"];
    let called = bench.renkei(&strict).expect_code(2);
    assert!(called.stderr.contains("何も取り込んでいません"));
    assert!(!bench.path().join("other").exists());
}

/// An archive with one empty part.
fn archive(part: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(part, zip::write::SimpleFileOptions::default())
        .expect("an entry");
    zip.finish().expect("an archive").into_inner()
}

#[test]
fn other_documents_are_called_by_their_names_and_endless_tables_end_early() {
    let bench = Bench::new();
    let head = LIST.lines().nth(2).expect("the headings");
    let row = "02000001,世帯番号,setaibango,世帯情報,○,X,8,,必須,\n";
    for (name, content, part) in [
        ("a.xlsx", archive("word/document.xml"), "Wordの文書"),
        ("b.xlsx", archive("ppt/presentation.xml"), "PowerPoint"),
        ("c.ods", archive("mimetype"), "OpenDocument"),
        ("d.xlsx", b"\x89PNG\r\n\x1A\n".to_vec(), "画像"),
        ("e.pdf", b"%PDF-1.7\n".to_vec(), "PDF"),
        (
            "f.csv",
            format!("{head}\n{}", row.repeat(50_001)).into_bytes(),
            "f.csv A50001: 中身のある行が50000行を超えています",
        ),
    ] {
        bench.write(name, content);
        let called = bench
            .renkei(&["spec", "import", name, "--out", "packs"])
            .expect_code(2);
        assert!(called.stderr.contains(part), "{}", called.stderr);
        assert!(!bench.path().join("packs").exists());
    }
}

#[test]
fn a_table_with_headings_of_its_own_prints_a_mapping_first() {
    let bench = Bench::new();
    bench.write(
        "icd.csv",
        "項番,項目名,型,バイト数\n1,番号,数字,3\n2,名称,文字,5\n",
    );
    let called = bench
        .renkei(&["spec", "import", "icd.csv", "--out", "packs"])
        .expect_code(2);
    assert!(called.stderr.contains("--mapping") && !bench.path().join("packs").exists());
    bench.write("map.toml", called.stdout);
    bench
        .renkei(&[
            "spec",
            "import",
            "icd.csv",
            "--out",
            "packs",
            "--mapping",
            "map.toml",
        ])
        .expect_code(0);
    bench.write("ok.dat", "001AB   \r\n");
    bench
        .renkei(&["check", "ok.dat", "--spec", "icd/icd", "--packs", "packs"])
        .expect_code(0);
    bench.write("bad.dat", "00xAB   \r\n");
    bench
        .renkei(&["check", "bad.dat", "--spec", "icd/icd", "--packs", "packs"])
        .expect_code(1);
}
