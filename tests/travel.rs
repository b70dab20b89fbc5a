//! Bundles as files that travel: packed, signed, verified, merged; and everything that must be refused.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::harness::Bench;

/// Entries of a packed file: name and content.
type Entries = Vec<(String, Vec<u8>)>;
use crate::register::bundle;

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
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

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
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
fn refused(bench: &Bench, name: &str, bytes: &[u8]) {
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

/// A bundle with evidence: the run of the sample, packed.
fn packed_run(bench: &Bench) -> Vec<u8> {
    bench.copy("sample-data/joint-test");
    bench
        .renkei(&["run", "joint-test/plan.toml"])
        .expect_code(1);
    let mut runs = std::fs::read_dir(bench.path().join("reports/runs"))
        .expect("runs")
        .flatten();
    let run = runs.next().expect("a run").path();
    bench
        .renkei(&["pack", &text(&run), "--out", "whole.zip"])
        .expect_code(0);
    std::fs::read(bench.path().join("whole.zip")).expect("the file")
}

/// A zip whose entries are stored, with names as they are given: writers of honest files refuse some of these.
fn raw_zip(parts: &[(&[u8], &[u8], u32)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content, mode) in parts {
        let offset = u32::try_from(out.len()).expect("small");
        let crc = flate2::Crc::new();
        let crc = {
            let mut crc = crc;
            crc.update(content);
            crc.sum()
        };
        let size = u32::try_from(content.len()).expect("small").to_le_bytes();
        let length = u16::try_from(name.len()).expect("short").to_le_bytes();
        let flags = 0x0800u16.to_le_bytes();
        let mut common = Vec::new();
        common.extend([20, 0]);
        common.extend(flags);
        common.extend([0, 0, 0, 0, 0x21, 0x5a]);
        common.extend(crc.to_le_bytes());
        common.extend(size);
        common.extend(size);
        common.extend(length);
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(*name);
        out.extend(*content);
        directory.extend(b"PK\x01\x02");
        directory.extend([20, 3]);
        directory.extend(&common);
        directory.extend([0; 6]);
        directory.extend((mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(*name);
    }
    let at = u32::try_from(out.len()).expect("small").to_le_bytes();
    let count = u16::try_from(parts.len()).expect("few").to_le_bytes();
    let size = u32::try_from(directory.len()).expect("small").to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].concat());
    out.extend([size, at].concat());
    out.extend([0, 0]);
    out
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

#[test]
fn every_part_cut_and_name_that_is_not_right_is_refused() {
    let bench = Bench::new();
    let sound = packed_run(&bench);
    let good = parts(&sound);
    assert!(good.iter().any(|(name, _)| name.starts_with("blobs/")));
    // Tampering with each part: one bit in its middle, its end cut, something added.
    for at in 0..good.len() {
        for change in 0..3 {
            let mut parts = good.clone();
            let content = &mut parts[at].1;
            match change {
                0 if content.is_empty() => continue,
                0 => {
                    let middle = content.len() / 2;
                    content[middle] ^= 1;
                }
                1 if content.is_empty() => continue,
                1 => content.truncate(content.len() - 1),
                _ => content.push(b' '),
            }
            let manifest = parts[at].0 == "renkei-pack.json";
            if manifest && change == 2 {
                continue; // a space after JSON says nothing else
            }
            refused(&bench, "part", &zipped(&parts));
        }
    }
    for part in 1..50 {
        refused(&bench, "cut", &sound[..sound.len() * part / 50]);
    }
    // Names that leave the folder, or are one name on some systems: in the manifest and as entries, digests right.
    let manifest: Value = serde_json::from_slice(&good[0].1).expect("JSON");
    let forged = |names: &[(&str, u32)]| {
        let mut manifest = manifest.clone();
        let mut entries: Vec<(Vec<u8>, Vec<u8>, u32)> = Vec::new();
        for (name, content) in &good[1..] {
            entries.push((name.clone().into_bytes(), content.clone(), 0o100_644));
        }
        for (name, mode) in names {
            let content = b"/etc/passwd".to_vec();
            manifest["files"][*name] =
                serde_json::json!({ "sha256": sha256(&content), "bytes": content.len() });
            entries.push((name.as_bytes().to_vec(), content, *mode));
        }
        let text = serde_json::to_vec(&manifest).expect("JSON");
        entries.insert(0, (b"renkei-pack.json".to_vec(), text, 0o100_644));
        let entries: Vec<(&[u8], &[u8], u32)> = entries
            .iter()
            .map(|(n, c, m)| (n.as_slice(), c.as_slice(), *m))
            .collect();
        raw_zip(&entries)
    };
    let plain = 0o100_644;
    bench.write("honest.zip", forged(&[("inputs/more.txt", plain)]));
    bench.renkei(&["verify", "honest.zip"]).expect_code(0);
    for names in [
        &[("../evil", plain)][..],
        &[("inputs/../../evil", plain)],
        &[("/etc/evil", plain)],
        &[("C:/evil", plain)],
        &[("inputs\\..\\evil", plain)],
        &[("inputs/con.txt", plain)],
        &[("inputs/evil.", plain)],
        &[("inputs/a\u{0}b", plain)],
        &[("inputs/link", 0o120_777)],
        &[("inputs/A.txt", plain), ("inputs/a.txt", plain)],
        &[("inputs/ä.txt", plain), ("inputs/a\u{308}.txt", plain)],
        &[("inputs/が.txt", plain), ("inputs/か\u{3099}.txt", plain)],
        &[("inputs/ẞ.txt", plain), ("inputs/ß.txt", plain)],
        &[("inputs/x", plain), ("inputs/x/y", plain)],
        &[("", plain)],
        &[("inputs//x", plain)],
        &[("inputs/./x", plain)],
    ] {
        refused(&bench, "name", &forged(names));
    }
    // The same entry twice, in the zip's own directory.
    let (name, content) = &good[1];
    let mut twice: Vec<(&[u8], &[u8], u32)> = good
        .iter()
        .map(|(n, c)| (n.as_bytes(), c.as_slice(), plain))
        .collect();
    twice.push((name.as_bytes(), content, plain));
    refused(&bench, "twice", &raw_zip(&twice));
    // A bomb: a part of zeros that its manifest declares honestly, and one that it does not.
    let zeros = vec![0_u8; 64 * 1024 * 1024];
    let mut bomb = manifest.clone();
    bomb["files"]["inputs/zeros"] = serde_json::json!({ "sha256": "0".repeat(64), "bytes": 10 });
    let mut parts = good.clone();
    parts[0].1 = serde_json::to_vec(&bomb).expect("JSON");
    parts.push(("inputs/zeros".to_owned(), zeros));
    refused(&bench, "bomb", &zipped(&parts));
}

#[test]
fn signatures_that_are_missing_wrong_or_of_another_are_refused() {
    let bench = Bench::new();
    let folder = bundle(&bench, 1, 0..1);
    for key in ["team", "other"] {
        bench.renkei(&["pack", "keygen", key]).expect_code(0);
    }
    let sign = |out: &str, key: &str| {
        bench
            .renkei(&["pack", &text(&folder), "--out", out, "--sign", key])
            .expect_code(0);
        parts(&std::fs::read(bench.path().join(out)).expect("the file"))
    };
    let (ours, theirs) = (sign("ours.zip", "team"), sign("theirs.zip", "other"));
    let signature = |parts: &[(String, Vec<u8>)]| {
        parts
            .iter()
            .find(|(n, _)| n == "renkei-pack.sig")
            .expect("signed")
            .1
            .clone()
    };
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut parts = ours.clone();
        for (name, content) in &mut parts {
            if name == "renkei-pack.sig" {
                change(content);
            }
        }
        zipped(&parts)
    };
    let merge = |file: &str, key: &[&str]| {
        let args = [
            &[
                "merge",
                file,
                "--into",
                "there",
                "--register",
                "there.sqlite",
            ],
            key,
        ]
        .concat();
        bench.renkei(&args)
    };
    let key = ["--key", "team.pub"];
    for (name, bytes, always) in [
        ("other.zip", with(&|s| *s = signature(&theirs)), true),
        ("empty.zip", with(&Vec::clear), true),
        (
            "flip.zip",
            with(&|s| {
                let at = s.len() - 10;
                s[at] ^= 1
            }),
            true,
        ),
        (
            "unsigned.zip",
            zipped(
                &ours
                    .iter()
                    .filter(|(n, _)| n != "renkei-pack.sig")
                    .cloned()
                    .collect::<Vec<_>>(),
            ),
            false,
        ),
        ("theirs.zip", zipped(&theirs), false),
    ] {
        bench.write(name, bytes);
        merge(name, &key).expect_code(2);
        bench
            .renkei(&["verify", name, "--key", "team.pub"])
            .expect_code(2);
        if always {
            merge(name, &[]).expect_code(2);
        }
        assert!(
            !bench.path().join("there").exists() && !bench.path().join("there.sqlite").exists(),
            "{name}"
        );
    }
    merge("ours.zip", &key).expect_code(0);
    merge("ours.zip", &key).expect_code(2);
}

#[test]
fn the_public_edition_of_a_run_names_no_vendor_host_or_file() {
    let bench = Bench::new();
    let folder = bench.copy("sample-data/joint-test");
    for file in [
        "plan.toml",
        "vendor-a/profile.toml",
        "vendor-b/profile.toml",
        "vendor-c/profile.toml",
    ] {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).expect("text");
        let text = text
            .replace("A社", "株式会社ホクトネット")
            .replace("B社", "ナンセイ情報")
            .replace("C社", "トウザン電算");
        let text = text.replace("product = \"", "product = \"Zephyrus ");
        std::fs::write(&path, text).expect("written");
    }
    bench
        .renkei(&["run", "joint-test/plan.toml"])
        .expect_code(1);
    let run = std::fs::read_dir(bench.path().join("reports/runs"))
        .expect("runs")
        .flatten()
        .next()
        .expect("a run")
        .path();
    bench
        .renkei(&["pack", &text(&run), "--out", "p.zip", "--public"])
        .expect_code(0);
    bench.renkei(&["verify", "p.zip"]).expect_code(0);
    let told = unzipped(&std::fs::read(bench.path().join("p.zip")).expect("the file"));
    let public: Vec<(String, Vec<u8>)> =
        parts(&std::fs::read(bench.path().join("p.zip")).expect("the file"));
    for word in [
        "ホクトネット",
        "ナンセイ",
        "トウザン",
        "Zephyrus",
        "zephyrus",
        "127.0.0.1",
        "localhost",
        "jutogai_131016_20261101",
        "furikae_131016",
        "BZEIMAIN",
        "BZEISHORT",
        "担当者-",
        "vendor-",
    ] {
        assert!(
            !told.contains(word),
            "{word} in «{}»",
            told.match_indices(word)
                .next()
                .map(|(at, _)| told[at.saturating_sub(90)..]
                    .chars()
                    .take(120)
                    .collect::<String>())
                .unwrap_or_default()
        );
        assert!(public.iter().all(|(name, _)| !name.contains(word)));
    }
    let (_, result) = public
        .iter()
        .find(|(n, _)| n == "reports/result.json")
        .expect("the document");
    crate::harness::expect_schema(&serde_json::from_slice(result).expect("JSON"));
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
    let target = bench
        .path()
        .join("there")
        .join(run.file_name().expect("a name"));
    bench
        .renkei(&[
            "report",
            &text(&target),
            "--format",
            "html,kadai,text",
            "--out",
            "out",
        ])
        .expect_code(0);
    for path in crate::canary::files(&bench.path().join("out")) {
        let bytes = std::fs::read(&path).expect("readable");
        let told = if bytes.starts_with(b"PK") {
            unzipped(&bytes)
        } else {
            String::from_utf8_lossy(&bytes).into_owned()
        };
        for word in ["ホクトネット", "ナンセイ", "Zephyrus", "127.0.0.1"] {
            assert!(!told.contains(word), "{word} in {}", path.display());
        }
    }
}
