//! Record kinds with their fields, and how a record of a kind is known.

use crate::model::{Bilingual, Problem, Problems};
use crate::spec::layout::fields::Row;
use crate::spec::layout::toml_table::{Document, Table};
use crate::spec::layout::{Condition, Discriminator, Field, Form, Kind, Output, Place};

use super::{condition_help, unknown_field};

pub(super) fn kinds(
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
            doc.problem_of(
                "SPC-005",
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
    super::repeats::repeats(top, doc, &mut kinds);
    if let Form::Fixed { record_length } = form {
        let mut problem = |rule: &str, (line, column), message, help| {
            let problem = Problem {
                line,
                column,
                ..Problem::of_file(fields_file, message, help)
            };
            doc.problems.push(problem.of_rule(rule));
        };
        for kind in &kinds {
            check_positions(kind, record_length as usize, &mut problem);
        }
    }
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
    let mut problem = |rule: &str, (line, column), message, help| {
        let problem = Problem {
            line,
            column,
            ..Problem::of_file(file, message, help)
        };
        problems.push(problem.of_rule(rule));
    };
    let mut conditions = Vec::new();
    let mut whens = Vec::new();
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
                "SPC-010",
                (line, 1),
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
                "SPC-005",
                (line, 0),
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
        if !row.when.is_empty() && form == Form::Delimited {
            let (line, column) = row.when_at;
            let message = Bilingual::new(
                "when は固定長の様式だけで使えます",
                "`when` needs a fixed layout",
            );
            let help = Bilingual::new(
                "項目の並びが変わるレコードは [[kind]] で分けます",
                "records with other fields are a [[kind]] of their own",
            );
            problem("", (line, column), message, help);
        } else if !row.when.is_empty() {
            whens.push((at, kind.fields.len(), row.when, row.when_at));
        }
        kind.fields.push(row.field);
    }
    resolve(kinds, conditions, &mut problem, |f, condition, text| {
        if matches!(f.output, Output::Conditional(..)) {
            f.output = Output::Conditional(Some(condition), text);
        }
    });
    resolve(kinds, whens, &mut problem, |f, condition, _| {
        f.when = Some(condition);
    });
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
                "",
                (0, 0),
                message,
                Bilingual::new("項目を1行ずつ書きます", "write one field a row"),
            );
        }
    }
}

/// A condition as written: kind, field, text, line and column.
type Written = (usize, usize, String, (usize, usize));

/// Reads conditions now that every field of their kind is known.
fn resolve(
    kinds: &mut [Kind],
    written: Vec<Written>,
    problem: Teller<'_>,
    apply: fn(&mut Field, Condition, String),
) {
    for (kind, field, text, (line, column)) in written {
        let Some(kind) = kinds.get_mut(kind) else {
            continue;
        };
        let parsed = Condition::parse(&text, &|name| {
            kind.fields.iter().position(|f| f.roman == name)
        });
        match (parsed, kind.fields.get_mut(field)) {
            (Ok(condition), Some(f)) => apply(f, condition, text),
            (Err((message, at)), _) => {
                let shift = text.get(..at).map_or(0, |before| before.chars().count());
                let rule = Condition::rule_of(&message);
                problem(rule, (line, column + shift), message, condition_help());
            }
            (Ok(_), None) => {}
        }
    }
}

/// Takes a problem: rule, line and column, message, help.
type Teller<'t> = &'t mut dyn FnMut(&str, (usize, usize), Bilingual, Bilingual);

fn check_positions(kind: &Kind, record_length: usize, problem: Teller<'_>) {
    let mut next = 0;
    let mut last = 0;
    // Alternatives (`when`) share a place: where it begins, and where the longest of them ends.
    let mut shared: Option<(usize, usize)> = None;
    for field in &kind.fields {
        match (&field.when, shared) {
            (Some(_), None) => shared = Some((next, next)),
            (Some(_), Some((from, to))) => {
                shared = Some((from, to.max(next)));
                if field.start == from {
                    next = from;
                }
            }
            (None, Some((_, to))) => {
                next = next.max(to);
                shared = None;
            }
            (None, None) => {}
        }
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
            problem("SPC-002", (field.line, 0), message, help);
        }
        next = field.start + field.width;
        last = field.line;
    }
    let next = shared.map_or(next, |(_, to)| next.max(to));
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
            "SPC-003",
            (last, 0),
            message,
            Bilingual::new(
                "幅を足して record_length に合わせます",
                "make the widths add up to record_length",
            ),
        );
    }
}
