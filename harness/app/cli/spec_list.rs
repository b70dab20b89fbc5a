//! `renkei spec list`: the packs with version, fidelity, validity and where they come from.

use std::path::PathBuf;

use renkei_core::model::{Bilingual, Lang, Problems};
use renkei_core::spec::{Library, Pack};
use renkei_report::text::columns;

use crate::packs;

pub(super) fn list(
    library: &Library,
    folders: &[PathBuf],
    lang: Lang,
    problems: &mut Problems,
) -> String {
    let mut rows = Vec::new();
    for coordinate in library.coordinates() {
        let Some(pack) = library.load(&coordinate, "renkei spec list", problems) else {
            continue;
        };
        let origin = packs::origin(&coordinate, folders).map_or_else(
            || Bilingual::new("同梱", "bundled").get(lang).to_owned(),
            |folder| folder.display().to_string(),
        );
        rows.push(vec![
            coordinate.clone(),
            pack.head.fidelity.as_str().to_owned(),
            origin,
            format!("{}{}", pack.head.title.get(lang), standing(&pack, lang)),
        ]);
        for (id, layout) in &pack.layouts {
            rows.push(vec![
                format!("  {}/{id}", pack.head.id),
                "layout".to_owned(),
                String::new(),
                layout.title.get(lang).to_owned(),
            ]);
        }
        for (id, api) in &pack.apis {
            rows.push(vec![
                format!("  {}/{id}", pack.head.id),
                "api".to_owned(),
                String::new(),
                api.operations.keys().cloned().collect::<Vec<_>>().join(" "),
            ]);
        }
        for (id, message) in &pack.messages {
            rows.push(vec![
                format!("  {}/{id}", pack.head.id),
                "xml".to_owned(),
                String::new(),
                message.title.get(lang).to_owned(),
            ]);
        }
    }
    columns(&rows)
}

/// Validity, base and deprecation, in parentheses; nothing where there is nothing to say.
fn standing(pack: &Pack, lang: Lang) -> String {
    let head = &pack.head;
    let mut told = Vec::new();
    if !head.valid_from.is_empty() || !head.valid_to.is_empty() {
        let days = format!("{}..{}", head.valid_from, head.valid_to);
        told.push(Bilingual::new(
            format!("有効期間 {days}"),
            format!("valid {days}"),
        ));
    }
    if !head.extends.is_empty() {
        let base = &head.extends;
        told.push(Bilingual::new(
            format!("{base} の拡張"),
            format!("extends {base}"),
        ));
    }
    if head.deprecated {
        let next = &head.successor;
        told.push(match next.as_str() {
            "" => Bilingual::new("廃止", "deprecated"),
            _ => Bilingual::new(
                format!("廃止、後継 {next}"),
                format!("deprecated, use {next}"),
            ),
        });
    }
    let told: Vec<&str> = told.iter().map(|t| t.get(lang)).collect();
    match (told.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Ja) => format!("（{}）", told.join("、")),
        (false, Lang::En) => format!(" ({})", told.join("; ")),
    }
}
