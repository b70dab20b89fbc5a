//! An item of a file or of an API in one comparable form.

use std::collections::{BTreeMap, BTreeSet};

use crate::spec::layout::{CodeList, Field, FieldType, Form, Format, Output, Pad, WidthClass};
use crate::spec::{Layout, Pack};

/// A code list, or the values that a schema enumerates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// Id; empty for values without a list.
    pub(super) id: String,
    /// Values and their Japanese names.
    pub(super) values: BTreeMap<String, String>,
    /// Days on which values hold, as `from..to`.
    pub(super) validity: BTreeMap<String, String>,
    /// Other values are allowed, too.
    pub(super) open: bool,
}

/// When a value must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Need {
    /// Always.
    Required,
    /// When a condition holds: in the condition language, and in words (either may be empty).
    Conditional(String, String),
    /// Never.
    #[default]
    Optional,
}

/// One item.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    /// Items are compared within a group: record kind, or path of the object that holds them.
    pub(super) group: String,
    /// How changes name it: `D.koza_bango`, `result.rirekibango`.
    pub(super) at: String,
    /// Machine name.
    pub(super) roman: String,
    /// Name for people.
    pub(super) name: String,
    /// データ項目ID.
    pub(super) item_id: String,
    /// Type of the item table (`X`, `N`, `DATE` …), or of JSON (`string`, `object` …) where no other is declared.
    pub(super) kind: String,
    /// Type of JSON, where there is one: what `kind` says of the item table may hide it.
    pub(super) json: String,
    /// Pattern of JSON Schema, beside the form that `format` names.
    pub(super) pattern: String,
    /// Least length; 0: not stated.
    pub(super) least: u64,
    /// Longest length.
    pub(super) length: Option<u64>,
    /// Fraction digits.
    pub(super) fraction: u64,
    /// Code list.
    pub(super) list: Option<List>,
    /// Part of the primary key.
    pub(super) key: bool,
    /// When it must be there.
    pub(super) need: Need,
    /// `null` may stand for the value; `None` where there is no such thing.
    pub(super) nullable: Option<bool>,
    /// Number of repetitions, at least 1.
    pub(super) repeat: u64,
    /// 1-based first and last byte.
    pub(super) bytes: Option<(usize, usize)>,
    /// Padding.
    pub(super) pad: String,
    /// Implied decimal places.
    pub(super) decimals: u32,
    /// Repertoire.
    pub(super) repertoire: String,
    /// Form, as in `fields.csv`.
    pub(super) format: String,
    /// The only value.
    pub(super) fixed_value: Option<String>,
    /// 不詳日 may appear.
    pub(super) unknown_date: bool,
    /// Value for "no value".
    pub(super) default: Option<String>,
    /// Values with a meaning of their own, `9999999`.
    pub(super) special: BTreeSet<String>,
    /// Samples, in the order of the source.
    pub(super) samples: Vec<String>,
    /// Part of a foreign key.
    pub(super) foreign: bool,
    /// When it is there at all; empty: always.
    pub(super) when: String,
    /// Width of its characters, where it is another than the type says.
    pub(super) class: &'static str,
}

impl Item {
    /// True for fillers: bytes without a meaning are no item that could be renamed.
    pub(super) fn is_filler(&self) -> bool {
        self.kind == "DUMMY"
    }

    /// True when values of both have the same form; a JSON string may hold any text of the item table.
    pub(super) fn same_type(&self, other: &Self) -> bool {
        let fits = |json: &str, table: &str| match json {
            "string" => !matches!(table, "object" | "array" | "boolean" | "integer" | "number"),
            "integer" => matches!(table, "9" | "S9"),
            "number" => matches!(table, "9" | "S9" | "9V" | "integer"),
            _ => false,
        };
        let (a, b) = (self.kind.as_str(), other.kind.as_str());
        a == b || fits(a, b) || fits(b, a)
    }
}

/// The items of a layout.
pub(super) fn of_layout(pack: &Pack, layout: &Layout) -> Vec<Item> {
    let mut items = Vec::new();
    for (k, kind) in layout.kinds.iter().enumerate() {
        for (f, field) in kind.fields.iter().enumerate() {
            let mut item = of_field(field, layout.form);
            item.group.clone_from(&kind.id);
            item.at = layout.field_name(k, f);
            item.list = list(pack, &field.code);
            items.push(item);
        }
    }
    items
}

fn of_field(field: &Field, form: Form) -> Item {
    let fixed = matches!(form, Form::Fixed { .. });
    Item {
        roman: field.roman.clone(),
        name: field.name.clone(),
        item_id: field.item_id.clone(),
        kind: field.kind.name().to_owned(),
        length: field.length.map(u64::from),
        fraction: field.fraction.into(),
        key: field.primary_key,
        need: match &field.output {
            Output::Required => Need::Required,
            Output::Conditional(_, text) => Need::Conditional(text.clone(), clause(&field.note)),
            Output::Optional => Need::Optional,
        },
        repeat: u64::from(field.repeat).max(1),
        bytes: fixed.then(|| (field.start + 1, field.start + field.width)),
        pad: if fixed { pad(field.pad) } else { "" }.to_owned(),
        decimals: field.decimals,
        repertoire: field.repertoire.clone(),
        format: format(&field.format),
        fixed_value: field.fixed_value.clone(),
        unknown_date: field.unknown_date,
        default: default_in(&field.note),
        special: special(&field.note, field.length.map(u64::from)),
        samples: match field.kind {
            FieldType::Dummy => Vec::new(),
            _ => samples(field),
        },
        foreign: field.foreign_key,
        when: field.when_text.clone(),
        class: field.width_class.map_or("", WidthClass::as_str),
        ..Item::default()
    }
}

fn samples(field: &Field) -> Vec<String> {
    let all = std::iter::once(&field.sample).chain(&field.more_samples);
    all.filter(|sample| !sample.is_empty()).cloned().collect()
}

/// The word in `fields.csv`.
pub fn pad(pad: Pad) -> &'static str {
    match pad {
        Pad::LeftZero => "left-zero",
        Pad::RightSpace => "right-space",
        Pad::None => "none",
    }
}

/// The word in `fields.csv`.
pub fn format(format: &Format) -> String {
    match format {
        Format::None => "",
        Format::IndividualNumber => "kojinbango",
        Format::AddresseeNumber => "atenabango",
        Format::MunicipalityCode => "dantaicode",
        Format::CorporateNumber => "hojinbango",
        Format::Regex(_, text) => return format!("regex:{text}"),
    }
    .to_owned()
}

/// A list of the pack by its id. An id without a list in the pack still names a list.
pub(super) fn list(pack: &Pack, id: &str) -> Option<List> {
    if id.is_empty() {
        return None;
    }
    let empty = CodeList::default();
    let found = pack.code_lists.get(id).unwrap_or(&empty);
    let day = |day: Option<crate::spec::Date>| day.map_or(String::new(), |d| d.to_string());
    let values = found.values.iter();
    Some(List {
        id: id.to_owned(),
        validity: values
            .clone()
            .filter(|(_, code)| code.valid_from.is_some() || code.valid_to.is_some())
            .map(|(v, code)| {
                (
                    v.clone(),
                    format!("{}..{}", day(code.valid_from), day(code.valid_to)),
                )
            })
            .collect(),
        values: values
            .map(|(v, code)| (v.clone(), code.name.ja.clone()))
            .collect(),
        open: found.open || found.values.is_empty(),
    })
}

/// The sentence of an explanation that says when an item is mandatory: the first one that holds 必須, without what only
/// leads to it.
pub(super) fn clause(text: &str) -> String {
    let sentences = text.split(['。', '\n', '．']);
    let told = sentences
        .map(str::trim)
        .find(|s| s.contains("必須") && !s.contains("任意"));
    let told = told.unwrap_or_default();
    let told = told.rsplit("※※").next().unwrap_or(told);
    let told = told.strip_prefix("条件付き必須").unwrap_or(told);
    told.trim_start_matches([':', '：', '・', ' ', '　'])
        .to_owned()
}

/// A clause without words that change nothing, to compare two of them.
pub(super) fn bare(clause: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for c in clause.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            c if depth == 0 && !c.is_whitespace() => out.push(c),
            _ => {}
        }
    }
    for word in ["出力", "場合", "とき", "表記で", "は", "の", "である"] {
        out = out.replace(word, "");
    }
    super::similar::canonical(&out, "name")
}

/// The default value that an explanation lays down: `デフォルト…は「0」`, `既定…は0`.
pub(super) fn default_in(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let (at, word) = ["デフォルト", "既定"]
            .iter()
            .filter_map(|word| Some((rest.find(word)?, word.len())))
            .min()?;
        rest = rest.get(at + word..)?;
        let told = rest.strip_prefix('値').unwrap_or(rest);
        let Some(told) = told.strip_prefix('は') else {
            continue;
        };
        let told = told.trim_start_matches(['「', '『', '"', '”', ' ']);
        let value: String = told
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if !value.is_empty() {
            return Some(value);
        }
    }
}

/// Values of the item's length that repeat one digit (`0000000`, `9999999`): what explanations name such a value for is
/// that it stands for something else than a value.
pub(super) fn special(text: &str, length: Option<u64>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut from = 0;
    for run in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let Some(at) = text
            .get(from..)
            .and_then(|rest| rest.find(run))
            .map(|at| from + at)
        else {
            break;
        };
        from = at + run.len();
        let before = text
            .get(..at)
            .unwrap_or_default()
            .trim_end_matches(['「', '『', '"', '、', ' ']);
        let after = text
            .get(from..)
            .unwrap_or_default()
            .trim_start_matches(['」', '』', '"']);
        let laid_down =
            before.ends_with("場合") || before.ends_with('は') || after.starts_with("を設定");
        let first = run.bytes().next().filter(u8::is_ascii_digit);
        let repeats = first.is_some_and(|first| run.bytes().all(|b| b == first));
        if laid_down && repeats && run.len() > 1 && Some(run.len() as u64) == length {
            found.insert(run.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_name_defaults_and_special_values() {
        assert_eq!(default_in("・デフォルトは「0」").as_deref(), Some("0"));
        let text = "対象のIDがない場合にはデフォルト値を設定すること。デフォルト値は「000」";
        assert_eq!(default_in(text).as_deref(), Some("000"));
        assert_eq!(default_in("0 既定、1 参照させない。規定は2"), None);
        assert!(special("繰り返し999の書き方", Some(3)).is_empty());
        let found = special(
            "町字がない場合0000000、ない町字は9999999。例1111111、000",
            Some(7),
        );
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["0000000", "9999999"]
        );
    }

    #[test]
    fn clauses_that_say_the_same_are_equal() {
        let a = clause("条件付き必須: 氏名未定でない場合は必須（R9）。氏名未定を示す項目がない");
        let b = clause("・要素の間に空白を入れる\n※※氏名未定でないときは出力必須");
        assert_eq!(
            (bare(&a), bare(&b)),
            ("氏名未定でない必須".to_owned(), bare(&a))
        );
        assert_eq!(clause("町字の名前"), "");
    }
}
