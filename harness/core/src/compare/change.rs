//! One difference between two specifications, and all of them.

use serde::Serialize;

use super::breaks::{Breaks, Flow, classify};
use crate::model::Bilingual;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "each is explained by its label and by breaks.csv"
)]
pub enum Kind {
    Layout,
    Operation,
    Removed,
    Added,
    Renamed,
    Type,
    Length,
    Position,
    Unit,
    Code,
    Key,
    Required,
    Condition,
    Nullable,
    Repeat,
    Order,
    Format,
    Repertoire,
    Padding,
    Decimals,
    FixedValue,
    UnknownDate,
    Default,
    Value,
    Name,
    ItemId,
    Sample,
    Setting,
    RecordKind,
    RecordLength,
    FileName,
    Rule,
    RuleLevel,
    Method,
    Path,
    Status,
    Header,
    MediaType,
    Scope,
    ErrorCode,
    Time,
}

/// Kind, word for programs, words for people.
const KINDS: &[(Kind, &str, &str, &str)] = &[
    (Kind::Layout, "layout", "様式", "layout"),
    (Kind::Operation, "operation", "操作", "operation"),
    (Kind::Removed, "removed", "項目の削除", "item removed"),
    (Kind::Added, "added", "項目の追加", "item added"),
    (Kind::Renamed, "renamed", "名前の変更", "item renamed"),
    (Kind::Type, "type", "データ型", "type"),
    (Kind::Length, "length", "桁数", "length"),
    (Kind::Position, "position", "バイト位置", "byte position"),
    (Kind::Unit, "unit", "桁数の単位", "unit of lengths"),
    (Kind::Code, "code", "コード", "code list"),
    (Kind::Key, "key", "キー", "key"),
    (Kind::Required, "required", "必須", "required"),
    (Kind::Condition, "condition", "必須の条件", "condition"),
    (Kind::Nullable, "nullable", "nullの可否", "null"),
    (Kind::Repeat, "repeat", "繰り返し", "repetitions"),
    (Kind::Order, "order", "項目の順", "order"),
    (Kind::Format, "format", "書式", "form"),
    (Kind::Repertoire, "repertoire", "文字集合", "repertoire"),
    (Kind::Padding, "padding", "詰め方", "padding"),
    (Kind::Decimals, "decimals", "小数点の位置", "decimal places"),
    (Kind::FixedValue, "fixed-value", "固定値", "fixed value"),
    (Kind::UnknownDate, "unknown-date", "不詳日", "unknown dates"),
    (Kind::Default, "default", "既定値", "default value"),
    (Kind::Value, "value", "特別な値", "special value"),
    (Kind::Name, "name", "項目名", "name for people"),
    (Kind::ItemId, "item-id", "データ項目ID", "item id"),
    (Kind::Sample, "sample", "サンプル値", "sample"),
    (Kind::Setting, "setting", "ファイルの設定", "file setting"),
    (
        Kind::RecordKind,
        "record-kind",
        "レコード種別",
        "record kind",
    ),
    (
        Kind::RecordLength,
        "record-length",
        "レコード長",
        "record length",
    ),
    (Kind::FileName, "file-name", "ファイル名", "file name"),
    (Kind::Rule, "rule", "条件・合計・参照", "rule"),
    (
        Kind::RuleLevel,
        "rule-level",
        "検査の水準",
        "level of a rule",
    ),
    (Kind::Method, "method", "HTTPメソッド", "method"),
    (Kind::Path, "path", "パス", "path"),
    (Kind::Status, "status", "ステータス", "status"),
    (Kind::Header, "header", "応答ヘッダ", "response header"),
    (Kind::MediaType, "media-type", "媒体型", "media type"),
    (Kind::Scope, "scope", "スコープ", "scope"),
    (Kind::ErrorCode, "error-code", "エラーコード", "error code"),
    (Kind::Time, "time", "応答時間", "answer time"),
];

impl Kind {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; KINDS.len()] = {
        let mut all = [Self::Layout; KINDS.len()];
        let mut at = 0;
        while at < KINDS.len() {
            all[at] = KINDS[at].0;
            at += 1;
        }
        all
    };

    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        KINDS
            .iter()
            .find(|row| row.0 == self)
            .map_or("", |row| row.1)
    }

    /// The word for people.
    pub fn label(self) -> Bilingual {
        let row = KINDS.iter().find(|row| row.0 == self);
        row.map_or_else(Bilingual::default, |row| Bilingual::new(row.2, row.3))
    }
}

/// In which direction it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delta {
    /// Only in the new one.
    Added,
    /// Only in the old one.
    Removed,
    /// Only in one, and mandatory there.
    Required,
    /// The new one allows more.
    Looser,
    /// The new one allows less.
    Tighter,
    /// Another name for the same.
    Renamed,
    /// It stands in the header row.
    Header,
    /// Days of validity.
    Validity,
    /// Neither more nor less.
    Other,
}

impl Delta {
    #[cfg(test)]
    pub(super) const ALL: [Self; 9] = [
        Self::Added,
        Self::Removed,
        Self::Required,
        Self::Looser,
        Self::Tighter,
        Self::Renamed,
        Self::Header,
        Self::Validity,
        Self::Other,
    ];

    /// The word in `breaks.csv`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Required => "required",
            Self::Looser => "looser",
            Self::Tighter => "tighter",
            Self::Renamed => "renamed",
            Self::Header => "header",
            Self::Validity => "validity",
            Self::Other => "other",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What differs.
    pub kind: Kind,
    /// Layout or operation that it is in, with the part: `atena-kihon`, `jutogaishaatenabangofuban request`.
    pub within: String,
    /// Item, by its name in the old specification where it has one.
    pub item: String,
    /// Name for people.
    pub name: String,
    /// In the old specification; `None`: not there.
    pub old: Option<String>,
    /// In the new one.
    pub new: Option<String>,
    /// Whom it breaks.
    pub breaks: Breaks,
    /// Why.
    pub reason: Bilingual,
    /// Renamed items: how similar the names are, 0 to 1.
    pub similarity: Option<f64>,
}

impl Serialize for Change {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = to.serialize_struct("Change", 9)?;
        out.serialize_field("kind", self.kind.as_str())?;
        out.serialize_field("item", &self.item)?;
        out.serialize_field("name", &self.name)?;
        out.serialize_field("within", &self.within)?;
        out.serialize_field("old", &self.old)?;
        out.serialize_field("new", &self.new)?;
        out.serialize_field("breaks", self.breaks.as_str())?;
        out.serialize_field("reason", &self.reason)?;
        out.serialize_field("similarity", &self.similarity)?;
        out.end()
    }
}

/// Collects changes of one part.
pub(super) struct Notes<'a> {
    /// Layout or operation.
    pub(super) within: &'a str,
    /// Which way the data goes.
    pub(super) flow: Flow,
    /// What was found.
    pub(super) changes: &'a mut Vec<Change>,
}

/// Old and new value.
pub(super) type Values = (Option<String>, Option<String>);

impl Notes<'_> {
    /// Notes a change of an item, named by its address and its name for people.
    pub(super) fn note(&mut self, kind: Kind, delta: Delta, item: (&str, &str), values: Values) {
        let (breaks, reason) = classify(kind, delta, self.flow);
        self.changes.push(Change {
            kind,
            within: self.within.to_owned(),
            item: item.0.to_owned(),
            name: item.1.to_owned(),
            old: values.0,
            new: values.1,
            breaks,
            reason,
            similarity: None,
        });
    }

    /// Notes a change of two texts, an empty one standing for nothing; equal ones are none.
    pub(super) fn texts(&mut self, kind: Kind, item: (&str, &str), old: &str, new: &str) {
        let there = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let delta = match (old.is_empty(), new.is_empty()) {
            _ if old == new => return,
            (true, _) => Delta::Tighter,
            (_, true) => Delta::Looser,
            _ => Delta::Other,
        };
        self.note(kind, delta, item, (there(old), there(new)));
    }
}
