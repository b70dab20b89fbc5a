//! Packed bundles that must be refused, part by part and name by name; signatures; and the public edition of a whole run.

use renkei_run::travel::Packed;
use serde_json::Value;

use crate::harness::Bench;
use crate::register::bundle;
use crate::travel::{parts, refused, take_over, text, unzipped, zipped};

/// A small bundle with a part of every kind, packed.
fn packed_run(bench: &Bench) -> Vec<u8> {
    let run = bundle(bench, 1, 0..2);
    let evidence = "氏名,見本　太郎".repeat(20);
    let blob = format!("blobs/{}", sha256(evidence.as_bytes()));
    std::fs::write(run.join(blob), &evidence).expect("written");
    std::fs::write(run.join("inputs/plan.toml"), "title = \"x\"\n").expect("written");
    bench
        .renkei(&["pack", &text(&run), "--out", "whole.zip"])
        .expect_code(0);
    std::fs::read(bench.path().join("whole.zip")).expect("the file")
}

/// The same as [`refused`] without a process for each: what `verify` and `merge` do before they write anything.
#[track_caller]
fn not_opened(bench: &Bench, what: &str, bytes: &[u8]) {
    let file = bench.write("inside.zip", bytes);
    let opened = Packed::open(&file).and_then(|mut packed| packed.verify());
    assert!(opened.is_err(), "{what}");
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
    // Tampering with each part: one bit in its middle, its end cut, or something added.
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
            let what = format!("{} {change}", parts[at].0);
            not_opened(&bench, &what, &zipped(&parts));
            if at < 2 {
                refused(&bench, "part", &zipped(&parts));
            }
        }
    }
    let whole = bench.write("inside.zip", &sound);
    let opened = Packed::open(&whole).and_then(|mut packed| packed.verify());
    assert!(opened.is_ok(), "{opened:?}");
    for length in (0..sound.len()).step_by(7) {
        not_opened(&bench, &format!("cut after {length}"), &sound[..length]);
    }
    refused(&bench, "cut", &sound[..sound.len() / 2]);
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
    named(&folder);
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
    take_over(&bench);
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
    for path in crate::harness::files(&bench.path().join("out")) {
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

/// Gives the vendors of the sample names that stand nowhere else.
fn named(folder: &std::path::Path) {
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
}
