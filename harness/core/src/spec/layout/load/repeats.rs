//! `[[repeat]]`: fields that stand several times in a row, written once in `fields.csv`.

use super::{unknown_field, unknown_kind};
use crate::model::Bilingual;
use crate::spec::layout::toml_table::{Document, Table};
use crate::spec::layout::{Comparison, Condition, Kind, Operand};

/// A field is written this often at most: a layout is read by people.
const MOST: u32 = 1_000;

/// Writes repeated fields out: `gaku` becomes `gaku_1`, `gaku_2`, …
pub(super) fn repeats(top: &Table<'_, '_>, doc: &mut Document<'_>, kinds: &mut [Kind]) {
    for (table, span) in top.tables(doc, "repeat") {
        let at = span.start;
        let keys = ["kind", "fields", "times", "count"];
        let table = Table::new(doc, "[[repeat]]", table, span, &keys);
        let id = table.string(doc, "kind").unwrap_or("");
        let Some(kind) = kinds.iter_mut().find(|k| k.id == id) else {
            unknown_kind(doc, id, table.place("kind"));
            continue;
        };
        let times = table.positive(doc, "times").unwrap_or(0);
        let names = table.strings(doc, "fields");
        let place = |name: &str| kind.fields.iter().position(|f| f.roman == name);
        let mut found = Vec::new();
        for (name, at) in &names {
            match place(name) {
                Some(field) => found.push(field),
                None => unknown_field(doc, name, *at),
            }
        }
        let in_a_row = found.windows(2).all(|w| matches!(w, [a, b] if a + 1 == *b));
        if found.is_empty() || !in_a_row || !(2..=MOST).contains(&times) {
            let message = Bilingual::new(
                "[[repeat]] には続いた項目 fields と回数 times（2～1000）が要ります",
                "[[repeat]] needs `fields` that follow each other and `times` from 2 to 1000",
            );
            let help = Bilingual::same("fields = [\"tsuki\", \"gaku\"], times = 12");
            doc.problem(at, message, help);
            continue;
        }
        let count = table.string(doc, "count").and_then(|name| {
            let field = place(name);
            if field.is_none() {
                unknown_field(doc, name, table.place("count"));
            }
            field
        });
        write_out(kind, &found, times, count);
    }
}

fn write_out(kind: &mut Kind, found: &[usize], times: u32, count: Option<usize>) {
    let (Some(first), Some(last)) = (found.first().copied(), found.last().copied()) else {
        return;
    };
    let group: Vec<_> = kind.fields.get(first..=last).unwrap_or(&[]).to_vec();
    let width: usize = group.iter().map(|f| f.width).sum();
    let added = group.len() * (times as usize - 1);
    let mut all = Vec::with_capacity(group.len() + added);
    let counted = count.filter(|count| *count < first);
    let counter = counted.and_then(|at| kind.fields.get(at));
    let counter = counter.map_or(String::new(), |field| field.roman.clone());
    for nth in 0..times {
        for field in &group {
            let mut field = field.clone();
            field.roman = format!("{}_{}", field.roman, nth + 1);
            field.name = format!("{}（{}）", field.name, nth + 1);
            field.start += width * nth as usize;
            if let Some(count) = counted {
                let used = Operand::Value((nth + 1).to_string());
                field.when = Some(Condition::Compare(count, Comparison::GreaterOrEqual, used));
                field.when_text = format!("{counter} >= {}", nth + 1);
            }
            all.push(field);
        }
    }
    kind.fields.splice(first..=last, all);
    // Conditions and keys are read by name after this, so only those of the rows themselves point at places.
    for field in &mut kind.fields {
        let moved = |at: usize| if at > last { at + added } else { at };
        if let crate::spec::layout::Output::Conditional(Some(condition), _) = &mut field.output {
            condition.move_fields(&moved);
        }
        if let Some(when) = &mut field.when {
            when.move_fields(&moved);
        }
    }
}
