//! Puts a layout together from `layout.toml` and `fields.csv`, with every problem at its place.

use toml::de::DeTable;

use super::fields::{self};
use super::toml_table::{Document, Table};
use super::{Condition, ForeignKey, Form, Layout, RecordRule, Sequence, Total, TotalOf, UniqueKey};
use crate::model::{Bilingual, Problems};

mod head;
mod kinds;
mod orders;
mod repeats;

use head::{form, levels, name_pattern, settings, width_unit};
use kinds::kinds;

const TOP: &[&str] = &[
    "id",
    "title",
    "form",
    "name_pattern",
    "record_length",
    "width_unit",
    "repeat",
    "file",
    "sequence",
    "kind",
    "total",
    "unique",
    "reference",
    "number",
    "sort",
    "rule",
    "set",
    "companion",
    "levels",
];

impl Layout {
    /// Reads a layout. `names` are the names of the two files as the user knows them. Every mistake becomes a problem;
    /// `None` when there was any.
    pub fn load(
        layout_toml: &str,
        fields_csv: &[u8],
        names: (&str, &str),
        problems: &mut Problems,
    ) -> Option<Self> {
        let before = problems.len();
        let layout = Self::read(layout_toml, fields_csv, names, problems);
        (problems.len() == before).then_some(layout)
    }

    /// Reads what can be read of a layout, whatever is wrong with it: for judging the layout itself, never a file by it.
    pub fn read(
        layout_toml: &str,
        fields_csv: &[u8],
        names: (&str, &str),
        problems: &mut Problems,
    ) -> Self {
        let layout_toml = layout_toml.strip_prefix('\u{FEFF}').unwrap_or(layout_toml);
        let (root, errors) = DeTable::parse_recoverable(layout_toml);
        let mut doc = Document {
            file: names.0,
            text: layout_toml,
            problems,
        };
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            let message = Bilingual::new(
                format!("TOMLとして読めません: {}", error.message()),
                format!("not readable as TOML: {}", error.message()),
            );
            doc.problem(
                at,
                message,
                Bilingual::new("specs/README.md に書式があります", "see specs/README.md"),
            );
        }
        let top = Table::new(&mut doc, "layout.toml", root.get_ref(), 0..0, TOP);
        let (id, title) = (
            top.required(&mut doc, "id").to_owned(),
            top.bilingual(&mut doc, "title"),
        );
        let form = form(&top, &mut doc);
        let file = settings(&top, &mut doc, form);
        let name_pattern = name_pattern(&top, &mut doc);
        let rows = fields::read(
            names.1,
            fields_csv,
            matches!(form, Form::Fixed { .. }),
            doc.problems,
        );
        let kinds = kinds(&top, &mut doc, rows, names.1, form);
        let set = super::set::set_rules(&top, &mut doc, name_pattern.as_ref());
        let companions = super::set::companions(&top, &mut doc);
        let mut layout = Self {
            id,
            title,
            form,
            width_unit: width_unit(&top, &mut doc),
            name_pattern,
            file,
            sequence: None,
            kinds,
            totals: Vec::new(),
            unique: Vec::new(),
            references: Vec::new(),
            orders: Vec::new(),
            rules: Vec::new(),
            set,
            companions,
            levels: levels(&top, &mut doc),
        };
        layout.read_sequence(&top, &mut doc);
        layout.read_keys(&top, &mut doc);
        layout.read_totals(&top, &mut doc);
        layout.read_orders(&top, &mut doc);
        layout.read_rules(&top, &mut doc);
        layout
    }

    /// Resolves `roman` or `KIND.roman`.
    pub fn find_field(&self, name: &str) -> Option<(usize, usize)> {
        let (kind, roman) = match name.split_once('.') {
            Some((kind, roman)) if self.kinds.iter().any(|k| k.id == kind) => (Some(kind), roman),
            _ => (None, name),
        };
        self.kinds
            .iter()
            .enumerate()
            .filter(|(_, k)| kind.is_none_or(|id| k.id == id))
            .find_map(|(at, k)| Some((at, k.fields.iter().position(|f| f.roman == roman)?)))
    }

    fn kind_index(&self, id: &str) -> Option<usize> {
        self.kinds.iter().position(|k| k.id == id)
    }

    fn field_in(&self, kind: usize, name: &str) -> Option<usize> {
        let kind = self.kinds.get(kind)?;
        let roman = name.strip_prefix(&format!("{}.", kind.id)).unwrap_or(name);
        kind.fields.iter().position(|f| f.roman == roman)
    }

    fn read_sequence(&mut self, top: &Table<'_, '_>, doc: &mut Document<'_>) {
        let Some(text) = top.string(doc, "sequence") else {
            return;
        };
        match Sequence::parse(text, &|id| self.kind_index(id).filter(|_| !id.is_empty())) {
            Ok(sequence) => self.sequence = Some(sequence),
            Err((message, at)) => doc.problem(
                top.text_place("sequence") + at,
                message,
                Bilingual::new("例: (H D* T)+ E", "for example (H D* T)+ E"),
            ),
        }
    }

    fn read_keys(&mut self, top: &Table<'_, '_>, doc: &mut Document<'_>) {
        for (kind, k) in self.kinds.iter().enumerate() {
            let fields: Vec<usize> = (0..k.fields.len())
                .filter(|at| k.fields.get(*at).is_some_and(|f| f.primary_key))
                .collect();
            if !fields.is_empty() {
                self.unique.push(UniqueKey {
                    kind,
                    fields,
                    primary: true,
                });
            }
        }
        for (table, span) in top.tables(doc, "unique") {
            let table = Table::new(doc, "[[unique]]", table, span, &["fields"]);
            if let Some((kind, fields)) = self.key_fields(&table, doc) {
                self.unique.push(UniqueKey {
                    kind,
                    fields,
                    primary: false,
                });
            }
        }
        for (table, span) in top.tables(doc, "reference") {
            let table = Table::new(
                doc,
                "[[reference]]",
                table,
                span,
                &["fields", "layout", "to"],
            );
            let layout = table.required(doc, "layout").to_owned();
            let to: Vec<String> = table
                .strings(doc, "to")
                .into_iter()
                .map(|(name, _)| name.to_owned())
                .collect();
            let Some((kind, fields)) = self.key_fields(&table, doc) else {
                continue;
            };
            if to.len() != fields.len() {
                let message = Bilingual::new(
                    "fields と to の数が違います",
                    "`fields` and `to` differ in number",
                );
                let help = Bilingual::new(
                    "同じ順に同じ数だけ並べます",
                    "list the same number in the same order",
                );
                doc.problem(table.place("to"), message, help);
            }
            self.references.push(ForeignKey {
                kind,
                fields,
                layout,
                to,
            });
        }
    }

    fn key_fields(
        &self,
        table: &Table<'_, '_>,
        doc: &mut Document<'_>,
    ) -> Option<(usize, Vec<usize>)> {
        let names = table.strings(doc, "fields");
        if names.is_empty() {
            let message = Bilingual::new("fields がありません", "`fields` is missing");
            doc.problem(
                table.place("fields"),
                message,
                Bilingual::new("fields = [\"…\"]", "fields = [\"…\"]"),
            );
        }
        let mut kind = None;
        let mut fields = Vec::new();
        for (name, at) in names {
            let found = match kind {
                None => self.find_field(name),
                Some(kind) => self.field_in(kind, name).map(|field| (kind, field)),
            };
            match found {
                Some((of, field)) => {
                    kind = Some(of);
                    fields.push(field);
                }
                None => {
                    unknown_field(doc, name, at);
                    return None;
                }
            }
        }
        kind.map(|kind| (kind, fields))
    }

    fn condition(
        &self,
        table: &Table<'_, '_>,
        doc: &mut Document<'_>,
        key: &str,
        kind: usize,
    ) -> Option<Condition> {
        let text = table.string(doc, key)?;
        match Condition::parse(text, &|name| self.field_in(kind, name)) {
            Ok(condition) => Some(condition),
            Err((message, at)) => {
                let rule = Condition::rule_of(&message);
                doc.problem_of(rule, table.text_place(key) + at, message, condition_help());
                None
            }
        }
    }

    fn read_totals(&mut self, top: &Table<'_, '_>, doc: &mut Document<'_>) {
        for (table, span) in top.tables(doc, "total") {
            let keys = ["kind", "field", "counts", "sums", "when", "equals"];
            let table = Table::new(doc, "[[total]]", table, span, &keys);
            let name = table.string(doc, "kind").unwrap_or("");
            let Some(kind) = self.kind_index(name) else {
                unknown_kind(doc, name, table.place("kind"));
                continue;
            };
            let field = table.required(doc, "field");
            let Some(field) = self.field_in(kind, field) else {
                unknown_field(doc, field, table.place("field"));
                continue;
            };
            if let Some((of, text)) = self.total_of(&table, doc, kind) {
                let counted = match &of {
                    TotalOf::Count(kind) | TotalOf::Sum(kind, _) => *kind,
                    TotalOf::Parts(_) => kind,
                };
                let when = self.condition(&table, doc, "when", counted);
                self.totals.push(Total {
                    kind,
                    field,
                    of,
                    when,
                    text,
                });
            }
        }
    }

    fn total_of(
        &self,
        table: &Table<'_, '_>,
        doc: &mut Document<'_>,
        kind: usize,
    ) -> Option<(TotalOf, String)> {
        let (counts, sums, equals) = (
            table.string(doc, "counts"),
            table.string(doc, "sums"),
            table.string(doc, "equals"),
        );
        match (counts, sums, equals) {
            (Some(id), None, None) => match self.kind_index(id) {
                Some(counted) => return Some((TotalOf::Count(counted), id.to_owned())),
                None => unknown_kind(doc, id, table.place("counts")),
            },
            (None, Some(name), None) => match self.find_field(name) {
                Some((of, field)) => return Some((TotalOf::Sum(of, field), name.to_owned())),
                None => unknown_field(doc, name, table.place("sums")),
            },
            (None, None, Some(text)) => {
                return self
                    .parts(table, doc, kind, text)
                    .map(|parts| (TotalOf::Parts(parts), text.to_owned()));
            }
            _ => {
                let message = Bilingual::new(
                    "[[total]] には counts、sums、equals のどれか1つが要ります",
                    "[[total]] needs one of counts, sums, equals",
                );
                let help = Bilingual::new("例: counts = \"D\"", "for example counts = \"D\"");
                doc.problem(table.place("kind"), message, help);
            }
        }
        None
    }

    fn parts(
        &self,
        table: &Table<'_, '_>,
        doc: &mut Document<'_>,
        kind: usize,
        text: &str,
    ) -> Option<Vec<(bool, usize)>> {
        let mut parts = Vec::new();
        let mut plus = true;
        for word in text.split_whitespace() {
            match (word, self.field_in(kind, word)) {
                ("+", _) => plus = true,
                ("-", _) => plus = false,
                (_, Some(field)) => parts.push((plus, field)),
                (name, None) => {
                    unknown_field(doc, name, table.place("equals"));
                    return None;
                }
            }
        }
        Some(parts)
    }

    fn read_rules(&mut self, top: &Table<'_, '_>, doc: &mut Document<'_>) {
        for (table, span) in top.tables(doc, "rule") {
            let table = Table::new(
                doc,
                "[[rule]]",
                table,
                span,
                &["id", "kind", "when", "then", "message"],
            );
            let id = table.required(doc, "id").to_owned();
            let name = table.string(doc, "kind").unwrap_or("");
            let kind = if name.is_empty() {
                Some(0)
            } else {
                self.kind_index(name)
            };
            let Some(kind) = kind else {
                unknown_kind(doc, name, table.place("kind"));
                continue;
            };
            let text = table.required(doc, "then").to_owned();
            let when_text = table.string(doc, "when").unwrap_or("");
            let when = self.condition(&table, doc, "when", kind);
            let message = table.bilingual(doc, "message");
            if text.is_empty() {
                continue;
            }
            let Some(then) = self.condition(&table, doc, "then", kind) else {
                continue;
            };
            let text = if when_text.is_empty() {
                text
            } else {
                format!("{when_text} → {text}")
            };
            self.rules.push(RecordRule {
                id,
                kind,
                when,
                then,
                text,
                message,
            });
        }
    }
}

fn condition_help() -> Bilingual {
    Bilingual::new(
        "書式: 項目 = 値、!= < <= > >= in (a, b)、and or not ( )",
        "write field = value, != < <= > >= in (a, b), and, or, not, ( )",
    )
}

fn unknown_field(doc: &mut Document<'_>, name: &str, at: usize) {
    let message = Bilingual::new(
        format!("項目「{name}」は fields.csv にありません"),
        format!("field `{name}` is not in fields.csv"),
    );
    let help = Bilingual::new(
        "ローマ字名で書きます（種別がある様式では 種別.ローマ字名）",
        "write the machine name, `KIND.name` where the layout has kinds",
    );
    doc.problem_of("SPC-010", at, message, help);
}

fn unknown_kind(doc: &mut Document<'_>, id: &str, at: usize) {
    let message = Bilingual::new(
        format!("レコード種別「{id}」は [[kind]] にありません"),
        format!("record kind `{id}` is not among [[kind]]"),
    );
    doc.problem_of(
        "SPC-010",
        at,
        message,
        Bilingual::new("id を直します", "correct the id"),
    );
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
