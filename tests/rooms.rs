//! The house: no room of the core looks upwards, the top level holds what it should, sources stay small.

use std::path::{Path, PathBuf};

use crate::harness::{files, root};

/// Rooms of the core, from the ground up (harness/ARCHITECTURE.md).
const ROOMS: &[&str] = &[
    "model",
    "record",
    "encoding",
    "mask",
    "spec",
    "generate",
    "agreement",
    "plan",
    "observe",
    "calls",
    "check",
    "compare",
    "scan",
    "anonymize",
    "fileset",
    "lint",
    "judge",
    "baseline",
    "issue",
    "selftest",
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let all = files(folder).into_iter();
    all.filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|r| *r == room)
}

/// Rooms named in `use crate::…` lines (also `crate::{a::…, b::…}`) and in paths `crate::room::`.
fn rooms_used(source: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or("").split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let word: String = name
                .trim()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if floor(&word).is_some() {
                used.push(word);
            }
        }
    }
    used
}

#[test]
fn no_room_looks_upwards() {
    let core = root().join("harness/core/src");
    let mut upward = Vec::new();
    for room in ROOMS {
        let folder = core.join(room);
        if !folder.is_dir() {
            continue;
        }
        for file in rust_files(&folder) {
            let source = std::fs::read_to_string(&file).expect("a source file is UTF-8");
            for used in rooms_used(&source) {
                if floor(&used) > floor(room) {
                    upward.push(format!(
                        "{} uses {used}",
                        file.strip_prefix(root()).unwrap_or(&file).display()
                    ));
                }
            }
        }
    }
    assert!(
        upward.is_empty(),
        "a room may use only rooms below it:\n{}",
        upward.join("\n")
    );
}

#[test]
fn every_room_is_on_the_map() {
    let core = root().join("harness/core/src");
    let map =
        std::fs::read_to_string(root().join("harness/ARCHITECTURE.md")).expect("the map is there");
    for entry in std::fs::read_dir(core)
        .expect("the core is there")
        .flatten()
    {
        if !entry.path().is_dir() {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(floor(&name).is_some(), "{name} is not in the list of rooms");
        assert!(
            map.contains(&format!("| `{name}` |")),
            "{name} is not in harness/ARCHITECTURE.md"
        );
    }
}

#[test]
fn the_top_level_is_as_agreed() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "harness",
        "specs",
        "sample-data",
        "reports",
        "tests",
        "README.md",
        "docs",
        "fuzz",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "deny.toml",
        "clippy.toml",
        "target",
    ];
    for entry in std::fs::read_dir(root())
        .expect("the root is there")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            name.starts_with('.') || allowed.contains(&name.as_str()),
            "{name} does not belong to the top level"
        );
    }
}

#[test]
fn sources_stay_small() {
    let long: Vec<String> = rust_files(&root().join("harness"))
        .iter()
        .filter_map(|file| {
            let lines = std::fs::read_to_string(file).ok()?.lines().count();
            (lines > 600).then(|| format!("{lines} {}", file.display()))
        })
        .collect();
    assert!(
        long.is_empty(),
        "split these, they have more than one job:\n{}",
        long.join("\n")
    );
}
