//! Bundles as files that travel: packed, signed, verified, merged; and everything that must be refused.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::harness::Bench;
use crate::register::bundle;

/// Entries of a packed file: name and content.
type Entries = Vec<(String, Vec<u8>)>;

pub(crate) fn text(path: &Path) -> String {
    path.display().to_string()
}

pub(crate) fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..archive.len())
        .map(|i| {
            let mut part = archive.by_index(i).expect("a part");
            let name = part.name().expect("a name").into_owned();
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("readable");
            (name, content)
        })
        .collect()
}

/// Takes `p.zip` over, with its register.
pub(crate) fn take_over(bench: &Bench) {
    bench
        .renkei(&[
            "merge",
            "p.zip",
            "--into",
            "there",
            "--register",
            "there.sqlite",
        ])
        .expect_code(0);
}

pub(crate) fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default())
            .expect("a part");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

/// The text of every part of a zip, one after the other.
pub(crate) fn unzipped(bytes: &[u8]) -> String {
    let parts = parts(bytes).into_iter();
    parts
        .map(|(_, content)| String::from_utf8_lossy(&content).into_owned())
        .collect()
}

#[test]
fn a_signed_bundle_travels_into_another_register() {
    let bench = Bench::new();
    let folder = bundle(&bench, 1, 0..2);
    bench.renkei(&["pack", "keygen", "team"]).expect_code(0);
    bench.renkei(&["pack", "keygen", "team"]).expect_code(4);
    bench.renkei(&["pack", "keygen", "other"]).expect_code(0);
    bench
        .renkei(&["pack", &text(&folder), "--out", "a.zip", "--sign", "team"])
        .expect_code(0);
    bench.renkei(&["verify", "a.zip"]).expect_code(0);
    let right = bench
        .renkei(&["verify", "a.zip", "--key", "team.pub"])
        .expect_code(0);
    insta::assert_snapshot!("travel_verify_ja", right.stdout);
    bench
        .renkei(&["verify", "a.zip", "--key", "other.pub"])
        .expect_code(2);
    bench
        .renkei(&["verify", "a.zip", "--key", "team"])
        .expect_code(2);
    let merge = [
        "merge",
        "a.zip",
        "--into",
        "there",
        "--register",
        "there.sqlite",
    ];
    let merged = bench.renkei(&merge).expect_code(0);
    assert!(merged.stdout.contains("起票案2件"), "{}", merged.stdout);
    let run = folder.file_name().expect("a name");
    assert_eq!(
        std::fs::read(folder.join("reports/result.json")).ok(),
        std::fs::read(
            bench
                .path()
                .join("there")
                .join(run)
                .join("reports/result.json")
        )
        .ok()
    );
    let again = bench.renkei(&merge).expect_code(2);
    assert!(again.stderr.contains("既にあります"), "{}", again.stderr);
}

#[test]
fn tampered_cut_off_and_hostile_files_are_refused_and_leave_nothing() {
    let bench = Bench::new();
    let folder = bundle(&bench, 1, 0..1);
    bench.renkei(&["pack", "keygen", "team"]).expect_code(0);
    bench
        .renkei(&["pack", &text(&folder), "--out", "a.zip", "--sign", "team"])
        .expect_code(0);
    let sound = std::fs::read(bench.path().join("a.zip")).expect("the file");
    let good = parts(&sound);
    let with = |change: &dyn Fn(&mut Entries)| {
        let mut parts = good.clone();
        change(&mut parts);
        zipped(&parts)
    };
    let at = |parts: &[(String, Vec<u8>)], name: &str| {
        parts.iter().position(|(n, _)| n == name).expect("the part")
    };
    let replace = |name: &'static str, from: &'static str, to: &'static str| {
        with(&move |parts: &mut Vec<(String, Vec<u8>)>| {
            let i = at(parts, name);
            let content = String::from_utf8(parts[i].1.clone()).expect("text");
            assert!(content.contains(from));
            parts[i].1 = content.replace(from, to).into_bytes();
        })
    };
    let cases = [
        ("content", replace("reports/result.json", "fail", "pass")),
        (
            "manifest",
            replace("renkei-pack.json", "fictional", "anonymised"),
        ),
        (
            "newer",
            replace("renkei-pack.json", "renkei.pack/v1", "renkei.pack/v2"),
        ),
        (
            "run",
            replace("renkei-pack.json", "\"run\": \"", "\"run\": \"../"),
        ),
        (
            "extra",
            with(&|parts| parts.push(("extra.txt".to_owned(), Vec::new()))),
        ),
        (
            "up",
            with(&|parts| parts.push(("../../evil".to_owned(), b"x".to_vec()))),
        ),
        (
            "root",
            with(&|parts| parts.push(("/etc/evil".to_owned(), b"x".to_vec()))),
        ),
        (
            "drive",
            with(&|parts| parts.push(("C:\\evil".to_owned(), b"x".to_vec()))),
        ),
        (
            "missing",
            with(&|parts| {
                parts.pop();
            }),
        ),
        (
            "bare",
            with(&|parts| parts.retain(|(name, _)| name != "renkei-pack.json")),
        ),
        ("other", b"not a zip".to_vec()),
    ];
    for (name, bytes) in cases {
        refused(&bench, name, &bytes);
    }
    for end in [0, 1, 30, sound.len() / 2, sound.len() - 1] {
        refused(&bench, "cut", &sound[..end]);
    }
    for at in (0..sound.len()).step_by(sound.len() / 12) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0xFF;
        bench.write("flip.zip", &bytes);
        // A flip in a time stamp changes nothing that counts; anything else is refused, and nothing ever panics.
        let called = bench.renkei(&["verify", "flip.zip"]);
        assert!([0, 2].contains(&called.code), "{at}: {}", called.stderr);
    }
    // An unsigned forgery that is right in itself is caught by --key alone.
    let unsigned = with(&|parts| parts.retain(|(name, _)| name != "renkei-pack.sig"));
    bench.write("unsigned.zip", &unsigned);
    bench.renkei(&["verify", "unsigned.zip"]).expect_code(0);
    bench
        .renkei(&["verify", "unsigned.zip", "--key", "team.pub"])
        .expect_code(2);
}

#[track_caller]
pub(crate) fn refused(bench: &Bench, name: &str, bytes: &[u8]) {
    let file = format!("{name}.zip");
    bench.write(&file, bytes);
    let called = bench.renkei(&["verify", &file]).expect_code(2);
    assert!(called.stderr.contains(&file), "{}", called.stderr);
    bench
        .renkei(&[
            "merge",
            &file,
            "--into",
            "there",
            "--register",
            "there.sqlite",
        ])
        .expect_code(2);
    assert!(!bench.path().join("there.sqlite").exists(), "{name}");
    let left = std::fs::read_dir(bench.path().join("there")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "{name}");
}

#[test]
fn the_public_edition_names_nobody_and_shows_nothing() {
    let bench = Bench::new();
    let folder = bundle(&bench, 1, 0..1);
    bench
        .renkei(&["pack", &text(&folder), "--out", "p.zip", "--public"])
        .expect_code(0);
    bench.renkei(&["verify", "p.zip"]).expect_code(0);
    let parts = parts(&std::fs::read(bench.path().join("p.zip")).expect("the file"));
    for (name, content) in &parts {
        let content = String::from_utf8_lossy(content);
        for word in [
            "北システム",
            "南ソフト",
            "北の住記",
            "南の税",
            "kita",
            "minami",
        ] {
            assert!(
                !content.contains(word) && !name.contains(word),
                "{word} in {name}"
            );
        }
        assert!(!name.starts_with("blobs") && !name.starts_with("inputs"));
    }
    let (_, result) = parts
        .iter()
        .find(|(name, _)| name == "reports/result.json")
        .expect("the document");
    let document: Value = serde_json::from_slice(result).expect("JSON");
    crate::harness::expect_schema(&document);
    assert_eq!(document["cases"][0]["from"], "V-01");
    assert_eq!(document["cases"][0]["title"]["ja"], "V-01から送る");
    take_over(&bench);
}

#[test]
fn personal_data_leave_only_with_an_approval() {
    let bench = Bench::new();
    let folder = bundle(&bench, 1, 0..1);
    let result = folder.join("reports/result.json");
    let real = std::fs::read_to_string(&result)
        .expect("text")
        .replace("\"fictional\"", "\"real\"");
    std::fs::write(&result, real).expect("written");
    std::fs::write(folder.join("inputs/plan.toml"), "x").expect("written");
    let refused = bench
        .renkei(&["pack", &text(&folder), "--out", "a.zip"])
        .expect_code(5);
    insta::assert_snapshot!("travel_personal_ja", refused.stderr);
    assert!(!bench.path().join("a.zip").exists());
    let allowed = bench
        .renkei(&[
            "pack",
            &text(&folder),
            "--out",
            "a.zip",
            "--allow-personal",
            "承認-12",
        ])
        .expect_code(0);
    assert!(
        allowed.stderr.contains("inputs/plan.toml"),
        "{}",
        allowed.stderr
    );
    let parts = parts(&std::fs::read(bench.path().join("a.zip")).expect("the file"));
    let (_, manifest) = parts
        .iter()
        .find(|(name, _)| name == "renkei-pack.json")
        .expect("the manifest");
    assert!(String::from_utf8_lossy(manifest).contains("承認-12"));
}
