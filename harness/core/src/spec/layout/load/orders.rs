//! `[[number]]` and `[[sort]]`: record numbers and sort order.

use super::{unknown_field, unknown_kind};
use crate::model::Bilingual;
use crate::spec::layout::toml_table::{Document, Table};
use crate::spec::layout::{Layout, Order, OrderOf};

impl Layout {
    pub(super) fn read_orders(&mut self, top: &Table<'_, '_>, doc: &mut Document<'_>) {
        for (table, span) in top.tables(doc, "number") {
            let at = span.start;
            let table = Table::new(doc, "[[number]]", table, span, &["fields", "from", "per"]);
            let names = table.strings(doc, "fields");
            let from = table.positive(doc, "from").unwrap_or(1);
            let mut fields = vec![None; self.kinds.len()];
            for (name, at) in &names {
                match self.find_field(name) {
                    Some((kind, field)) => {
                        if let Some(slot) = fields.get_mut(kind) {
                            *slot = Some(vec![field]);
                        }
                    }
                    None => unknown_field(doc, name, *at),
                }
            }
            self.add_order(doc, &table, (fields, OrderOf::Number(from)), &names, at);
        }
        for (table, span) in top.tables(doc, "sort") {
            let at = span.start;
            let table = Table::new(doc, "[[sort]]", table, span, &["kind", "fields", "per"]);
            let names = table.strings(doc, "fields");
            let kind = match table.string(doc, "kind") {
                None => names
                    .first()
                    .and_then(|(name, _)| self.find_field(name.trim_start_matches('-')))
                    .map_or(0, |(kind, _)| kind),
                Some(id) => match self.kinds.iter().position(|k| k.id == id) {
                    Some(kind) => kind,
                    None => {
                        unknown_kind(doc, id, table.place("kind"));
                        continue;
                    }
                },
            };
            let (mut found, mut descending) = (Vec::new(), Vec::new());
            for (name, at) in &names {
                let down = name.starts_with('-');
                match self.field_in(kind, name.trim_start_matches('-')) {
                    Some(field) => {
                        found.push(field);
                        descending.push(down);
                    }
                    None => unknown_field(doc, name, *at),
                }
            }
            let mut fields = vec![None; self.kinds.len()];
            if let Some(slot) = fields.get_mut(kind) {
                *slot = Some(found);
            }
            let order = (fields, OrderOf::Sorted(descending));
            self.add_order(doc, &table, order, &names, at);
        }
    }

    fn add_order(
        &mut self,
        doc: &mut Document<'_>,
        table: &Table<'_, '_>,
        (fields, of): (Vec<Option<Vec<usize>>>, OrderOf),
        names: &[(&str, usize)],
        at: usize,
    ) {
        if names.is_empty() {
            doc.problem(
                at,
                Bilingual::new("fields がありません", "`fields` is missing"),
                Bilingual::same("fields = [\"…\"]"),
            );
        }
        let by_group = match table.string(doc, "per") {
            None => matches!(of, OrderOf::Sorted(_)),
            Some("file") => false,
            Some("group") => true,
            Some(other) => {
                doc.problem(
                    table.place("per"),
                    Bilingual::new(
                        format!("per の「{other}」は使えません"),
                        format!("`{other}` is not a value of `per`"),
                    ),
                    Bilingual::same("file | group"),
                );
                false
            }
        };
        let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        self.orders.push(Order {
            of,
            fields,
            by_group,
            text: names.join(" "),
        });
    }
}
