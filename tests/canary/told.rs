//! What commands say about inputs that they cannot use, or use without a report: no value, no secret.

use super::{KANA, NAME, PHONE, SECRET, files, my_number, nothing, seeker};
use crate::harness::Bench;

const ATENA: &str = "jutogai-031/atena-kihon";

/// A recording with planted values wherever one has room for them.
fn entry(status: &str, method: &str) -> String {
    let number = my_number();
    format!(
        r#"{{"log":{{"version":"1.2","creator":{{"name":"x","version":"1"}},"entries":[{{"startedDateTime":"{NAME}","time":1,
            "request":{{"method":"{method}","url":"http://127.0.0.1:1/persons/{number}?tel={PHONE}&n={NAME}","httpVersion":"x",
            "headers":[{{"name":"Authorization","value":"Bearer {SECRET}"}},{{"name":"X-{NAME}","value":"{PHONE}"}}],"queryString":[],"cookies":[],"headersSize":-1,"bodySize":-1}},
            "response":{{"status":{status},"headers":[],"content":{{"text":"{KANA}","size":1,"mimeType":"x"}}}}}}]}}}}"#
    )
}

#[test]
#[allow(clippy::too_many_lines, reason = "a list of calls")]
fn no_message_about_an_input_quotes_a_value() {
    let bench = Bench::new();
    let folder = bench.copy("sample-data/joint-test");
    let seeker = seeker();
    let number = my_number();
    let mut found = Vec::new();
    let mut call = |args: &[&str]| {
        for lang in ["ja", "en"] {
            let called = bench.renkei(&[&["--lang", lang], args].concat());
            assert!(!called.stderr.contains("panicked"), "{}", called.stderr);
            found.extend(seeker.seek(&args.join(" "), called.stdout.as_bytes()));
            found.extend(seeker.seek(&args.join(" "), called.stderr.as_bytes()));
        }
    };
    // Secrets and values where settings should be.
    let path = folder.join("vendor-b/profile.toml");
    let profile = std::fs::read_to_string(&path).expect("the profile");
    let file = "secret = { file = \"secrets/main.txt\" }";
    for wrong in [
        format!("secret = \"{SECRET}\""),
        format!("secret = \"{SECRET}"),
        format!("secret = {{ file = \"secrets/main.txt\" }}\nport = \"{NAME}\""),
        format!("secret = [\"{SECRET}\"]"),
    ] {
        std::fs::write(&path, profile.replacen(file, &wrong, 1)).expect("written");
        call(&[
            "agree",
            "joint-test/vendor-a/profile.toml",
            "joint-test/vendor-b/profile.toml",
        ]);
        call(&["run", "joint-test/plan.toml"]);
    }
    std::fs::write(&path, profile).expect("written");
    // Recordings, baselines, results that are none.
    bench.write("a.har", entry(&format!("\"{NAME}\""), "GET"));
    bench.write("b.har", entry("200", NAME));
    bench.write("c.har", entry(&number, "GET"));
    bench.write("d.har", &entry("200", "GET")[..300]);
    bench.write("e.har", entry("200", "GET"));
    for name in ["a", "b", "c", "d", "e"] {
        let (har, out) = (format!("{name}.har"), format!("from-{name}"));
        call(&["replay", "import", &har, "--out", &out]);
    }
    let base = format!(r#"{{"schema":"{NAME}","run":{number},"findings":[{{"{PHONE}":1}}]}}"#);
    bench.write("base.json", base);
    call(&["run", "joint-test/plan.toml", "--baseline", "base.json"]);
    bench.write(
        "odd/reports/result.json",
        format!(r#"{{"schema":"{NAME}","tool":"{PHONE}"}}"#),
    );
    call(&["report", "odd"]);
    call(&["issues", "--register", "r.sqlite", "sync", "odd"]);
    call(&["verify", "odd"]);
    call(&["pack", "odd"]);
    // Files that do not follow a layout.
    let row = format!("{NAME},{PHONE},{number},{KANA}\r\n");
    bench.write("row.csv", &row);
    bench.write("row.xml", format!("<{NAME}>{number}</{NAME}"));
    call(&["mutate", "row.csv", "--spec", ATENA, "--out", "variants"]);
    call(&[
        "anonymize",
        "row.csv",
        "--spec",
        ATENA,
        "--out",
        "anonymous.csv",
    ]);
    call(&[
        "check",
        "row.csv",
        "--spec",
        "legacy-jumin/jumin-ido",
        "--set",
        "encoding=utf-16le",
    ]);
    call(&["check", "row.xml", "--spec", "xml-tsuuchi/ido-tsuuchi"]);
    call(&["probe", "read", "row.csv"]);
    call(&["spec", "import", "row.csv", "--out", "pack"]);
    call(&[
        "agree",
        "import",
        "row.csv",
        "--profile",
        "joint-test/vendor-b/profile.toml",
    ]);
    let given = [
        "a.har",
        "b.har",
        "c.har",
        "d.har",
        "e.har",
        "base.json",
        "row.csv",
        "row.xml",
    ];
    for path in files(bench.path()) {
        let name = path
            .strip_prefix(bench.path())
            .unwrap_or(&path)
            .display()
            .to_string();
        let made = !given.contains(&name.as_str())
            && !name.starts_with("odd")
            && !name.starts_with("joint-test");
        if made && !super::is_evidence(&name) {
            found.extend(seeker.seek(&name, &std::fs::read(&path).expect("readable")));
        }
    }
    nothing(found);
}
