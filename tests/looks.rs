//! The reports in the programs that people open them with. Without those programs the tests say that they were left out;
//! `tests/all` installs them and sets `RENKEI_TEST_SERVICES=required`, which makes leaving out a failure.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use crate::harness::{Bench, root};

/// True when every program is there; some answer `--version` with a failure.
pub(crate) fn available(test: &str, programs: &[&str]) -> bool {
    let there = |program: &&&str| Command::new(program).arg("--version").output().is_ok();
    if programs.iter().all(|program| there(&program))
        && root().join("tests/tools/node_modules").is_dir()
    {
        return true;
    }
    left_out(
        test,
        &format!("{} and tests/tools/node_modules", programs.join(", ")),
    );
    false
}

/// Says on standard error, past the test runner's capture, that a test is left out; fails where nothing may be left out.
pub(crate) fn left_out(test: &str, needs: &str) {
    let text = format!("left out: {test} (needs {needs}; `tests/all` installs them)");
    assert!(
        std::env::var("RENKEI_TEST_SERVICES").as_deref() != Ok("required"),
        "{text}"
    );
    let _ = writeln!(std::io::stderr(), "\n{text}");
}

/// The reports of the seeded story.
fn reports(bench: &Bench) -> PathBuf {
    bench.copy("sample-data/joint-test");
    bench
        .renkei(&["run", "joint-test/plan.toml", "--out", "runs"])
        .expect_code(1);
    let mut runs = std::fs::read_dir(bench.path().join("runs"))
        .expect("there is a run")
        .flatten();
    runs.next().expect("there is a run").path().join("reports")
}

pub(crate) fn succeeds(command: &mut Command) {
    let output = command.output().expect("the program can be started");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        text(&output.stdout),
        text(&output.stderr)
    );
}

#[test]
fn the_html_report_in_a_browser() {
    if !available(
        "the_html_report_in_a_browser",
        &["node", "chromium", "pdfinfo"],
    ) {
        return;
    }
    let bench = Bench::new();
    let report = reports(&bench).join("report.html");
    let script = root().join("tests/tools/html-check.mjs");
    succeeds(
        Command::new("node")
            .arg(script)
            .arg(report)
            .arg(bench.path().join("report.png")),
    );
}

#[test]
fn the_issue_register_in_an_office_suite() {
    if !available(
        "the_issue_register_in_an_office_suite",
        &["soffice", "pdftoppm"],
    ) {
        return;
    }
    let bench = Bench::new();
    let register = reports(&bench).join("kadai.xlsx");
    let script = root().join("tests/tools/office-check.sh");
    succeeds(
        Command::new("bash")
            .arg(script)
            .arg(register)
            .arg(bench.path()),
    );
}
