//! Runs the examples of rule pages through the real engine: the proof that a rule fires on what is wrong and is silent on
//! what is right. `renkei selftest` and the tests use the same.

use std::collections::BTreeMap;

use super::{InMemory, Job, check, policy};
use crate::check::{Example, Sink};
use crate::encoding::{Target, encode};
use crate::mask::Mask;
use crate::model::{Finding, Problems};
use crate::spec::layout::{CodeList, Date, Layout};

/// The findings of an example under the last layout, fields and code lists before it.
///
/// # Errors
/// What is wrong with the page.
pub fn check_example(example: &Example, before: &[Example]) -> Result<Vec<Finding>, String> {
    let last = |kind: &str| {
        before
            .iter()
            .rev()
            .find(|e| e.kind == kind)
            .map_or("", |e| e.text.as_str())
    };
    let mut problems = Problems::new();
    let layout = Layout::load(
        last("layout"),
        last("fields").as_bytes(),
        ("layout", "fields"),
        &mut problems,
    );
    let mut lists = BTreeMap::new();
    for codes in before.iter().filter(|e| e.kind == "codes") {
        let list = CodeList::load(codes.text.as_bytes(), "codes", &mut problems);
        lists.insert(codes.attribute("list").unwrap_or("").to_owned(), list);
    }
    let layout = layout.filter(|_| problems.is_empty()).ok_or_else(|| {
        problems
            .iter()
            .map(|p| p.show(crate::model::Lang::En))
            .collect::<Vec<_>>()
            .join("; ")
    })?;
    let bytes = bytes(example, &layout)?;
    let mut sink = Sink::new(policy(&layout, &layout.file));
    let job = Job {
        layout: &layout,
        settings: &layout.file,
        code_lists: &lists,
        file_name: example.attribute("name").unwrap_or("example"),
        mask: Mask::default(),
        as_of: example
            .attribute("as_of")
            .and_then(Date::parse)
            .or(Date::new(2026, 4, 1))
            .ok_or("no day")?,
        threads: 1,
        scratch: &InMemory,
        occurrences: None,
    };
    check(job, bytes.as_slice(), &mut sink).map_err(|e| e.to_string())?;
    Ok(sink.into_findings())
}

/// The bytes of an example file.
///
/// # Errors
/// What is wrong with the page.
pub fn bytes(example: &Example, layout: &Layout) -> Result<Vec<u8>, String> {
    let encoding = match example.attribute("encoding") {
        Some(name) => crate::encoding::Encoding::parse(name).map_err(|f| f.message().en)?,
        None => layout.file.encoding,
    };
    let newline: &[u8] = match example
        .attribute("newline")
        .unwrap_or(layout.file.newline.name())
    {
        "lf" => b"\n",
        "cr" => b"\r",
        "none" => b"",
        _ => b"\r\n",
    };
    let target = Target::new(encoding).dialect(layout.file.dialect);
    let mut out = Vec::new();
    let count = example.text.lines().count();
    for (at, line) in example.text.lines().enumerate() {
        out.extend(unescape(line, target)?);
        if at + 1 < count || example.attribute("final") != Some("no") {
            out.extend_from_slice(newline);
        }
    }
    Ok(out)
}

/// `\xHH` is a raw byte; `\r \n \t \0 \\ \u{HEX}` stand for characters.
pub(crate) fn unescape(line: &str, target: Target) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut chars = line.chars();
    let put = |text: &mut String, out: &mut Vec<u8>| {
        let bytes = encode(text, target).map_err(|e| format!("cannot be written: {}", e.what))?;
        text.clear();
        out.extend(bytes);
        Ok::<(), String>(())
    };
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('x') => {
                put(&mut text, &mut out)?;
                let digits: String = chars.by_ref().take(2).collect();
                out.push(u8::from_str_radix(&digits, 16).map_err(|e| e.to_string())?);
            }
            Some('u') => {
                let digits: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                let value = u32::from_str_radix(&digits, 16).map_err(|e| e.to_string())?;
                text.push(char::from_u32(value).ok_or("not a scalar value")?);
            }
            Some('r') => text.push('\r'),
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('0') => text.push('\0'),
            Some('\\') => text.push('\\'),
            other => return Err(format!("unknown escape {other:?}")),
        }
    }
    put(&mut text, &mut out)?;
    Ok(out)
}
