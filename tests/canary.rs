//! Planted values: whatever a person's record, a secret or a header holds, no output shows it, in no form. What a bundle
//! received (`blobs`, `inputs`, `events.jsonl`, and `work`, where stand-ins play) is kept as it came, by design: its data class says what it may be, it leaves
//! only by `pack` with an approval, and it goes with `erase`. Everything else is searched, byte for byte.

mod checked;
mod played;
mod relayed;
mod run;
mod seek;
mod short;
mod told;

use std::path::Path;

use renkei_core::mask::individual_check_digit;

use crate::harness::{Bench, files};
pub(crate) use relayed::echo;
use seek::Seeker;

const NAME: &str = "鷺沼珠緒";
const KANA: &str = "サギヌマタマオ";
const HALF: &str = "ｻｷﾞﾇﾏﾀﾏｵ";
const ADDRESS: &str = "幻町四丁目七七番地";
const PHONE: &str = "090-7731-4402";
const MAIL: &str = "saginuma.tamao@kakuu.example";
const SECRET: &str = "cnry-Sk7Qz9Lw3Xv8Pm2";

fn my_number() -> String {
    let body = "73144022856";
    let digit = individual_check_digit(body.as_bytes()).expect("eleven digits");
    format!("{body}{digit}")
}

fn planted() -> Vec<String> {
    let number = my_number();
    let hyphened = format!("{}-{}-{}", &number[..4], &number[4..8], &number[8..]);
    let mut all: Vec<String> = [NAME, KANA, HALF, ADDRESS, PHONE, MAIL]
        .map(str::to_owned)
        .to_vec();
    all.extend([number, hyphened, PHONE.replace('-', "")]);
    all
}

/// Parts of the planted values: two kanji of the name already say who it is.
fn seeker() -> Seeker {
    let number = my_number();
    let hyphened = format!("{}-{}-{}", &number[..4], &number[4..8], &number[8..]);
    Seeker::new(&[
        "鷺沼",
        "珠緒",
        "サギヌマ",
        "タマオ",
        "ｻｷﾞﾇﾏ",
        "ﾀﾏｵ",
        "幻町",
        "四丁目七七",
        "09077314402",
        "7731-4402",
        "saginuma",
        "tamao",
        SECRET,
        "Sk7Qz9Lw",
        &number,
        &hyphened,
    ])
}

/// What a bundle keeps as it came.
fn is_evidence(path: &str) -> bool {
    path.split(['/', '\\'])
        .any(|part| ["blobs", "inputs", "events.jsonl", "work"].contains(&part))
}

#[track_caller]
fn nothing(found: Vec<String>) {
    assert!(
        found.is_empty(),
        "{} places:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// Every report of a bundle, the register, the packed editions, HAR: made, and all that is not evidence searched.
fn search_all(bench: &Bench, seeker: &Seeker, run: &Path) -> Vec<String> {
    let run = run
        .strip_prefix(bench.path())
        .unwrap_or(run)
        .display()
        .to_string();
    let mut found = Vec::new();
    let mut call = |args: &[&str]| {
        let called = bench.renkei(args);
        assert!(
            called.code != 2 && called.code != 4,
            "{args:?}: {}",
            called.stderr
        );
        found.extend(seeker.seek(&args.join(" "), called.stdout.as_bytes()));
        found.extend(seeker.seek(&args.join(" "), called.stderr.as_bytes()));
    };
    let formats = "text,html,kadai,kyogi,json,junit,sarif,github,site,seika,getsuji,shinchoku,risk,matrix,zuhyo";
    for lang in ["ja", "en"] {
        let out = format!("out-{lang}");
        call(&[
            "report",
            &run,
            "--rejudge",
            "--report-lang",
            lang,
            "--format",
            formats,
            "--out",
            &out,
        ]);
    }
    call(&["issues", "--register", "register.sqlite", "sync", &run]);
    call(&["issues", "--register", "register.sqlite", "list"]);
    call(&[
        "issues",
        "--register",
        "register.sqlite",
        "export",
        "--out",
        "issues.xlsx",
    ]);
    call(&[
        "pack",
        &run,
        "--out",
        "full.zip",
        "--allow-personal",
        "試験",
    ]);
    call(&[
        "pack",
        &run,
        "--out",
        "public.zip",
        "--public",
        "--allow-personal",
        "試験",
    ]);
    call(&["export", &run, "--out", "calls.har"]);
    call(&["verify", &run]);
    for path in files(bench.path()) {
        let name = path
            .strip_prefix(bench.path())
            .unwrap_or(&path)
            .display()
            .to_string();
        if is_evidence(&name) || name.starts_with("given") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("readable");
        let public = name == "public.zip";
        found.extend(seeker.seek_but(&name, &bytes, &|part| !public && is_evidence(part)));
    }
    found
}
