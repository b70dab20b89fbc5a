//! Personal data through the binary: test data out of real files, ledger, erasure, audit log.

mod bodies;
mod erasure;

use std::path::PathBuf;

use serde_json::Value;

use crate::harness::Bench;

const ATENA: &str = "jutogai-031/atena-kihon";

fn only_run(bench: &Bench) -> PathBuf {
    let mut runs = std::fs::read_dir(bench.path().join("reports/runs"))
        .expect("there is a run")
        .flatten();
    runs.next().expect("there is a run").path()
}

#[test]
fn a_file_is_made_anonymous_and_keeps_its_findings() {
    let bench = Bench::new();
    bench.copy("sample-data/check");
    let file = "check/atena-3-defects.csv";
    let call = |out: &str| {
        bench.renkei(&[
            "anonymize",
            file,
            "--spec",
            ATENA,
            "--out",
            out,
            "--key",
            "k/../project.key",
        ])
    };
    bench.write("k/x", "");
    let told = call("one.csv").expect_code(0).stdout;
    assert!(
        told.contains("鍵ファイル") && told.contains("同じ場所"),
        "{told}"
    );
    call("two.csv").expect_code(0);
    let read = |name: &str| std::fs::read(bench.path().join(name)).expect("the file is there");
    let (old, one) = (read(file), read("one.csv"));
    assert_eq!(one, read("two.csv"), "the same key gives the same file");
    assert_eq!(one.len(), old.len());
    for canary in ["吉川", "佐々木", "千代田区", "345678901234"] {
        assert!(
            !one.windows(canary.len()).any(|w| w == canary.as_bytes()),
            "{canary}"
        );
    }
    bench
        .renkei(&["anonymize", file, "--spec", ATENA, "--out", file])
        .expect_code(2);
}

/// Names in the sample with defects whose value stands in a finding: numbers that `check` shows for them.
fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .match_indices("人-")
        .map(|(at, _)| text[at..].chars().take(8).collect())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// A file whose names are too long, in an encoding.
fn long_names(names: &[&str], encoding: renkei_core::encoding::Encoding) -> Vec<u8> {
    let sample = crate::harness::root().join("sample-data/check/atena-ok.csv");
    let text = std::fs::read_to_string(sample).expect("the sample");
    let target = renkei_core::encoding::Target::new(renkei_core::encoding::Encoding::Cp932);
    let line = text
        .trim_start_matches('\u{feff}')
        .lines()
        .find(|line| renkei_core::encoding::encode(line, target).is_ok())
        .expect("a line that CP932 can hold");
    let mut out = String::new();
    for (n, name) in names.iter().enumerate() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        cells[0] = format!("2026000000{n:05}");
        cells[2] = name.to_string();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    renkei_core::encoding::encode(&out, renkei_core::encoding::Target::new(encoding))
        .expect("encodable")
}

#[test]
fn names_get_numbers_that_hold_within_a_project() {
    use renkei_core::encoding::Encoding;
    let bench = Bench::new();
    let long = "鷺沼　珠緒".repeat(30);
    let other = "亀有　亀吉".repeat(30);
    bench.write("utf8.csv", long_names(&[&long], Encoding::Utf8));
    bench.write("sjis.csv", long_names(&[&long], Encoding::Cp932));
    bench.write("other.csv", long_names(&[&other], Encoding::Utf8));
    let check = |file: &str, more: &[&str]| {
        let args = [&["check", file, "--spec", ATENA, "--format", "json"], more].concat();
        let called = bench.renkei(&args);
        assert!(!called.stdout.contains("鷺沼") && !called.stdout.contains("亀有"));
        numbers(&called.stdout)
    };
    assert!(check("utf8.csv", &[]).is_empty(), "without a key as before");
    let key = ["--pseudonyms", "project.key"];
    let first = check("utf8.csv", &key);
    assert_eq!(first.len(), 1, "{first:?}");
    assert_eq!(first, check("utf8.csv", &key), "the same in another run");
    let sjis = ["--pseudonyms", "project.key", "--set", "encoding=cp932"];
    assert_eq!(
        first,
        check("sjis.csv", &sjis),
        "and in another file and encoding"
    );
    let second = check("other.csv", &key);
    assert!(second.len() == 1 && second != first, "{second:?}");
    let elsewhere = check("utf8.csv", &["--pseudonyms", "another.key"]);
    assert!(elsewhere.len() == 1 && elsewhere != first, "{elsewhere:?}");
    let table =
        std::fs::read_to_string(bench.path().join("project.key.numbers")).expect("the table");
    assert!(
        table.lines().count() >= 2 && !table.contains("鷺"),
        "{table}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let meta = std::fs::metadata(bench.path().join("project.key.numbers")).expect("there");
        assert_eq!(meta.permissions().mode() & 0o077, 0);
    }
}

#[test]
fn a_plan_names_the_key_of_the_numbers() {
    let bench = Bench::new();
    let folder = bench.copy("sample-data/joint-test");
    let plan = folder.join("plan.toml");
    let text = std::fs::read_to_string(&plan).expect("the plan");
    std::fs::write(
        &plan,
        text.replacen(
            "[[party]]",
            "[privacy]\nkey = \"../project.key\"\n\n[[party]]",
            1,
        ),
    )
    .expect("written");
    let file = folder.join("vendor-a/outbox/jutogai_131016_20261101_001.csv");
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    let long = "鷺沼　珠緒".repeat(30);
    bytes.extend(long_names(&[&long], renkei_core::encoding::Encoding::Utf8));
    std::fs::write(file, bytes).expect("written");
    bench.renkei(&["run", "joint-test/plan.toml", "--case", "C-001"]);
    let run = only_run(&bench);
    let result = std::fs::read_to_string(run.join("reports/result.json")).expect("a result");
    let told = numbers(&result);
    assert_eq!(told.len(), 1, "{told:?}");
    // Judged again, the plan's key gives the same numbers; without it, none, and it is said.
    let target = run.display().to_string();
    let again = ["report", &target, "--rejudge", "--format", "json", "--out"];
    let judge = |out: &str| {
        let called = bench.renkei(&[&again[..], &[out]].concat()).expect_code(0);
        let text = std::fs::read_to_string(bench.path().join(out).join("result.json"));
        (numbers(&text.expect("a result")), called.stderr)
    };
    assert_eq!(judge("again").0, told);
    let kept_key = bench.path().join("kept.key");
    std::fs::rename(bench.path().join("project.key"), &kept_key).expect("moved");
    let (none, said) = judge("without");
    assert!(none.is_empty() && said.contains("--pseudonyms"), "{said}");
    std::fs::rename(&kept_key, bench.path().join("project.key")).expect("moved back");
    assert!(bench.path().join("project.key.numbers").is_file());
    let kept = crate::harness::files(&run);
    let secret = std::fs::read_to_string(bench.path().join("project.key")).expect("the key");
    for path in kept {
        let bytes = std::fs::read(&path).expect("readable");
        assert!(
            memchr::memmem::find(&bytes, secret.trim().as_bytes()).is_none(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn names_in_messages_and_bodies_get_the_same_numbers() {
    let bench = Bench::new();
    let name = "鷺沼　珠緒".repeat(30);
    let sample =
        crate::harness::root().join("specs/xml-tsuuchi/1/xml/ido-tsuuchi/samples/pass-2ken.xml");
    let text = std::fs::read_to_string(sample).expect("the sample");
    bench.write("a.xml", text.replacen("架空　花子", &name, 1));
    bench.write(
        "a.csv",
        long_names(&[&name], renkei_core::encoding::Encoding::Utf8),
    );
    let key = ["--format", "json", "--pseudonyms", "project.key"];
    let check = |file: &str, spec: &str| {
        let called = bench.renkei(&[&["check", file, "--spec", spec], &key[..]].concat());
        assert!(!called.stdout.contains("鷺沼"));
        numbers(&called.stdout)
    };
    let first = check("a.csv", ATENA);
    assert_eq!(first.len(), 1, "{first:?}");
    assert_eq!(check("a.xml", "xml-tsuuchi/ido-tsuuchi"), first);

    // A consumer sends the name through a relay; the bundle is judged again with the key.
    let to = format!("http://127.0.0.1:{}", crate::canary::echo());
    let more = [
        "--spec",
        "jutogai-fuban-api/fuban",
        "--data-class",
        "fictional",
    ];
    let relay = crate::relay::Relay::start(&bench, &to, &more);
    let body = serde_json::json!({ "jutogaisha": { "shimei": name }, "shimei": name }).to_string();
    let path = format!("{}/app_submit/v10/jutogaishaatenabangofuban", relay.url);
    let kind = "Content-Type: application/json; charset=utf-8";
    crate::relay::curl(&["-X", "POST", "-H", kind, "-d", &body, &path]);
    relay.stop();
    let run = std::fs::read_dir(bench.path().join("runs"))
        .expect("runs")
        .flatten()
        .next();
    let run = run.expect("a run").path().display().to_string();
    let judge = |more: &[&str], out: &str| {
        let args = [
            "report",
            &run,
            "--rejudge",
            "--format",
            "json",
            "--out",
            out,
        ];
        bench.renkei(&[&args, more].concat()).expect_code(0);
        let path = bench.path().join(out).join("result.json");
        numbers(&std::fs::read_to_string(path).expect("a result"))
    };
    assert!(judge(&[], "plain").is_empty());
    assert_eq!(judge(&["--pseudonyms", "project.key"], "named"), first);
}

#[test]
fn revealing_needs_an_approval_is_logged_and_stands_on_every_page() {
    let bench = Bench::new();
    let name = "鷺沼　珠緒".repeat(30);
    bench.write(
        "a.csv",
        long_names(&[&name], renkei_core::encoding::Encoding::Utf8),
    );
    let base = ["check", "a.csv", "--spec", ATENA, "--reveal"];
    bench.renkei(&base).expect_code(2);
    let blank = [&base[..], &["--approval", " ", "--by", "U01"]].concat();
    bench.renkei(&blank).expect_code(5);
    assert!(!bench.path().join("reports/audit.jsonl").exists());
    let given = [
        &base[..],
        &["--approval", "承認-7", "--by", "U01", "--format", "json"],
    ]
    .concat();
    let shown = bench.renkei(&given);
    let document: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    crate::harness::expect_schema(&document);
    assert!(shown.stdout.contains("鷺") && document["run"]["revealed"] == "承認-7");
    let audit = std::fs::read_to_string(bench.path().join("reports/audit.jsonl")).expect("a log");
    assert!(
        audit.contains("\"reveal\"") && audit.contains("承認-7") && audit.contains("a.csv"),
        "{audit}"
    );

    let folder = bench.copy("sample-data/joint-test");
    let plan = folder.join("plan.toml");
    let text = std::fs::read_to_string(&plan).expect("the plan");
    bench
        .renkei(&["run", "joint-test/plan.toml", "--reveal", "--by", "U01"])
        .expect_code(5);
    std::fs::write(
        &plan,
        text.replacen("data_class", "approval = \"承認-8\"\ndata_class", 1),
    )
    .expect("written");
    bench
        .renkei(&["run", "joint-test/plan.toml", "--reveal"])
        .expect_code(5);
    bench
        .renkei(&["run", "joint-test/plan.toml", "--reveal", "--by", "U01"])
        .expect_code(1);
    let run = only_run(&bench);
    let target = run.display().to_string();
    bench
        .renkei(&[
            "report",
            &target,
            "--format",
            "text,html,site,kadai,kyogi,sarif,junit,github,seika,getsuji,gijiroku,shinchoku,risk,matrix,zuhyo",
            "--out",
            "out",
        ])
        .expect_code(0);
    let mut pages = 0;
    for path in crate::harness::files(&bench.path().join("out")) {
        let bytes = std::fs::read(&path).expect("readable");
        let told = match path.extension().and_then(|e| e.to_str()) {
            Some("html" | "txt" | "sarif" | "xml") => String::from_utf8(bytes).expect("UTF-8"),
            Some("docx" | "xlsx") => crate::travel::unzipped(&bytes),
            _ => continue,
        };
        assert!(told.contains("承認-8"), "{}", path.display());
        pages += 1;
    }
    assert!(pages > 15, "{pages}");
    let ledger = bench.renkei(&["ledger", "list"]).expect_code(0).stdout;
    assert!(ledger.contains("承認-8"), "{ledger}");
}
