//! What is committed as generated is what the program generates: the sample data, and the sample reports.

use std::path::PathBuf;
use std::process::Command;

use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;
use renkei_report::{Format, Options, render};

use crate::harness::{Bench, expect_schema, root};

/// `reports/samples/joint-test`: a result document of the seeded story, and every report rendered from it.
fn folder() -> PathBuf {
    root().join("reports/samples/joint-test")
}

/// Set to make the samples anew from a run of the seeded story; the difference is then reviewed like a snapshot's.
fn updating() -> bool {
    std::env::var("RENKEI_UPDATE_SAMPLES").is_ok()
}

#[test]
fn the_sample_reports_are_what_their_document_gives() {
    if updating() {
        let bench = Bench::new();
        bench.copy("sample-data/joint-test");
        let called = bench
            .renkei(&[
                "run",
                "joint-test/plan.toml",
                "--out",
                "runs",
                "--format",
                "json",
            ])
            .expect_code(1);
        std::fs::create_dir_all(folder()).expect("the folder can be made");
        std::fs::write(folder().join("result.json"), called.stdout)
            .expect("the document can be written");
    }
    let text = std::fs::read_to_string(folder().join("result.json"))
        .expect("the sample document is there");
    expect_schema(&serde_json::from_str(&text).expect("the document is JSON"));
    let document: ResultDocument =
        serde_json::from_str(&text).expect("the document is a result document");
    for format in [Format::Html, Format::Kadai, Format::Junit, Format::Json] {
        for artifact in render(&document, format, Lang::Ja, &Options::default())
            .expect("the report can be made")
        {
            let path = folder().join(&artifact.name);
            if updating() {
                std::fs::write(&path, &artifact.bytes).expect("the report can be written");
            }
            let committed = std::fs::read(&path).expect("the sample report is there");
            assert!(
                committed == artifact.bytes,
                "{} is not what the program makes of result.json; RENKEI_UPDATE_SAMPLES=1 cargo test samples",
                path.display()
            );
        }
    }
}

#[test]
fn the_sample_data_are_what_their_generator_makes() {
    let made = Command::new("python3")
        .arg(root().join("sample-data/make.py"))
        .arg("--check")
        .output();
    let Ok(made) = made else {
        crate::looks::left_out("the_sample_data_are_what_their_generator_makes", "python3");
        return;
    };
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stdout)
    );
}
