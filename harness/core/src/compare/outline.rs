//! What an API sends and answers, as rows that people read.

use super::apis::Call;
use super::item::{Item, Need};
use crate::spec::{Api, Pack};

/// The members of one body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// `operationId`.
    pub operation: String,
    /// HTTP method and path.
    pub call: String,
    /// Status of the answer; empty for the request.
    pub status: String,
    /// Members, those that hold others before them.
    pub rows: Vec<OutlineRow>,
}

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineRow {
    /// Path, `result.atenabango`.
    pub at: String,
    /// Name of the member.
    pub roman: String,
    /// How many others it stands in.
    pub depth: usize,
    /// Name for people.
    pub name: String,
    /// Type.
    pub kind: String,
    /// Longest length; `None` when not stated.
    pub length: Option<u64>,
    /// required, conditional or optional.
    pub need: &'static str,
    /// When a conditional one must be there.
    pub condition: String,
    /// `null` may stand for it.
    pub nullable: bool,
    /// Values of its code list or enumeration, or the list's id.
    pub values: String,
}

/// Requests and answers of an API, in the order of its operations.
pub fn outline(pack: &Pack, api: &Api) -> Vec<Outline> {
    let mut out = Vec::new();
    for call in Call::all(pack, api) {
        let part = |status: String, items: Vec<Item>| Outline {
            operation: call.operation.id.clone(),
            call: format!("{} {}", call.operation.method, call.operation.path),
            status,
            rows: items.into_iter().map(row).collect(),
        };
        out.push(part(String::new(), call.request()));
        for status in call.statuses() {
            out.push(part(status.clone(), call.response(&status)));
        }
    }
    out
}

fn row(item: Item) -> OutlineRow {
    let (need, condition) = match item.need {
        Need::Required => ("required", String::new()),
        Need::Optional => ("optional", String::new()),
        Need::Conditional(formula, clause) => (
            "conditional",
            if formula.is_empty() { clause } else { formula },
        ),
    };
    let values = item
        .list
        .map_or(String::new(), |list| match list.id.as_str() {
            "" => list.values.into_keys().collect::<Vec<_>>().join(" "),
            id => id.to_owned(),
        });
    OutlineRow {
        depth: item
            .group
            .split('.')
            .filter(|part| !part.is_empty())
            .count(),
        at: item.at,
        roman: item.roman,
        name: item.name,
        kind: item.kind,
        length: item.length,
        need,
        condition,
        nullable: item.nullable == Some(true),
        values,
    }
}

/// Some columns of a CSV text with a header row; rows that cannot be read are left out.
pub fn csv_columns<const N: usize>(text: &str, columns: [&str; N]) -> Vec<[String; N]> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        return Vec::new();
    };
    let places = columns.map(|column| header.iter().position(|h| h.trim() == column));
    let rows = reader.records().filter_map(Result::ok);
    rows.map(|row| places.map(|at| at.and_then(|at| row.get(at)).unwrap_or_default().to_owned()))
        .collect()
}
