//! Examples that are files of a pack: `=== path` begins a file, what follows is its text. A fence `pack` before stands below
//! the example's own files, a whole `pack.toml` below both. `\r` at the end of a line of a sample file is a carriage return.

use crate::check::Example;
use crate::lint::lint;
use crate::spec::{Date, Files};

const HEAD: &str = r#"id = "p"
version = "1"
title = { ja = "例", en = "example" }
document = { ja = "例", en = "example" }
document_version = "1"
document_date = "2026-04-01"
source = "renkei"
licence = "facts"
fidelity = "illustrative"
"#;

/// The codes that the pack of an example raises.
pub(super) fn examine(example: &Example, before: &[Example]) -> Result<Vec<String>, String> {
    let mut files = Files::new();
    files.insert("pack.toml", HEAD);
    let below = before.iter().filter(|e| e.kind == "pack");
    for fence in below.chain([example]) {
        add(&fence.text, &mut files)?;
    }
    let as_of = Date::new(2026, 4, 1).ok_or("no day")?;
    let found = lint(files, "p@1", as_of).findings;
    Ok(found.into_iter().map(|f| f.rule).collect())
}

fn add(text: &str, files: &mut Files) -> Result<(), String> {
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("=== ") {
            if let Some((path, content)) = open.replace((path.trim().to_owned(), String::new())) {
                files.insert(path, content);
            }
            continue;
        }
        let (path, content) = open
            .as_mut()
            .ok_or("an example of a pack begins with `=== path`")?;
        match line
            .strip_suffix("\\r")
            .filter(|_| path.contains("/samples/"))
        {
            Some(line) => content.push_str(&format!("{line}\r\n")),
            None => content.push_str(&format!("{line}\n")),
        }
    }
    if let Some((path, content)) = open {
        files.insert(path, content);
    }
    Ok(())
}
