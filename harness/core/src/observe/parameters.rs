//! Parameters of a request as they stood in path, query and headers (OpenAPI 3.0.3, Parameter Object), read by the style
//! that the document names.

use serde_json::Value;

use super::call::header;
use crate::record::Header;
use crate::spec::{In, Operation, Parameter, Style, hex};

/// A documented parameter beside what was sent of it.
#[derive(Debug)]
pub struct Sent<'a> {
    /// As documented.
    pub parameter: &'a Parameter,
    /// What stood there.
    pub value: SentValue,
}

/// What stood at the place of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentValue {
    /// Nothing.
    Absent,
    /// A value; the ways in which its text can be read, the likeliest first (`1` is a number or a text).
    Read(Vec<Value>),
    /// Several values where one is documented.
    Repeated(usize),
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// Its value is a secret that the record does not hold, or its style is not looked into.
    Unseen,
}

/// The parameters of an operation in a request with this URL and these headers. Cookies are secrets and not looked at.
pub fn parameters<'a>(operation: &'a Operation, url: &str, headers: &[Header]) -> Vec<Sent<'a>> {
    let (path, query) = split(url);
    let pairs = pairs(query);
    let read = |parameter: &'a Parameter| {
        let value = match parameter.place {
            In::Query => of_query(parameter, &pairs),
            In::Header => of_header(parameter, headers),
            In::Path => of_path(parameter, &operation.path, path),
            In::Cookie => return None,
        };
        Some(Sent { parameter, value })
    };
    operation.parameters.iter().filter_map(read).collect()
}

/// Names in the query that the document does not know. A parameter that is an object may stand for any name.
pub fn undocumented(operation: &Operation, url: &str) -> Vec<String> {
    let open = |p: &&Parameter| p.place == In::Query && p.types().contains(&"object");
    if operation.parameters.iter().any(|p| open(&p)) {
        return Vec::new();
    }
    let known = |name: &str| {
        let mut names = operation.parameters.iter().filter(|p| p.place == In::Query);
        names.any(|p| p.name == name)
    };
    let mut found: Vec<String> = Vec::new();
    for (name, _) in pairs(split(url).1) {
        let name = String::from_utf8(name).unwrap_or_else(|e| hex(e.as_bytes()));
        if !name.is_empty() && !known(&name) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Path and query of a URL as written.
fn split(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let target = target.split('#').next().unwrap_or_default();
    target.split_once('?').unwrap_or((target, ""))
}

type Pair = (Vec<u8>, Vec<u8>);

fn pairs(query: &str) -> Vec<Pair> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name, true), decoded(value, true))
        })
        .collect()
}

/// Percent-decoded; in a query `+` is a space (HTML forms).
fn decoded(text: &str, form: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|h| std::str::from_utf8(h).ok());
        match (byte, hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 3;
                continue;
            }
            (b'+', _) if form => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    out
}

fn of_query(parameter: &Parameter, pairs: &[Pair]) -> SentValue {
    let types = parameter.types();
    if types.contains(&"object") || parameter.style == Style::Other {
        return SentValue::Unseen;
    }
    let given: Vec<&[u8]> = pairs
        .iter()
        .filter(|(name, _)| *name == parameter.name.as_bytes())
        .map(|(_, value)| value.as_slice())
        .collect();
    let mut texts = Vec::new();
    for value in given {
        match std::str::from_utf8(value) {
            Ok(text) if hidden(text) => return SentValue::Unseen,
            Ok(text) => texts.push(text),
            Err(_) => return SentValue::NotUtf8,
        }
    }
    if texts.is_empty() {
        return SentValue::Absent;
    }
    if types.contains(&"array") {
        let separator = match (parameter.style, parameter.explode) {
            (_, true) => None,
            (Style::Space, false) => Some(' '),
            (Style::Pipe, false) => Some('|'),
            (_, false) => Some(','),
        };
        let parts: Vec<&str> = match (separator, texts.as_slice()) {
            (Some(separator), [one]) => one.split(separator).collect(),
            (Some(_), several) => return SentValue::Repeated(several.len()),
            (None, several) => several.to_vec(),
        };
        return SentValue::Read(vec![list(parameter, &parts)]);
    }
    match texts.as_slice() {
        [""] if parameter.empty_allowed => SentValue::Unseen,
        [one] => SentValue::Read(readings(one, &types)),
        several => SentValue::Repeated(several.len()),
    }
}

fn of_header(parameter: &Parameter, headers: &[Header]) -> SentValue {
    // OpenAPI 3.0.3, Parameter Object: headers of these names are described elsewhere.
    let elsewhere = ["accept", "content-type", "authorization"];
    if elsewhere
        .iter()
        .any(|n| parameter.name.eq_ignore_ascii_case(n))
    {
        return SentValue::Unseen;
    }
    let Some(text) = header(headers, &parameter.name) else {
        return SentValue::Absent;
    };
    let types = parameter.types();
    if hidden(text) || types.contains(&"object") {
        return SentValue::Unseen;
    }
    if types.contains(&"array") {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        return SentValue::Read(vec![list(parameter, &parts)]);
    }
    SentValue::Read(readings(text, &types))
}

/// The template's steps are held against the last steps of the path: what stands before them is the base of the API.
fn of_path(parameter: &Parameter, template: &str, path: &str) -> SentValue {
    let types = parameter.types();
    if types.contains(&"object") || types.contains(&"array") || parameter.style == Style::Other {
        return SentValue::Unseen;
    }
    let whole = format!("{{{}}}", parameter.name);
    let steps: Vec<&str> = path.rsplit('/').collect();
    let found = template
        .rsplit('/')
        .zip(steps)
        .find(|(wanted, _)| wanted.contains(&whole));
    let Some((wanted, given)) = found else {
        return SentValue::Unseen;
    };
    let (before, after) = wanted.split_once(&whole).unwrap_or_default();
    let inner = given
        .strip_prefix(before)
        .and_then(|g| g.strip_suffix(after));
    match inner.filter(|_| !before.contains('{') && !after.contains('{')) {
        Some(text) => match String::from_utf8(decoded(text, false)) {
            Ok(text) => SentValue::Read(readings(&text, &types)),
            Err(_) => SentValue::NotUtf8,
        },
        None => SentValue::Unseen,
    }
}

fn list(parameter: &Parameter, parts: &[&str]) -> Value {
    let types = parameter.element_types();
    let one = |text: &&str| {
        readings(text, &types)
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    Value::Array(parts.iter().map(one).collect())
}

/// The ways in which a text can be read as a value of these types; any when the document names none.
pub(crate) fn readings(text: &str, types: &[&str]) -> Vec<Value> {
    let allowed = |kind: &str| types.is_empty() || types.contains(&kind);
    let mut found = Vec::new();
    if allowed("integer") || allowed("number") {
        let number = serde_json::from_str::<serde_json::Number>(text);
        found.extend(number.ok().map(Value::Number));
    }
    if allowed("boolean") {
        found.extend(text.parse::<bool>().ok().map(Value::Bool));
    }
    // A text fits where one is allowed; elsewhere it shows what is wrong.
    if allowed("string") || found.is_empty() {
        found.push(Value::String(text.to_owned()));
    }
    found
}

/// A digest that stands for a secret.
fn hidden(text: &str) -> bool {
    text.contains("sha256:")
}
