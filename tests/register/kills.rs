//! Writers that are killed at any moment, and two at a time: nothing is lost.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{bundle, issues, table};
use crate::harness::Bench;

fn spawn_sync(bench: &Bench, folder: &Path, register: &str) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["issues", "sync", "--register", register])
        .arg(folder)
        .current_dir(bench.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

fn count(bench: &Bench, register: &str, action: &str, key: &str) -> usize {
    let called =
        issues(bench, &[action, "--register", register, "--format", "json"]).expect_code(0);
    let value: Value = serde_json::from_str(&called.stdout).expect("JSON");
    value[key].as_array().map_or(0, Vec::len)
}

/// Killed at any moment, a sync has happened or has not; the next one goes on.
#[test]
fn a_killed_sync_leaves_all_or_nothing() {
    let bench = Bench::new();
    let folder = bundle(&bench, 1, 0..600);
    let mut cut = 0;
    for round in 0..24_u64 {
        let register = format!("r{}.sqlite", round % 4);
        let mut child = spawn_sync(&bench, &folder, &register);
        std::thread::sleep(Duration::from_millis(4 + round * 7));
        cut += usize::from(child.try_wait().expect("a child").is_none());
        let _ = child.kill();
        child.wait().expect("it ended");
        if bench.path().join(&register).exists() {
            let there = count(&bench, &register, "list", "issues");
            assert!(there == 0 || there == 600, "{there}");
            assert_eq!(count(&bench, &register, "history", "history"), there);
        }
    }
    assert!(cut > 0, "no process was killed at work");
    for register in 0..4 {
        let register = format!("r{register}.sqlite");
        assert!(
            spawn_sync(&bench, &folder, &register)
                .wait()
                .expect("it ends")
                .success()
        );
        assert_eq!(count(&bench, &register, "list", "issues"), 600);
        assert_eq!(count(&bench, &register, "history", "history"), 600);
    }
}

#[test]
fn two_processes_at_once_lose_nothing() {
    let bench = Bench::new();
    let folders: Vec<PathBuf> = (1..5)
        .map(|day| bundle(&bench, day, 0..100 * day as usize))
        .collect();
    let children: Vec<_> = folders
        .iter()
        .map(|f| spawn_sync(&bench, f, "r.sqlite"))
        .collect();
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    assert_eq!(count(&bench, "r.sqlite", "list", "issues"), 400);
    assert_eq!(count(&bench, "r.sqlite", "history", "history"), 1000);
}

fn spawn_import(bench: &Bench, file: &str, register: &str) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["issues", "--register", register, "import", file])
        .args(["--by", "p2"])
        .current_dir(bench.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// Killed at any moment, an import has taken every row or none; a second writer at the same time loses nothing.
#[test]
fn a_killed_import_leaves_all_or_nothing() {
    let bench = Bench::new();
    let folder = bundle(&bench, 1, 0..300);
    let register = |n: u64| format!("r{n}.sqlite");
    for n in 0..3 {
        assert!(
            spawn_sync(&bench, &folder, &register(n))
                .wait()
                .expect("it ends")
                .success()
        );
    }
    issues(
        &bench,
        &["--register", "r0.sqlite", "export", "--out", "kadai.xlsx"],
    )
    .expect_code(0);
    let edited = table(&bench).replace(",起票案,,,K-", ",起票案,分割する,,K-");
    assert_eq!(edited.matches("分割する").count(), 300);
    bench.write("edited.csv", &edited);
    let mut cut = 0;
    for round in 0..18_u64 {
        let register = register(round % 3);
        let mut child = spawn_import(&bench, "edited.csv", &register);
        std::thread::sleep(Duration::from_millis(3 + round * 9));
        cut += usize::from(child.try_wait().expect("a child").is_none());
        let _ = child.kill();
        child.wait().expect("it ended");
        let written = count(&bench, &register, "history", "history");
        assert!(written == 300 || written == 600, "{written}");
        assert_eq!(count(&bench, &register, "list", "issues"), 300);
    }
    assert!(cut > 0, "no process was killed at work");
    for n in 0..3 {
        // The rest of the import and a sync of another run at once.
        let other = bundle(&bench, 2, 0..300);
        let mut children = [
            spawn_import(&bench, "edited.csv", &register(n)),
            spawn_sync(&bench, &other, &register(n)),
        ];
        for child in &mut children {
            child.wait().expect("it ends");
        }
        let called = issues(
            &bench,
            &["list", "--register", &register(n), "--format", "json"],
        );
        let told: Value = serde_json::from_str(&called.expect_code(0).stdout).expect("JSON");
        for issue in told["issues"].as_array().expect("issues") {
            assert_eq!(issue["human"]["countermeasure"], "分割する", "{issue}");
            assert_eq!(issue["seen"].as_array().map_or(0, Vec::len), 2, "{issue}");
        }
        assert_eq!(count(&bench, &register(n), "history", "history"), 900);
    }
}

fn spawn_merge(bench: &Bench, n: u64) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["merge", "p.zip", "--into", &format!("there{n}")])
        .args(["--register", &format!("r{n}.sqlite")])
        .current_dir(bench.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// Killed at any moment, a merge has taken the whole bundle over or nothing, and the register has all of its issues or
/// none; what was cut off between the two is told how to go on.
#[test]
fn a_killed_merge_leaves_whole_bundles_and_a_whole_register() {
    let bench = Bench::new();
    let folder = bundle(&bench, 1, 0..400);
    let name = folder
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let target = folder.display().to_string();
    bench
        .renkei(&["pack", &target, "--out", "p.zip"])
        .expect_code(0);
    let register = |n: u64| format!("r{n}.sqlite");
    let place = |n: u64| format!("there{n}/{name}");
    let issues_of = |n: u64| match bench.path().join(register(n)).exists() {
        true => count(&bench, &register(n), "list", "issues"),
        false => 0,
    };
    let mut cut = 0;
    for n in 0..16_u64 {
        let mut child = spawn_merge(&bench, n);
        // The first is killed before it has done anything, so at least one always is.
        std::thread::sleep(Duration::from_millis(n * 11));
        cut += usize::from(child.try_wait().expect("a child").is_none());
        let _ = child.kill();
        child.wait().expect("it ended");
        let there = bench.path().join(place(n)).exists();
        let known = issues_of(n);
        assert!(
            known == 0 || (there && known == 400),
            "{n}: {there} {known}"
        );
        if there {
            bench.renkei(&["verify", &place(n)]).expect_code(0);
            let again = bench.renkei(&[
                "merge",
                "p.zip",
                "--into",
                &format!("there{n}"),
                "--register",
                &register(n),
            ]);
            let told = again.expect_code(2).stderr;
            assert!(told.contains("renkei issues sync"), "{told}");
            issues(&bench, &["--register", &register(n), "sync", &place(n)]).expect_code(0);
        } else {
            assert!(spawn_merge(&bench, n).wait().expect("it ends").success());
        }
        assert_eq!(issues_of(n), 400);
        assert_eq!(count(&bench, &register(n), "history", "history"), 400);
    }
    assert!(cut > 0, "no process was killed at work");
}
