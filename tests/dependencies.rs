//! What we build on: licences we may use, no second TLS provider, no copy of a crate in two versions without notice.
//! `deny.toml` says the same for `cargo deny` where that is at hand; this needs nothing but Cargo and no network.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::harness::root;

/// Licences of `deny.toml`: one of them must be enough to use a crate.
const ALLOWED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "ISC",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Zlib",
    "0BSD",
    "Unicode-3.0",
    "CC0-1.0",
    "Unlicense",
    "MIT-0",
    "CDLA-Permissive-2.0",
    "BSL-1.0",
    "OpenSSL",
];

/// Crates that must never come in, with the reason of `deny.toml`.
const FORBIDDEN: &[(&str, &str)] = &[
    ("ring", "one TLS provider: aws-lc-rs"),
    ("openssl-sys", "no system library behind TLS"),
    ("native-tls", "no system library behind TLS"),
    ("serde_yaml", "archived"),
];

/// One package that is built for this machine.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    licence: String,
}

/// Every package that is built for this machine, tests included.
fn packages() -> BTreeSet<Package> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--workspace",
            "--locked",
            "--offline",
            "--prefix",
            "none",
            "--format",
            "{p}|{l}",
        ])
        .current_dir(root())
        .output()
        .expect("cargo is there");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let package = |line: &str| {
        let (package, licence) = line.split_once('|')?;
        let (name, rest) = package.split_once(" v")?;
        let version = rest.split_whitespace().next()?;
        let licence = licence.trim_end_matches(" (*)");
        Some(Package {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: licence.to_owned(),
        })
    };
    text.lines().filter_map(package).collect()
}

/// True when an SPDX expression can be met with allowed licences: every part of an AND, one part of an OR.
fn usable(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    expression.split(" AND ").all(|part| {
        part.split(" OR ").any(|licence| {
            ALLOWED.contains(
                &licence
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .as_str(),
            )
        })
    })
}

#[test]
fn every_licence_may_be_used() {
    let packages = packages();
    assert!(packages.len() > 100, "only {} packages", packages.len());
    let wrong: Vec<String> = packages
        .iter()
        .filter(|p| !usable(&p.licence))
        .map(|p| format!("{} {}: {:?}", p.name, p.version, p.licence))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        !usable("GPL-3.0-only") && !usable("MIT AND GPL-3.0-only") && usable("GPL-3.0-only OR MIT")
    );
}

#[test]
fn what_must_not_come_in_stays_out() {
    for package in packages() {
        for (name, reason) in FORBIDDEN {
            assert_ne!(package.name, *name, "{reason}");
        }
    }
}

#[test]
fn second_versions_come_in_only_on_purpose() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages() {
        versions
            .entry(package.name)
            .or_default()
            .insert(package.version);
    }
    let doubled = versions.iter().filter(|(_, versions)| versions.len() > 1);
    let doubled: Vec<String> = doubled
        .map(|(name, versions)| {
            format!(
                "{name} {}",
                versions
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(" ")
            )
        })
        .collect();
    insta::assert_snapshot!(doubled.join("\n"));
}
