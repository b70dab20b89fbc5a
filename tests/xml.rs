//! XML messages through the program: checks, packs of one's own, review, comparison, display; nothing outside is read.

use serde_json::Value;

use crate::harness::{Bench, root};

const SPEC: &str = "xml-tsuuchi/ido-tsuuchi";

fn sample(name: &str) -> String {
    let path = format!("specs/xml-tsuuchi/1/xml/ido-tsuuchi/samples/{name}");
    let bytes = std::fs::read(root().join(path)).expect("a sample");
    String::from_utf8(bytes).expect("UTF-8")
}

fn rules(document: &Value) -> Vec<String> {
    let findings = document["findings"].as_array().cloned().unwrap_or_default();
    let rule = |f: &Value| f["rule"].as_str().unwrap_or_default().to_owned();
    findings.iter().map(rule).collect()
}

#[test]
fn a_message_that_conforms_passes() {
    let bench = Bench::new();
    bench.write("a.xml", sample("pass-2ken.xml"));
    let document = bench
        .renkei(&["check", "a.xml", "--spec", SPEC, "--format", "json"])
        .expect_code(0)
        .result();
    assert_eq!(document["verdict"], "pass");
    assert_eq!(document["packs"][0]["id"], "xml-tsuuchi");
    assert!(document["cases"][0]["checks"].as_u64() >= Some(7));
}

#[test]
fn each_breach_is_told_once_at_its_place_without_the_value() {
    let bench = Bench::new();
    let text = sample("pass-2ken.xml")
        .replace("2000-02-29", "2001-02-29")
        .replace("<Jiyu>01", "<Jiyu>99")
        .replace("131016", "13101")
        .replace("    <Jusho>東京都架空市見本二丁目</Jusho>\n", "")
        .replace("架空　花子", &"架".repeat(101));
    bench.write("a.xml", &text);
    let called = bench.renkei(&["check", "a.xml", "--spec", SPEC, "--format", "json"]);
    let called = called.expect_code(1);
    assert!(!called.stdout.contains("架架") && !called.stdout.contains("2001-02-29"));
    let document = called.result();
    assert_eq!(rules(&document), ["XML-002"; 5]);
    let places: Vec<String> = document["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|f| {
            let at = &f["location"];
            let line = at["line"].as_u64().unwrap_or(0) as usize;
            let byte = at["byte_offset"].as_u64().unwrap_or(0) as usize;
            let there: String = text[byte..].chars().take_while(|c| *c != '>').collect();
            let on_line = text.lines().nth(line - 1).unwrap_or("");
            assert!(on_line.contains(&there), "{there} in {on_line}");
            format!(
                "{} {there} {}",
                at["xpath"].as_str().unwrap_or(""),
                f["expected"].as_str().unwrap_or("")
            )
        })
        .collect();
    insta::assert_snapshot!(places.join("\n"));
    assert_eq!(
        document["findings"][0]["requirements"][0],
        "xml-tsuuchi@1#様式"
    );
}

#[test]
fn entities_doctypes_and_outside_files_are_never_read() {
    let bench = Bench::new();
    bench.write("secret.txt", "himitsu");
    let secret = bench.path().join("secret.txt");
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let laughs: String = (1..12)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    for text in [
        format!(
            "{head}<!DOCTYPE a [<!ENTITY x SYSTEM \"file://{}\">]><a>&x;</a>",
            secret.display()
        ),
        format!(
            "{head}<!DOCTYPE a SYSTEM \"file://{}\"><a/>",
            secret.display()
        ),
        format!("{head}<!DOCTYPE a [<!ENTITY l0 \"ha\">{laughs}]><a>&l11;</a>"),
    ] {
        bench.write("a.xml", text);
        let called = bench.renkei(&["check", "a.xml", "--spec", SPEC, "--format", "json"]);
        let called = called.expect_code(1);
        assert!(!called.stdout.contains("himitsu") && !called.stderr.contains("himitsu"));
        assert_eq!(rules(&called.result()), ["XML-004"]);
    }
    // A schema that the document names is not looked for.
    let text = sample("pass-2ken.xml").replace(
        "han=\"1.0\"",
        "han=\"1.0\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:renkei:sample:ido http://localhost:1/x.xsd\"",
    );
    bench.write("a.xml", text);
    bench
        .renkei(&["check", "a.xml", "--spec", SPEC])
        .expect_code(0);
}

#[test]
fn a_folder_of_messages_is_one_result() {
    let bench = Bench::new();
    bench.write("in/a.xml", sample("pass-2ken.xml"));
    bench.write(
        "in/b.xml",
        sample("pass-2ken.xml").replace("<Jiyu>02", "<Jiyu>99"),
    );
    bench.write(
        "in/c.xml",
        sample("pass-2ken.xml").replace("<Jiyu>02", "<Jiyu>99"),
    );
    let document = bench
        .renkei(&["check", "in", "--spec", SPEC, "--format", "json"])
        .expect_code(1)
        .result();
    let verdicts: Vec<&str> = document["cases"]
        .as_array()
        .expect("cases")
        .iter()
        .map(|c| c["verdict"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(verdicts, ["pass", "fail", "fail"]);
    let prints: Vec<&Value> = document["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|f| &f["fingerprint"])
        .collect();
    assert!(prints.len() == 2 && prints[0] != prints[1]);
    // Bytes that are nothing at all are a finding, not a failure of the program.
    bench.write("x.xml", [0_u8, 159, 146, 150].as_slice());
    bench.write("y.xml", "");
    let called = bench.renkei(&[
        "check", "x.xml", "y.xml", "--spec", SPEC, "--format", "json",
    ]);
    assert_eq!(
        rules(&called.expect_code(1).result()),
        ["XML-001", "XML-001"]
    );
    let help = bench.renkei(&["check", "x.xml", "--spec", SPEC, "--set", "encoding=cp932"]);
    assert!(help.expect_code(2).stderr.contains("message.toml"));
}

#[test]
fn a_pack_of_ones_own_is_reviewed_shown_and_compared() {
    let bench = Bench::new();
    let folder = bench.path().join("mine");
    let copied = bench.copy("specs/xml-tsuuchi/1");
    std::fs::rename(copied, &folder).expect("a copy");
    let shown = bench
        .renkei(&["spec", "show", "./mine/ido-tsuuchi"])
        .expect_code(0);
    for part in ["IdoTsuuchi", "kata.xsd", "131016"] {
        assert_eq!(shown.stdout.contains(part), part != "131016", "{part}");
    }
    for (format, file) in [("html", "a.html"), ("xlsx", "a.xlsx")] {
        let args = [
            "spec",
            "show",
            "./mine/ido-tsuuchi",
            "--format",
            format,
            "--out",
            file,
        ];
        bench.renkei(&args).expect_code(0);
        assert!(bench.path().join(file).is_file());
    }
    bench.renkei(&["spec", "lint", "./mine"]).expect_code(0);
    bench
        .renkei(&["spec", "diff", "xml-tsuuchi", "./mine"])
        .expect_code(0);
    // Another facet is another specification.
    let kata = "mine/xml/ido-tsuuchi/kata.xsd";
    let text = std::fs::read_to_string(bench.path().join(kata)).expect("a schema");
    bench.write(
        kata,
        text.replace("maxLength value=\"72\"", "maxLength value=\"7\""),
    );
    let diff = bench
        .renkei(&["spec", "diff", "xml-tsuuchi", "./mine"])
        .expect_code(1);
    assert!(diff.stdout.contains("kata.xsd"), "{}", diff.stdout);
    // And one that no longer fits its samples, or is no schema, is told at its line.
    let review = |text: String| {
        bench.write(kata, text);
        let called = bench.renkei(&["spec", "lint", "./mine", "--format", "json"]);
        called.expect_code(1).result()
    };
    let told = review(text.replace("[0-9]{15}", "[0-9]{14}"));
    assert!(rules(&told).iter().all(|r| r == "SPC-018"), "{told}");
    let told = review(text.replace("xs:pattern value", "xs:patern value"));
    assert_eq!(told["findings"][0]["rule"], "SPC-001");
    let place = &told["findings"][0]["location"];
    assert!(
        place["file"]
            .as_str()
            .is_some_and(|f| f.ends_with("kata.xsd")),
        "{told}"
    );
    assert!(place["line"].as_u64() > Some(1), "{told}");
    let told = review(text.replace(
        "<xs:simpleType name=\"Jiyu\">",
        "<xs:include schemaLocation=\"../../../../../etc/x.xsd\"/><xs:simpleType name=\"Jiyu\">",
    ));
    assert!(rules(&told).contains(&"SPC-001".to_owned()), "{told}");
}
