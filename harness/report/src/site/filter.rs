//! What a page's filter offers: the values that occur in its rows.

use renkei_core::model::Lang;

use super::layout::{Choice, Field, Row};
use crate::html::filtering;
use crate::words;

/// The fields of a filter over the rows, which get the classes of their choices. `word` says a value of a field.
pub(super) fn fields(
    rows: &mut [Row],
    names: &[&'static str],
    lang: Lang,
    word: impl Fn(&str, &str) -> String,
) -> Vec<Field> {
    let mut fields: Vec<Field> = names
        .iter()
        .map(|name| Field {
            name,
            label: words::of(lang, "site", name),
            options: Vec::new(),
        })
        .collect();
    for row in rows {
        for (name, value) in &row.data {
            let Some(field) = fields.iter_mut().find(|field| field.name == *name) else {
                continue;
            };
            if value.is_empty() {
                continue;
            }
            let known = field.options.iter().position(|o| o.value == *value);
            let at = known.unwrap_or(field.options.len());
            let class = filtering::class(name, at);
            if known.is_none() {
                field.options.push(Choice {
                    value: value.clone(),
                    text: word(name, value),
                    class: class.clone(),
                });
            }
            row.class.push(' ');
            row.class.push_str(&class);
        }
        row.class = row.class.trim().to_owned();
    }
    // A field with one choice only would filter nothing.
    fields.retain(|field| field.options.len() > 1);
    fields
}
