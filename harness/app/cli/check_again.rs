//! The command line that does a check again, as reports print it.

use std::path::{Path, PathBuf};

use super::args::CheckArgs;

/// The line that gives the same findings for `files`: all that decides about them, nothing that only shows them.
pub(super) fn line(args: &CheckArgs, files: &[&Path], folders: &[PathBuf]) -> String {
    let held = &args.held_to;
    let path = |p: &PathBuf| p.display().to_string();
    let paths = |all: &[PathBuf]| all.iter().map(path).collect::<Vec<_>>();
    // The default says nothing.
    let items = match held.items.as_slice() {
        [one] if one == "linkage-items" => Vec::new(),
        items => items.to_vec(),
    };
    let options = [
        ("--spec", vec![args.spec.clone()]),
        ("--packs", paths(folders)),
        ("--as", args.layouts.clone()),
        ("--set", args.settings.clone()),
        ("--list", paths(&args.lists)),
        ("--as-of", args.as_of.iter().cloned().collect()),
        ("--agreement", held.agreement.iter().map(path).collect()),
        ("--items", items),
        ("--linkage", held.linkage.iter().cloned().collect()),
        ("--exchange", held.exchange.iter().cloned().collect()),
        ("--baseline", args.baseline.iter().map(path).collect()),
    ];
    let mut line = "renkei check".to_owned();
    let named = files.iter().map(|file| file.display().to_string());
    for file in named {
        line = format!("{line} {}", word(&file));
    }
    for (option, values) in options {
        for value in values {
            line = format!("{line} {option} {}", word(&value));
        }
    }
    line
}

/// A word as a shell reads it back.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else if text.contains(['"', '$', '`']) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        // Double quotes, because the command prompt of Windows knows no others.
        format!("\"{text}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_shell_reads_words_back() {
        let rows = [
            ("住登外_0001.csv", "住登外_0001.csv"),
            ("delimiter=,", "delimiter=,"),
            ("a b.csv", "\"a b.csv\""),
            (r"C:\a.csv", r#""C:\a.csv""#),
            ("", "\"\""),
            ("a$1'b", r"'a$1'\''b'"),
        ];
        for (text, wanted) in rows {
            assert_eq!(word(text), wanted);
        }
    }
}
