//! The head of a layout: form, settings, file name, levels.

use std::collections::BTreeMap;

use toml::de::DeValue;

use crate::model::{Bilingual, Level};
use crate::spec::layout::toml_table::{Document, Table};
use crate::spec::layout::{FileSettings, Form, NamePattern, Newline, WidthUnit};

pub(super) fn form(top: &Table<'_, '_>, doc: &mut Document<'_>) -> Form {
    let length = top.positive(doc, "record_length");
    match top.required(doc, "form") {
        "delimited" => {
            if length.is_some() {
                let message = Bilingual::new(
                    "record_length は固定長の様式だけで使います",
                    "`record_length` belongs to fixed layouts",
                );
                let help = Bilingual::new(
                    "消すか form = \"fixed\" にします",
                    "remove it or write form = \"fixed\"",
                );
                doc.problem(top.place("record_length"), message, help);
            }
            Form::Delimited
        }
        "fixed" => {
            if length.is_none() && top.value("record_length").is_none() {
                let message = Bilingual::new(
                    "固定長の様式には record_length（バイト数）が要ります",
                    "a fixed layout needs `record_length` in bytes",
                );
                doc.problem(
                    top.place("form"),
                    message,
                    Bilingual::same("record_length = 120"),
                );
            }
            Form::Fixed {
                record_length: length.unwrap_or(1),
            }
        }
        "" => Form::Delimited,
        other => {
            let message = Bilingual::new(
                format!("form の「{other}」は使えません"),
                format!("`{other}` is not a form"),
            );
            doc.problem(
                top.place("form"),
                message,
                Bilingual::same("delimited | fixed"),
            );
            Form::Delimited
        }
    }
}

pub(super) fn width_unit(top: &Table<'_, '_>, doc: &mut Document<'_>) -> WidthUnit {
    match top.string(doc, "width_unit") {
        None | Some("bytes") => WidthUnit::Bytes,
        Some("chars") => WidthUnit::Chars,
        Some(other) => {
            let message = Bilingual::new(
                format!("width_unit の「{other}」は使えません"),
                format!("`{other}` is not a width unit"),
            );
            let help = Bilingual::same("bytes | chars");
            doc.problem(top.place("width_unit"), message, help);
            WidthUnit::Bytes
        }
    }
}

pub(super) fn settings(top: &Table<'_, '_>, doc: &mut Document<'_>, form: Form) -> FileSettings {
    let mut settings = FileSettings::default();
    let Some((table, span)) = top.table(doc, "file") else {
        return settings;
    };
    let file = Table::new(doc, "[file]", table, span, FileSettings::KEYS);
    for key in FileSettings::KEYS {
        let Some(value) = file.value(key) else {
            continue;
        };
        let text = match value.get_ref() {
            DeValue::Boolean(flag) => flag.to_string(),
            _ => match file.string(doc, key) {
                Some(text) => text.to_owned(),
                None => continue,
            },
        };
        if let Err(message) = settings.set(key, &text) {
            let help = Bilingual::new(
                format!("[file] の {key} を直します（specs/README.md）"),
                format!("correct `{key}` in [file] (specs/README.md)"),
            );
            doc.problem(value.span().start, message, help);
        }
    }
    if settings.newline == Newline::None && form == Form::Delimited {
        let message = Bilingual::new(
            "newline = \"none\" は固定長の様式だけで使えます",
            "newline = \"none\" needs a fixed layout",
        );
        doc.problem(
            file.place("newline"),
            message,
            Bilingual::same("crlf | lf | cr | any"),
        );
    }
    settings
}

pub(super) fn name_pattern(top: &Table<'_, '_>, doc: &mut Document<'_>) -> Option<NamePattern> {
    let text = top
        .string(doc, "name_pattern")
        .filter(|text| !text.is_empty())?;
    match NamePattern::parse(text) {
        Ok(pattern) => Some(pattern),
        Err((message, at)) => {
            let help = Bilingual::new(
                "specs/README.md「ファイル名」",
                "specs/README.md, File names",
            );
            doc.problem(top.text_place("name_pattern") + at, message, help);
            None
        }
    }
}

pub(super) fn levels(top: &Table<'_, '_>, doc: &mut Document<'_>) -> BTreeMap<String, Level> {
    let mut levels = BTreeMap::new();
    let Some((table, _)) = top.table(doc, "levels") else {
        return levels;
    };
    for (code, value) in table {
        let level = match value.get_ref().as_str() {
            Some("error") => Level::Error,
            Some("warning") => Level::Warning,
            Some("notice") => Level::Notice,
            Some("off") => Level::Off,
            _ => {
                let message = Bilingual::new("この水準は使えません", "not a level");
                doc.problem(
                    value.span().start,
                    message,
                    Bilingual::same("error | warning | notice | off"),
                );
                continue;
            }
        };
        levels.insert(code.get_ref().to_string(), level);
    }
    levels
}
