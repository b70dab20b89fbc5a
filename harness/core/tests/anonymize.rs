//! Every sample of every bundled layout, made anonymous: as long as before, with the same findings at the same places, and
//! without a value of a person.
#![expect(clippy::disallowed_methods, reason = "the samples are files")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use renkei_core::anonymize::{Wish, anonymize};
use renkei_core::check::Sink;
use renkei_core::encoding::{Encoding, Target, encode};
use renkei_core::generate::read;
use renkei_core::mask::{Key, Mask, Sensitivity};
use renkei_core::model::Problems;
use renkei_core::scan::{self, InMemory, Job};
use renkei_core::spec::layout::{CodeList, Date, Layout};

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).map_or(Vec::new(), |all| all.map(|e| e.unwrap().path()).collect());
    found.sort();
    found
}

/// Layouts of the bundled packs with their code lists and samples.
fn layouts() -> Vec<(Layout, BTreeMap<String, CodeList>, Vec<PathBuf>)> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let versions = entries(&specs).into_iter().filter(|p| p.is_dir());
    let mut found = Vec::new();
    for pack in versions.flat_map(|p| entries(&p)) {
        let mut problems = Problems::new();
        let mut lists = BTreeMap::new();
        for path in entries(&pack.join("codes")) {
            let list = CodeList::load(&fs::read(&path).unwrap(), "codes", &mut problems);
            lists.insert(
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                list,
            );
        }
        for folder in entries(&pack.join("layouts")) {
            let text = fs::read_to_string(folder.join("layout.toml")).unwrap();
            let fields = fs::read(folder.join("fields.csv")).unwrap();
            let layout = Layout::load(&text, &fields, ("layout.toml", "fields.csv"), &mut problems);
            assert_eq!(problems, [], "{}", folder.display());
            found.push((
                layout.unwrap(),
                lists.clone(),
                entries(&folder.join("samples")),
            ));
        }
    }
    found
}

/// Rule, record, field and offset of every finding.
fn findings(
    layout: &Layout,
    lists: &BTreeMap<String, CodeList>,
    name: &str,
    bytes: &[u8],
) -> Vec<String> {
    let mut sink = Sink::new(scan::policy(layout, &layout.file));
    let job = Job {
        layout,
        settings: &layout.file,
        code_lists: lists,
        file_name: name,
        mask: Mask::default(),
        as_of: Date::new(2026, 11, 1).unwrap(),
        threads: 1,
        scratch: &InMemory,
        occurrences: None,
    };
    scan::check(job, bytes, &mut sink).unwrap();
    let told = sink.into_findings().into_iter();
    told.map(|f| {
        let at = &f.location;
        format!(
            "{} {:?} {:?} {:?} x{}",
            f.rule, at.record, at.field, at.byte_offset, f.count
        )
    })
    .collect()
}

fn wish<'a>(layout: &'a Layout, lists: &'a BTreeMap<String, CodeList>, key: u8) -> Wish<'a> {
    Wish {
        layout,
        settings: &layout.file,
        code_lists: lists,
        lists: &[],
        key: Key::new([key; 32]),
        keep: &[],
    }
}

#[test]
fn findings_stay_where_they_are_and_values_go() {
    let (mut files, mut leaks, mut faults) = (0, Vec::new(), Vec::new());
    let mut replaced = 0;
    for (layout, lists, samples) in layouts() {
        for sample in samples {
            let name = sample.file_name().unwrap().to_string_lossy().into_owned();
            let old = fs::read(&sample).unwrap();
            let made = anonymize(&wish(&layout, &lists, 1), &old).unwrap();
            files += 1;
            replaced += made.replaced.values().sum::<u64>();
            assert_eq!(made.bytes.len(), old.len(), "{name}");
            let before = findings(&layout, &lists, &name, &old);
            let after = findings(&layout, &lists, &name, &made.bytes);
            if before != after {
                faults.push(format!("{}/{name}: {before:?} became {after:?}", layout.id));
            }
            leaks
                .extend(leaked(&layout, &old, &made.bytes).map(|field| format!("{name}: {field}")));
        }
    }
    assert!(
        files > 30 && replaced > 300,
        "{files} files, {replaced} values"
    );
    assert!(
        leaks.is_empty(),
        "values that are still there:\n{}",
        leaks.join("\n")
    );
    assert!(
        faults.is_empty(),
        "of {files} files:\n{}",
        faults.join("\n")
    );
}

/// What goes wrong with a record: a field too few, one too many, bytes lost or added, another encoding, a field left out and
/// the rest moved up.
fn broken(layout: &Layout, sample: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let end = |from: usize| {
        let rest = sample.get(from..).unwrap_or_default();
        let found = rest.iter().position(|b| matches!(b, b'\r' | b'\n'));
        found.map_or(sample.len(), |at| from + at)
    };
    let first = end(0);
    let next = sample.get(first..).unwrap_or_default();
    let start = first
        + next
            .iter()
            .take_while(|b| matches!(b, b'\r' | b'\n'))
            .count();
    let (head, rest) = sample.split_at(start.min(sample.len()));
    let (line, tail) = rest.split_at(end(start).saturating_sub(start).min(rest.len()));
    let with = |line: Vec<u8>| [head, &line, tail].concat();
    let mut found = Vec::new();
    if layout.form == renkei_core::spec::layout::Form::Delimited {
        let commas: Vec<usize> = (0..line.len()).filter(|at| line[*at] == b',').collect();
        for n in [0, commas.len() / 3, commas.len() / 2] {
            let Some(at) = commas.get(n) else { continue };
            found.push((
                "a field too few",
                with([&line[..*at], &line[at + 1..]].concat()),
            ));
            found.push((
                "a field too many",
                with([&line[..*at], b",", &line[*at..]].concat()),
            ));
        }
    } else {
        for part in [3, 2] {
            let at = line.len() / part;
            found.push(("a byte lost", with([&line[..at], &line[at + 1..]].concat())));
            found.push((
                "bytes added",
                with([&line[..at], b" 1", &line[at..]].concat()),
            ));
            let moved = [&line[..at], b"1", &line[at..line.len() - 1]].concat();
            found.push(("shifted", with(moved)));
            let up = [
                &line[..at],
                &line[(at + 12).min(line.len())..],
                &b" ".repeat(12),
            ]
            .concat();
            found.push(("moved up", with(up)));
        }
    }
    let settings = &layout.file;
    if let Ok(text) = renkei_core::encoding::decode(line, settings.encoding, settings.dialect) {
        for other in [Encoding::Utf8, Encoding::Cp932] {
            if let Ok(bytes) = encode(&text, Target::new(other)) {
                found.push(("another encoding", with(bytes)));
            }
        }
    }
    found
}

#[test]
fn records_that_are_broken_lose_their_values_and_keep_their_findings() {
    let (mut files, mut leaks, mut faults) = (0, Vec::new(), Vec::new());
    for (layout, lists, samples) in layouts() {
        let sound = |path: &&PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("pass")
        };
        let Some(sample) = samples.iter().find(sound) else {
            continue;
        };
        let name = sample.file_name().unwrap().to_string_lossy().into_owned();
        let original = fs::read(sample).unwrap();
        for (what, old) in broken(&layout, &original) {
            let made = anonymize(&wish(&layout, &lists, 9), &old).unwrap();
            files += 1;
            assert_eq!(made.bytes.len(), old.len(), "{name}");
            let before = findings(&layout, &lists, &name, &old);
            let after = findings(&layout, &lists, &name, &made.bytes);
            // Where a record is moved by more than a shift can be, digits that fit by chance need not fit again.
            if before != after && what != "moved up" {
                faults.push(format!(
                    "{}/{name} {what}: {before:?} became {after:?}",
                    layout.id
                ));
            }
            let told = leaked(&layout, &original, &made.bytes).collect::<Vec<_>>();
            leaks.extend(
                told.into_iter()
                    .map(|field| format!("{}/{name} {what}: {field}", layout.id)),
            );
        }
    }
    assert!(files > 60, "{files} files");
    assert!(
        leaks.is_empty() && faults.is_empty(),
        "of {files} files, values still there:\n{}\nother findings:\n{}",
        leaks.join("\n"),
        faults.join("\n")
    );
}

/// Names of sensitive fields of which a value of the original stands in the output: text anywhere in it, numbers in a field
/// of persons (elsewhere a short number is part of some amount), a 個人番号 anywhere.
fn leaked(layout: &Layout, old: &[u8], new: &[u8]) -> impl Iterator<Item = String> {
    let records = read(layout, &layout.file, old).unwrap_or_default();
    let mut numbers: Vec<String> = Vec::new();
    for record in read(layout, &layout.file, new).unwrap_or_default() {
        let fields = layout.kinds.get(record.kind).map_or(&[][..], |k| &k.fields);
        let persons = fields.iter().zip(record.values);
        let persons = persons.filter(|(field, _)| field.sensitive != Sensitivity::No);
        numbers.extend(persons.map(|(_, value)| value));
    }
    let target = Target::new(layout.file.encoding).dialect(layout.file.dialect);
    let mut found = Vec::new();
    for record in records {
        let fields = layout.kinds.get(record.kind).map_or(&[][..], |k| &k.fields);
        for (field, value) in fields.iter().zip(&record.values) {
            let least = if value.is_ascii() { 5 } else { 2 };
            let filled = value.chars().all(|c| matches!(c, '0' | '9' | ' ' | '-'));
            // Zeros with two digits behind them stand by chance where a record is shifted.
            let filled = filled || value.trim_start_matches('0').len() < 3;
            let person = field.sensitive != Sensitivity::No && field.code.is_empty();
            if !person || filled || value.chars().count() < least || field.fixed_value.is_some() {
                continue;
            }
            let open = matches!(value.as_str(), "9999-12-31" | "0000-01-01");
            // A field too few puts a day of processing into the field of a number.
            let open = open || (!field.kind.is_date() && Date::parse(value).is_some());
            let bytes = encode(value, target).unwrap_or_default();
            let anywhere = new.windows(bytes.len().max(1)).any(|w| w == bytes);
            let known = renkei_core::mask::has_individual_number(value);
            let there = match value.is_ascii() && !known {
                // Numbers as long as those of accounts and residents stand nowhere by chance.
                true if value.chars().count() >= 9 => anywhere,
                true => numbers.contains(value),
                false => anywhere,
            };
            if !open && there {
                found.push(field.roman.clone());
            }
        }
    }
    found.into_iter()
}

#[test]
fn equal_values_stay_equal_across_files_and_encodings() {
    let mut problems = Problems::new();
    let lists = BTreeMap::new();
    let layout = |encoding: &str| {
        let text = format!(
            "id = \"a\"\ntitle = {{ ja = \"a\", en = \"a\" }}\nform = \"delimited\"\n[file]\nencoding = \"{encoding}\"\n"
        );
        let fields = "no,name,roman,type,length,format,sensitive\n1,番号,bango,X,15,atenabango,number\n2,氏名,shimei,N,20,,name\n3,個人番号,kojin,X,12,kojinbango,number\n";
        let mut problems = Problems::new();
        let made = Layout::load(&text, fields.as_bytes(), ("l", "f"), &mut problems);
        assert_eq!(problems, []);
        made.unwrap()
    };
    let text =
        "123456789123452,山田　太郎,345678901234\r\n123456789123456,髙橋　々,345678901230\r\n";
    let mut seen = Vec::new();
    for encoding in ["utf-8", "cp932", "utf-16le"] {
        let layout = layout(encoding);
        let target = Target::new(layout.file.encoding);
        let old = encode(text, target).unwrap();
        let made = anonymize(&wish(&layout, &lists, 3), &old).unwrap();
        let new =
            renkei_core::encoding::decode(&made.bytes, layout.file.encoding, layout.file.dialect);
        let new = new.unwrap();
        assert_eq!(new.chars().count(), text.chars().count());
        assert!(!new.contains("山田") && !new.contains("345678901234") && new.contains("々"));
        let other = anonymize(&wish(&layout, &lists, 4), &old).unwrap();
        assert_ne!(other.bytes, made.bytes, "another key gives other values");
        seen.push(new);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    let digit = |line: usize, at: usize| {
        let value = seen[0]
            .lines()
            .nth(line)
            .unwrap()
            .split(',')
            .nth(at)
            .unwrap();
        renkei_core::mask::has_individual_number(value)
    };
    assert!(digit(0, 2) && !digit(1, 2), "{}", seen[0]);
    assert_eq!(problems.len(), 0);
    problems.clear();
}

#[test]
fn oddities_stay_what_they_are() {
    let text = "id = \"a\"\ntitle = { ja = \"a\", en = \"a\" }\nform = \"delimited\"\n[file]\nencoding = \"cp932\"\n";
    let fields = "no,name,roman,type,length,sensitive\n1,番号,bango,9,5,\n2,氏名,shimei,N,40,name\n3,生年月日,umare,DATE,,birth\n";
    let mut problems = Problems::new();
    let layout = Layout::load(text, fields.as_bytes(), ("l", "f"), &mut problems).unwrap();
    let lists = BTreeMap::new();
    // 外字 F040, IBM and NEC forms of 髙, a cut character, a quoted comma, an impossible month.
    let old = b"1,\"\x8B\xB4,\xF0\x40\",1964-13-01\r\n2,\xFB\xFC\xEE\xE0\x82\xA0,1963-02-29\r\n3,\x8E\x52\x81,1964-07-01\r\n";
    let made = anonymize(&wish(&layout, &lists, 5), old).unwrap();
    let new = &made.bytes;
    assert_eq!(
        findings(&layout, &lists, "a", old),
        findings(&layout, &lists, "a", new)
    );
    let at = |needle: &[u8]| new.windows(needle.len()).any(|w| w == needle);
    assert!(!at(b"\x8B\xB4") && !at(b"\xFB\xFC") && !at(b"1964-07-01"));
    assert!(
        (0xF0..=0xF9).contains(&new[6]),
        "a 外字 stays one: {new:02X?}"
    );
    assert!(at(b"-13-01") && at(b"-02-29"));
}
