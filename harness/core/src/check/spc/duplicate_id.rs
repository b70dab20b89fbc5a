//! SPC-005 duplicate-id: see the page.

use std::collections::BTreeMap;

use super::{Facts, Place, Told, told};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Bilingual;

/// SPC-005
pub(super) const RULE: Rule = Rule {
    code: "SPC-005",
    name: "duplicate-id",
    source: include_str!("duplicate_id.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    told(&RULE, "SPC-005", facts, out);
    for (folder, layout) in &facts.draft.pack.layouts {
        for (kind, k) in layout.kinds.iter().enumerate() {
            let mut seen: BTreeMap<(&str, String), usize> = BTreeMap::new();
            for (index, field) in k.fields.iter().enumerate() {
                let place = Place::of_field(facts, folder, layout, (kind, index));
                let number = if field.no == 0 {
                    String::new()
                } else {
                    field.no.to_string()
                };
                for id in [("no", number), ("item_id", field.item_id.clone())] {
                    if id.1.is_empty() {
                        continue;
                    }
                    let (what, value) = id.clone();
                    if let Some(line) = seen.insert(id, field.line) {
                        let message = Bilingual::new(
                            format!("{what} の「{value}」が{line}行目にもあります"),
                            format!("{what} `{value}` stands in line {line}, too"),
                        );
                        let help = Bilingual::new("一方を直します", "correct one of them");
                        out.push(
                            place
                                .hit(&RULE)
                                .args_of(&message, &help)
                                .key(format!("{folder}|{what}|{value}")),
                        );
                    }
                }
            }
        }
    }
}
