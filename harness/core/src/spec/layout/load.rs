//! Puts a layout together from `layout.toml` and `fields.csv`, with every problem at its place.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::fields::{self, Row};
use super::toml_table::{Document, Table};
use super::{
    Condition, Discriminator, FileSettings, ForeignKey, Form, Kind, Layout, NamePattern, Newline,
    Output, Place, RecordRule, Sequence, Total, TotalOf, UniqueKey,
};
use crate::model::{Bilingual, Level, Problem, Problems};

const TOP: &[&str] = &[
    "id",
    "title",
    "form",
    "name_pattern",
    "record_length",
    "file",
    "sequence",
    "kind",
    "total",
    "unique",
    "reference",
    "rule",
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
        let mut layout = Self {
            id,
            title,
            form,
            name_pattern,
            file,
            sequence: None,
            kinds,
            totals: Vec::new(),
            unique: Vec::new(),
            references: Vec::new(),
            rules: Vec::new(),
            levels: levels(&top, &mut doc),
        };
        layout.read_sequence(&top, &mut doc);
        layout.read_keys(&top, &mut doc);
        layout.read_totals(&top, &mut doc);
        layout.read_rules(&top, &mut doc);
        (problems.len() == before).then_some(layout)
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
                doc.problem(table.text_place(key) + at, message, condition_help());
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

fn form(top: &Table<'_, '_>, doc: &mut Document<'_>) -> Form {
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

fn settings(top: &Table<'_, '_>, doc: &mut Document<'_>, form: Form) -> FileSettings {
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

fn name_pattern(top: &Table<'_, '_>, doc: &mut Document<'_>) -> Option<NamePattern> {
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

fn levels(top: &Table<'_, '_>, doc: &mut Document<'_>) -> BTreeMap<String, Level> {
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

fn kinds(
    top: &Table<'_, '_>,
    doc: &mut Document<'_>,
    rows: Vec<Row>,
    fields_file: &str,
    form: Form,
) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let mut declared = Vec::new();
    for (table, span) in top.tables(doc, "kind") {
        let at = span.start;
        let table = Table::new(
            doc,
            "[[kind]]",
            table,
            span,
            &["id", "title", "start", "field", "value"],
        );
        let id = table.required(doc, "id").to_owned();
        if kinds.iter().any(|k: &Kind| k.id == id) {
            let message = Bilingual::new(
                format!("レコード種別「{id}」が2回あります"),
                format!("record kind `{id}` appears twice"),
            );
            doc.problem(
                at,
                message,
                Bilingual::new("id は重ねられません", "ids are unique"),
            );
        }
        let title = table.bilingual(doc, "title");
        let value = table.required(doc, "value").to_owned();
        let start = table.positive(doc, "start");
        let field = table.string(doc, "field").map(str::to_owned);
        if start.is_none() == field.is_none() {
            let message = Bilingual::new(
                "[[kind]] には start か field のどちらかが要ります",
                "[[kind]] needs `start` or `field`",
            );
            let help = Bilingual::new(
                "start = 1 または field = \"…\"",
                "start = 1 or field = \"…\"",
            );
            doc.problem(at, message, help);
        }
        declared.push((start, field, value, at));
        kinds.push(Kind {
            id,
            title,
            discriminator: None,
            fields: Vec::new(),
        });
    }
    if kinds.is_empty() {
        let title = Bilingual::default();
        kinds.push(Kind {
            id: String::new(),
            title,
            discriminator: None,
            fields: Vec::new(),
        });
    }
    place_fields(&mut kinds, rows, fields_file, form, doc.problems);
    for (kind, (start, field, value, at)) in kinds.iter_mut().zip(declared) {
        let by_field = field
            .as_ref()
            .map(|name| (name, kind.fields.iter().position(|f| f.roman == *name)));
        let place = match (start, by_field) {
            (Some(start), _) => Place::Byte(start as usize - 1),
            (None, Some((_, Some(field)))) => Place::Field(field),
            (None, Some((name, None))) => {
                unknown_field(doc, name, at);
                continue;
            }
            (None, None) => continue,
        };
        kind.discriminator = Some(Discriminator { place, value });
    }
    kinds
}

fn place_fields(
    kinds: &mut [Kind],
    rows: Vec<Row>,
    file: &str,
    form: Form,
    problems: &mut Problems,
) {
    let mut problem = |line, column, message, help| {
        problems.push(Problem {
            line,
            column,
            ..Problem::of_file(file, message, help)
        });
    };
    let mut conditions = Vec::new();
    for row in rows {
        let line = row.field.line;
        let Some(at) = kinds.iter().position(|k| k.id == row.kind) else {
            let message = Bilingual::new(
                format!(
                    "レコード種別「{}」は layout.toml の [[kind]] にありません",
                    row.kind
                ),
                format!("record kind `{}` is not in layout.toml", row.kind),
            );
            problem(
                line,
                1,
                message,
                Bilingual::new("kind の値を直します", "correct `kind`"),
            );
            continue;
        };
        let Some(kind) = kinds.get_mut(at) else {
            continue;
        };
        if kind.fields.iter().any(|f| f.roman == row.field.roman) {
            let message = Bilingual::new(
                format!("項目「{}」が2回あります", row.field.roman),
                format!("field `{}` appears twice", row.field.roman),
            );
            problem(
                line,
                0,
                message,
                Bilingual::new(
                    "ローマ字名は種別の中で1つにします",
                    "machine names are unique within a kind",
                ),
            );
        }
        if !row.condition.is_empty() {
            conditions.push((at, kind.fields.len(), row.condition, row.condition_at));
        }
        kind.fields.push(row.field);
    }
    for (kind, field, text, (line, column)) in conditions {
        let Some(kind) = kinds.get_mut(kind) else {
            continue;
        };
        let parsed = Condition::parse(&text, &|name| {
            kind.fields.iter().position(|f| f.roman == name)
        });
        match (parsed, kind.fields.get_mut(field)) {
            (Ok(condition), Some(f)) => {
                if matches!(f.output, Output::Conditional(..)) {
                    f.output = Output::Conditional(Some(condition), text);
                }
            }
            (Err((message, at)), _) => {
                let shift = text.get(..at).map_or(0, |before| before.chars().count());
                problem(line, column + shift, message, condition_help());
            }
            (Ok(_), None) => {}
        }
    }
    for kind in kinds.iter() {
        if kind.fields.is_empty() {
            let message = if kind.id.is_empty() {
                Bilingual::new("項目が1つもありません", "there is no field")
            } else {
                Bilingual::new(
                    format!("種別「{}」の項目がありません", kind.id),
                    format!("kind `{}` has no field", kind.id),
                )
            };
            problem(
                0,
                0,
                message,
                Bilingual::new("項目を1行ずつ書きます", "write one field a row"),
            );
        }
        if let Form::Fixed { record_length } = form {
            check_positions(kind, record_length as usize, &mut problem);
        }
    }
}

fn check_positions(
    kind: &Kind,
    record_length: usize,
    problem: &mut dyn FnMut(usize, usize, Bilingual, Bilingual),
) {
    let mut next = 0;
    let mut last = 0;
    for field in &kind.fields {
        if field.width > 0 && field.start != next {
            let message = Bilingual::new(
                format!(
                    "項目「{}」の開始位置は{}ですが、前の項目は{}で終わります",
                    field.roman,
                    field.start + 1,
                    next
                ),
                format!(
                    "field `{}` starts at {}, the one before ends at {}",
                    field.roman,
                    field.start + 1,
                    next
                ),
            );
            let help = Bilingual::new(
                "項目は隙間も重なりもなく並べます（空きは DUMMY）",
                "fields follow without gap or overlap; use DUMMY for filler",
            );
            problem(field.line, 0, message, help);
        }
        next = field.start + field.width;
        last = field.line;
    }
    if next != record_length && !kind.fields.is_empty() {
        let message = Bilingual::new(
            format!(
                "種別「{}」の項目は合計{next}バイトですが、record_length は{record_length}です",
                kind.id
            ),
            format!(
                "the fields of kind `{}` end at byte {next}, record_length is {record_length}",
                kind.id
            ),
        );
        problem(
            last,
            0,
            message,
            Bilingual::new(
                "幅を足して record_length に合わせます",
                "make the widths add up to record_length",
            ),
        );
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
    doc.problem(at, message, help);
}

fn unknown_kind(doc: &mut Document<'_>, id: &str, at: usize) {
    let message = Bilingual::new(
        format!("レコード種別「{id}」は [[kind]] にありません"),
        format!("record kind `{id}` is not among [[kind]]"),
    );
    doc.problem(
        at,
        message,
        Bilingual::new("id を直します", "correct the id"),
    );
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
