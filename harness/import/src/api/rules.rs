//! `api.toml`: what OpenAPI cannot say.

use std::fmt::Write;

use super::Found;
use super::item::{Item, Shape};
use crate::draft::quoted;
use crate::item_table::derive_condition;
use crate::reading::sensitivity;

/// The text of the file.
pub(super) fn toml(
    found: &Found,
    id: &str,
    title: &str,
    operations: &[(String, String)],
) -> String {
    let mut out = format!(
        "# OpenAPIで書けない規定。renkei spec import が作った。スコープ、トークンの規定はこの文書の表にない。\nid = {}\ntitle = {{ ja = {1}, en = {1} }}\nopenapi = \"openapi.yaml\"\n",
        quoted(id),
        quoted(title)
    );
    for (call, operation) in operations {
        let _ = write!(
            out,
            "\n[[operation]]\nid = {}\nhref = {}\n",
            quoted(operation),
            quoted(&format!("/{call}"))
        );
    }
    if let Some(seconds) = found.timeout {
        let _ = write!(out, "\n[time]\nanswer_guide_s = {seconds}\n");
    }
    media(found, &mut out);
    details(found, &mut out);
    for error in &found.errors {
        let _ = write!(
            out,
            "\n[[error]]\nkind = {}\ncode = {}\nmessage = {}\nsource = {}\n",
            quoted(error.kind),
            quoted(&error.code),
            quoted(&error.message),
            quoted(&error.source)
        );
        if error.fixed_only {
            out.push_str("applies = \"fixed\"\n");
        }
    }
    correlations(found, &mut out);
    out.push_str("\n[request]\n");
    items(
        found.requests.iter().flat_map(|table| &table.items),
        &mut out,
    );
    out.push_str("\n[response]\n");
    let success = found
        .answers
        .iter()
        .filter(|answer| answer.status.starts_with('2'));
    items(success.flat_map(|answer| &answer.items), &mut out);
    out
}

fn media(found: &Found, out: &mut String) {
    let base = |media: &str| media.split(';').next().unwrap_or("").trim().to_owned();
    let request = found
        .requests
        .iter()
        .map(|t| base(&t.media))
        .find(|m| !m.is_empty());
    let answer = found
        .answers
        .iter()
        .map(|a| a.media.as_str())
        .find(|m| !m.is_empty());
    out.push_str("\n[media]\n");
    if let Some(request) = request {
        let _ = writeln!(out, "request = {}", quoted(&request));
    }
    if let Some(answer) = answer {
        let _ = writeln!(out, "response = {}", quoted(&base(answer)));
        let charset = answer
            .split(';')
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        if let Some((_, charset)) = charset {
            let _ = writeln!(
                out,
                "charset = {}",
                quoted(&charset.trim().to_ascii_lowercase())
            );
        }
    }
    if found.non_json {
        out.push_str("non_json_statuses = [\"5xx\"]\n");
    }
}

fn details(found: &Found, out: &mut String) {
    let mut seen: Vec<&str> = Vec::new();
    for answer in &found.answers {
        let fixed = answer
            .items
            .iter()
            .find(|item| item.name == "detail")
            .and_then(|item| item.fixed.as_deref());
        if let Some(text) = fixed
            && !seen.contains(&answer.status.as_str())
        {
            if seen.is_empty() {
                out.push_str("\n[detail]\n");
            }
            seen.push(&answer.status);
            let _ = writeln!(out, "{} = {}", quoted(&answer.status), quoted(text));
        }
    }
}

fn correlations(found: &Found, out: &mut String) {
    let codes: Vec<String> = found
        .errors
        .iter()
        .filter(|error| matches!(error.kind, "missing" | "correlation"))
        .map(|error| quoted(&error.code))
        .collect();
    for table in &found.requests {
        let names: Vec<(String, String)> = table
            .items
            .iter()
            .map(|item| (item.title.clone(), item.name.clone()))
            .collect();
        for item in &table.items {
            if let Some(condition) = derive_condition(&item.note, &names, &item.name) {
                let _ = write!(
                    out,
                    "\n[[correlation]]\nwhen = {}\nrequire = {}\ncodes = [{}]\nsource = {}\n",
                    quoted(&condition),
                    quoted(&item.name),
                    codes.join(", "),
                    quoted(&format!("{} {}", item.sheet, item.cells))
                );
            }
        }
    }
}

fn items<'a>(items: impl Iterator<Item = &'a Item>, out: &mut String) {
    let mut seen: Vec<&str> = Vec::new();
    for item in items.filter(|item| item.shape == Shape::Value && !item.name.is_empty()) {
        if seen.contains(&item.name.as_str()) {
            continue;
        }
        seen.push(&item.name);
        let _ = write!(
            out,
            "{} = {{ ja = {}",
            quoted(&item.name),
            quoted(&item.title)
        );
        if !matches!(item.data_type.as_str(), "" | "?") {
            let _ = write!(out, ", type = {}", quoted(&item.data_type));
        }
        if let Ok(length) = item.length.parse::<u64>() {
            let _ = write!(out, ", length = {length}");
        }
        let _ = write!(out, ", required = {}", item.required);
        if item.is_fixed_length() {
            out.push_str(", fixed = true");
        }
        let format = item.format();
        if !format.is_empty() {
            let _ = write!(out, ", format = {}", quoted(format));
        }
        if item.unknown_date() {
            out.push_str(", unknown_date = true");
        }
        let mask = sensitivity(&item.title, &item.data_type);
        if !mask.is_empty() {
            let _ = write!(out, ", sensitive = {}", quoted(mask));
        }
        out.push_str(" }\n");
    }
}
