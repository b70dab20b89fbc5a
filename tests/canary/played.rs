//! A stand-in that is called with planted values, and files of our own making: nothing of them is shown or written elsewhere.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{ADDRESS, KANA, NAME, PHONE, SECRET, files, my_number, nothing, seeker};
use crate::harness::Bench;
use crate::relay::curl;
use crate::stand_in::openapi;

const SCOPE: &str = "031:app_submit/v10/jutogaishaatenabangofuban:Create";

#[test]
fn a_stand_in_tells_nothing_of_what_it_was_sent() {
    let bench = Bench::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["mock", "provider"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let config = json!({
        "id": "a-api", "work": bench.path(), "port": 0, "openapi": openapi(),
        "scopes": { "jutogaishaatenabangofuban": SCOPE }, "token_path": "/oauth/v1/token",
        "clients": [{ "client_id": "c", "auth": "client_secret_basic", "secret": SECRET, "token_lifetime_s": 60 }],
        "stop_with_stdin": true,
    });
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    writeln!(stdin, "{config}").expect("the configuration can be written");
    let mut stdout = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
    let mut line = String::new();
    stdout
        .read_line(&mut line)
        .expect("it tells when it is ready");
    let ready: Value = serde_json::from_str(&line).expect("the line is JSON");
    let url = ready["url"].as_str().expect("it tells its URL");
    let number = my_number();
    let call = format!("{url}/app_submit/v10/jutogaishaatenabangofuban");
    let basic = format!("c:{SECRET}");
    let form = format!("grant_type=client_credentials&scope={NAME}&x={number}");
    let granted = format!("grant_type=client_credentials&scope={SCOPE}");
    let token = format!("{url}/oauth/v1/token");
    let bad = format!("Bearer {SECRET}");
    let body = format!(r#"{{"{NAME}":"{number}","shimei":"{NAME}","tel":"{PHONE}"}}"#);
    let mut answers = String::new();
    for args in [
        vec!["-u", &basic, "-d", &form, &token],
        vec!["-u", &basic, "-d", &granted, &token],
        vec!["-u", &*format!("{NAME}:x"), "-d", &form, &token],
        vec!["-H", &bad, "-d", &body, &call],
        vec!["-X", NAME, &call],
        vec![
            &*format!("{url}/{number}/{PHONE}?n={KANA}"),
            "-H",
            &*format!("X-{number}: {ADDRESS}"),
        ],
        vec![
            "-d",
            &*format!("{{\"{NAME}"),
            "-H",
            "Content-Type: application/json",
            &call,
        ],
    ] {
        answers.push_str(&curl(&[&["-k"], args.as_slice()].concat()));
    }
    assert!(answers.contains("\"access_token\""), "{answers}");
    drop(stdin);
    child.wait().expect("it ends with its input");
    stdout.read_to_string(&mut line).expect("readable");
    let mut said = String::new();
    let mut stderr = child.stderr.take().expect("standard error is a pipe");
    stderr.read_to_string(&mut said).expect("readable");
    let seeker = seeker();
    let mut found = seeker.seek("stdout of the stand-in", line.as_bytes());
    found.extend(seeker.seek("stderr of the stand-in", said.as_bytes()));
    for path in files(bench.path()) {
        let bytes = std::fs::read(&path).expect("readable");
        found.extend(seeker.seek(&path.display().to_string(), &bytes));
    }
    nothing(found);
}

/// What `generate`, `mutate` and `anonymize` make of a layout does not depend on what was checked or replaced before.
#[test]
fn nothing_is_handed_on_to_files_that_are_made() {
    let bench = Bench::new();
    let number = my_number();
    let seeker = seeker();
    bench.write("given.csv", format!("{NAME},{PHONE},{number},{KANA}\r\n"));
    let spec = "jutogai-031/atena-kihon";
    let mut found = Vec::new();
    for args in [
        vec!["check", "given.csv", "--spec", spec],
        vec![
            "anonymize",
            "given.csv",
            "--spec",
            spec,
            "--out",
            "made.csv",
        ],
        vec![
            "generate",
            spec,
            "--records",
            "200",
            "--out",
            "generated.csv",
        ],
        vec![
            "mutate",
            "generated.csv",
            "--spec",
            spec,
            "--out",
            "variants",
        ],
        vec!["check", "generated.csv", "--spec", spec, "--format", "json"],
    ] {
        let called = bench.renkei(&args);
        assert_ne!(called.code, 2, "{args:?} {}", called.stderr);
        found.extend(seeker.seek(&args.join(" "), called.stdout.as_bytes()));
        found.extend(seeker.seek(&args.join(" "), called.stderr.as_bytes()));
    }
    assert!(bench.path().join("variants").is_dir());
    for path in files(bench.path()) {
        if !path.ends_with("given.csv") {
            let bytes = std::fs::read(&path).expect("readable");
            found.extend(seeker.seek(&path.display().to_string(), &bytes));
        }
    }
    nothing(found);
}
