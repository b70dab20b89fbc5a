//! Layouts (様式): the record structure of one file, read from `layout.toml` and `fields.csv` (`specs/README.md`).

use std::collections::BTreeMap;

use crate::mask::Sensitivity;
use crate::model::{Bilingual, Level};

mod agreed;
mod codes;
mod condition;
mod date;
pub mod digits;
mod fields;
mod load;
mod name;
mod sequence;
mod set;
mod setting_words;
mod settings;
mod toml_table;

pub use agreed::Agreed;
pub use codes::{CodeList, CodeValue};
pub use condition::{Comparison, Condition, Operand};
pub use date::{Date, days_in};
pub use fields::FIELD_COLUMNS;
pub(super) use fields::unreadable;
pub use name::{NameParts, NamePattern};
pub use sequence::{Sequence, Standing};
pub use set::{Companion, CompanionKind, SetRules};
pub use settings::{
    Basis, Empty, FileSettings, Header, LengthUnit, Newline, Presence, Quoting, RemainderOne,
};

/// One file's record structure.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Id within the pack.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// Delimited or fixed.
    pub form: Form,
    /// What widths and positions of fixed records are counted in.
    pub width_unit: WidthUnit,
    /// File-name rule, if there is one.
    pub name_pattern: Option<NamePattern>,
    /// Settings of the file; an agreement may decide each.
    pub file: FileSettings,
    /// Order of record kinds; `None`: any order.
    pub sequence: Option<Sequence>,
    /// Record kinds; one with an empty id where the layout has only one.
    pub kinds: Vec<Kind>,
    /// Control totals.
    pub totals: Vec<Total>,
    /// Unique keys, the primary keys first.
    pub unique: Vec<UniqueKey>,
    /// Foreign keys into other files.
    pub references: Vec<ForeignKey>,
    /// Record numbers and sort orders.
    pub orders: Vec<Order>,
    /// Conditions that hold for each record.
    pub rules: Vec<RecordRule>,
    /// How its files belong together.
    pub set: SetRules,
    /// Files that go with each of its files.
    pub companions: Vec<Companion>,
    /// Levels of rules for this layout.
    pub levels: BTreeMap<String, Level>,
}

impl Layout {
    /// The name of a field in locations: `roman`, or `KIND.roman` where the layout has several kinds.
    pub fn field_name(&self, kind: usize, field: usize) -> String {
        let Some(k) = self.kinds.get(kind) else {
            return String::new();
        };
        let roman = k.fields.get(field).map_or("", |f| f.roman.as_str());
        if k.id.is_empty() {
            roman.to_owned()
        } else {
            format!("{}.{roman}", k.id)
        }
    }
}

/// How records are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By a delimiter.
    Delimited,
    /// By position; every record has this length, in the layout's width unit.
    Fixed {
        /// Length of a record without its newline.
        record_length: u32,
    },
}

impl Form {
    /// The word in layout.toml.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delimited => "delimited",
            Self::Fixed { .. } => "fixed",
        }
    }
}

/// Width that the characters of a field have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WidthClass {
    /// Half-width only.
    Half,
    /// Full-width only.
    Full,
    /// Either.
    Mixed,
}

impl WidthClass {
    /// The word in `fields.csv`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Full => "full",
            Self::Mixed => "mixed",
        }
    }
}

/// What widths are counted in (fixed form).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WidthUnit {
    /// Bytes of the encoding.
    #[default]
    Bytes,
    /// Characters.
    Chars,
}

impl WidthUnit {
    /// The word in layout.toml.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Chars => "chars",
        }
    }
}

/// A kind of record.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Id; empty where the layout has only one kind.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// How a record of this kind is known.
    pub discriminator: Option<Discriminator>,
    /// Fields in order.
    pub fields: Vec<Field>,
}

/// How a record of a kind is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discriminator {
    /// Where to look.
    pub place: Place,
    /// What stands there.
    pub value: String,
}

/// Where a discriminator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// 0-based byte position in the record.
    Byte(usize),
    /// 0-based index of the field.
    Field(usize),
}

/// One field (項目).
#[derive(Clone, Debug)]
pub struct Field {
    /// 項番, 1-based.
    pub no: u32,
    /// データ項目ID.
    pub item_id: String,
    /// データ項目.
    pub name: String,
    /// データ項目（ローマ字）.
    pub roman: String,
    /// Part of the primary key.
    pub primary_key: bool,
    /// Type.
    pub kind: FieldType,
    /// Maximum length in the layout's length unit; integer digits for decimals.
    pub length: Option<u32>,
    /// Maximum number of fraction digits (9V).
    pub fraction: u32,
    /// Code list id, empty for none.
    pub code: String,
    /// Maximum number of repetitions, 0 when not stated.
    pub repeat: u32,
    /// 出力条件.
    pub output: Output,
    /// 0-based byte position in the record (fixed form).
    pub start: usize,
    /// Width in bytes (fixed form).
    pub width: usize,
    /// When the field is there at all (fixed form): alternatives share a place. `None`: always.
    pub when: Option<Condition>,
    /// The same as written; empty: always.
    pub when_text: String,
    /// Padding (fixed form).
    pub pad: Pad,
    /// Implied decimal places.
    pub decimals: u32,
    /// Width of its characters, where it is another than the type says.
    pub width_class: Option<WidthClass>,
    /// Repertoire of this field only, empty for that of the file.
    pub repertoire: String,
    /// Further form.
    pub format: Format,
    /// 不詳日 may appear.
    pub unknown_date: bool,
    /// The only value allowed.
    pub fixed_value: Option<String>,
    /// How masking treats it.
    pub sensitive: Sensitivity,
    /// It names a person, a reading or a place: lost characters matter there.
    pub is_name_like: bool,
    /// A value that passes.
    pub sample: String,
    /// Further samples of the source, in its order; they are told and compared, not judged.
    pub more_samples: Vec<String>,
    /// グループ_名称: the file of the item table that the field belongs to.
    pub group: String,
    /// グループ_外部キー: part of a foreign key.
    pub foreign_key: bool,
    /// Free text: conditions and special values as the source states them.
    pub note: String,
    /// 1-based line in `fields.csv`.
    pub line: usize,
}

/// Types of fields: the nine of the standard and the legacy ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Half-width text.
    X,
    /// Full-width text.
    N,
    /// Half-width kana and Latin text of legacy files.
    C,
    /// Integer without sign.
    Integer,
    /// Decimal without sign.
    Decimal,
    /// Integer, a leading `-` when negative.
    Signed,
    /// Image.
    Blob,
    /// YYYY.
    Year,
    /// YYYY-MM-DD.
    Date,
    /// HH:MM:SS or HH:MM.
    Time,
    /// YYYYMMDD.
    Ymd8,
    /// YYMMDD.
    Ymd6,
    /// MMDD.
    Md,
    /// Era code and YYMMDD.
    Wareki,
    /// Zoned decimal: the last byte holds digit and sign.
    Zoned,
    /// Filler.
    Dummy,
}

impl FieldType {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("X", Self::X),
        ("N", Self::N),
        ("C", Self::C),
        ("9", Self::Integer),
        ("9V", Self::Decimal),
        ("S9", Self::Signed),
        ("BLOB", Self::Blob),
        ("YEAR", Self::Year),
        ("DATE", Self::Date),
        ("TIME", Self::Time),
        ("YYYYMMDD", Self::Ymd8),
        ("YYMMDD", Self::Ymd6),
        ("MMDD", Self::Md),
        ("WAREKI", Self::Wareki),
        ("ZONED", Self::Zoned),
        ("DUMMY", Self::Dummy),
    ];

    /// The word in `fields.csv`.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, t)| *t == self)
            .map_or("", |(name, _)| name)
    }

    /// The type that a word of `fields.csv` names.
    pub fn of_name(word: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == word);
        found.map(|(_, kind)| *kind)
    }

    /// True for types whose value is a number.
    pub fn is_number(self) -> bool {
        matches!(
            self,
            Self::Integer | Self::Decimal | Self::Signed | Self::Zoned
        )
    }

    /// True for dates.
    pub fn is_date(self) -> bool {
        matches!(
            self,
            Self::Date | Self::Ymd8 | Self::Ymd6 | Self::Md | Self::Wareki | Self::Year
        )
    }
}

/// データ出力条件.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// 必須.
    Required,
    /// 条件付き必須: required when the condition holds; without one nothing can be judged.
    Conditional(Option<Condition>, String),
    /// 任意.
    Optional,
}

/// Padding of fixed fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pad {
    /// Right aligned, filled with `0`.
    LeftZero,
    /// Left aligned, filled with spaces.
    RightSpace,
    /// The value fills the width.
    None,
}

/// Further form of a value.
#[derive(Clone, Debug)]
pub enum Format {
    /// None.
    None,
    /// 個人番号 with its check digit.
    IndividualNumber,
    /// 宛名番号 with its check digit.
    AddresseeNumber,
    /// 全国地方公共団体コード with its check digit.
    MunicipalityCode,
    /// 法人番号 with its check digit.
    CorporateNumber,
    /// A regular expression over the whole value.
    Regex(Box<regex::Regex>, String),
}

/// A control total.
#[derive(Clone, Debug)]
pub struct Total {
    /// Kind and field that hold the total.
    pub kind: usize,
    /// Field in that kind.
    pub field: usize,
    /// What it must equal.
    pub of: TotalOf,
    /// Only records for which this holds are counted or summed.
    pub when: Option<Condition>,
    /// As written, for messages.
    pub text: String,
}

/// What a control total must equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TotalOf {
    /// Number of records of a kind in the group.
    Count(usize),
    /// Sum of a field of a kind in the group.
    Sum(usize, usize),
    /// Sum and difference of fields of the same record: sign and field.
    Parts(Vec<(bool, usize)>),
}

/// A key that no two records of a kind share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueKey {
    /// Kind.
    pub kind: usize,
    /// Fields.
    pub fields: Vec<usize>,
    /// It is the primary key.
    pub primary: bool,
}

/// A key that must be in another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Kind.
    pub kind: usize,
    /// Fields.
    pub fields: Vec<usize>,
    /// Id of the other layout.
    pub layout: String,
    /// Machine names of the fields there.
    pub to: Vec<String>,
}

/// An order that records keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What order it is.
    pub of: OrderOf,
    /// By record kind: the fields that are compared; `None` for kinds that do not count.
    pub fields: Vec<Option<Vec<usize>>>,
    /// It begins anew in every group of the sequence.
    pub by_group: bool,
    /// The fields as written, for messages.
    pub text: String,
}

/// What order records keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderOf {
    /// Numbers that grow by one from this one on.
    Number(u32),
    /// Sorted by the fields, each descending or not; equal values may follow each other.
    Sorted(Vec<bool>),
}

/// A condition that must hold for each record.
#[derive(Clone, Debug)]
pub struct RecordRule {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: usize,
    /// When it applies; `None`: always.
    pub when: Option<Condition>,
    /// What must hold.
    pub then: Condition,
    /// As written.
    pub text: String,
    /// What is wrong when it does not.
    pub message: Bilingual,
}
