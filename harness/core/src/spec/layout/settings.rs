//! The `[file]` keys of a layout: settings that an agreement may decide, each with where its value comes from.

use std::collections::BTreeMap;

use super::Form;
use crate::encoding::{Dialect, Duplicates, Encoding};
use crate::model::Bilingual;

/// Whether something must, may or must not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Must not be there.
    Forbid,
    /// Must be there.
    Require,
    /// Either.
    Allow,
}

/// How records end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newline {
    /// 0D 0A.
    Crlf,
    /// 0A.
    Lf,
    /// 0D.
    Cr,
    /// Records follow each other without a separator (fixed form only).
    None,
    /// Any of CRLF, LF, CR.
    Any,
}

/// When a field is put into quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// As the writer likes.
    Any,
    /// Every field.
    Always,
    /// No field.
    Never,
    /// Where delimiter, quote or newline make it necessary, nowhere else.
    Minimal,
    /// Where the value holds a comma, a quote, a space or a kanji (国保連).
    Kokuho,
}

/// What the first row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// Data.
    None,
    /// 項目名.
    Names,
    /// Machine names.
    Roman,
    /// データ項目ID.
    Ids,
}

/// What lengths are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    /// Unicode scalar values.
    Chars,
    /// Characters as people count them: a base with its variation selector or mark is one.
    Graphemes,
    /// UTF-16 code units.
    Utf16,
    /// Bytes of the file's encoding.
    Bytes,
}

impl LengthUnit {
    /// The name in messages.
    pub fn name(self) -> Bilingual {
        match self {
            Self::Chars => Bilingual::new("文字", "characters"),
            Self::Graphemes => Bilingual::new("文字（異体字セレクタを含めて1）", "graphemes"),
            Self::Utf16 => Bilingual::new("UTF-16単位", "UTF-16 units"),
            Self::Bytes => Bilingual::new("バイト", "bytes"),
        }
    }
}

/// How "no value" is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// Nothing between the delimiters (a quoted nothing is the same).
    Empty,
    /// `""`.
    Quoted,
    /// Spaces over the whole width.
    Spaces,
}

/// What the check digit is when the remainder is 1, which the text does not define (M11W2-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemainderOne {
    /// 0.
    Zero,
    /// Such numbers are not issued.
    Skip,
    /// A person decides.
    Review,
}

/// Where the value of a setting comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Basis {
    /// Nobody set it: the default of the format.
    #[default]
    Default,
    /// The layout of the pack.
    Layout,
    /// An item of the agreement, by its id.
    Agreement(String),
    /// The command line.
    Option,
}

impl Basis {
    /// For messages.
    pub fn name(&self) -> Bilingual {
        match self {
            Self::Default => Bilingual::new("既定値", "default"),
            Self::Layout => Bilingual::new("様式", "layout"),
            Self::Option => Bilingual::new("コマンドの指定", "command line"),
            Self::Agreement(item) => {
                Bilingual::new(format!("合意 {item}"), format!("agreement {item}"))
            }
        }
    }
}

/// The settings of a file. Every key of `[file]` in `specs/README.md` is one field here.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
pub struct FileSettings {
    /// `encoding`
    pub encoding: Encoding,
    /// `bom`
    pub bom: Presence,
    /// `newline`
    pub newline: Newline,
    /// `final_newline`
    pub final_newline: Presence,
    /// `eof_mark`: 0x1A as the last byte.
    pub eof_mark: Presence,
    /// `delimiter`, one byte below 0x40.
    pub delimiter: u8,
    /// `quoting`
    pub quoting: Quoting,
    /// `newline_in_field`: newlines inside quotes are allowed.
    pub newline_in_field: bool,
    /// `header`
    pub header: Header,
    /// `length_unit`
    pub length_unit: LengthUnit,
    /// `repertoire`; empty: anything the encoding holds.
    pub repertoire: String,
    /// `dialect`
    pub dialect: Dialect,
    /// `ivs`: variation selectors are allowed.
    pub ivs: bool,
    /// `ivs = "list:ID"`: only the sequences of this list (a registered collection); empty: any.
    pub ivs_list: String,
    /// `svs`: standardised variation selectors U+FE00-FE0F are allowed; `None`: as `ivs`.
    pub svs: Option<bool>,
    /// `private_use`: private-use characters are allowed.
    pub private_use: bool,
    /// `private_use = "list:ID"`: only the characters of this list (外字); empty: any.
    pub private_use_list: String,
    /// `duplicates`: which of its forms a CP932 character with several takes; `None`: any.
    pub duplicates: Option<Duplicates>,
    /// `normalisation`: true for `nfc-stable`, text that NFC leaves as it is.
    pub nfc_stable: bool,
    /// `substitution_marks`: agreed substitutes.
    pub substitution_marks: String,
    /// `empty`
    pub empty: Empty,
    /// `migrated_numbers`: check digits of existing 宛名番号 are notices only.
    pub migrated_numbers: bool,
    /// `check_digit_remainder_1`
    pub check_digit_remainder_1: RemainderOne,
    /// Signed numbers may begin with `+`; only an agreement says so (数の書き方).
    pub plus_sign: bool,
    /// Characters of the private-use planes are allowed whatever `private_use` says; only an agreement says so (追加文字).
    pub private_planes: bool,
    basis: BTreeMap<&'static str, Basis>,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self {
            encoding: Encoding::Utf8,
            bom: Presence::Forbid,
            newline: Newline::Crlf,
            final_newline: Presence::Require,
            eof_mark: Presence::Forbid,
            delimiter: b',',
            quoting: Quoting::Any,
            newline_in_field: false,
            header: Header::None,
            length_unit: LengthUnit::Chars,
            repertoire: String::new(),
            dialect: Dialect::Ms,
            ivs: true,
            ivs_list: String::new(),
            svs: None,
            private_use: false,
            private_use_list: String::new(),
            duplicates: None,
            nfc_stable: true,
            substitution_marks: "〓".to_owned(),
            empty: Empty::Empty,
            migrated_numbers: false,
            check_digit_remainder_1: RemainderOne::Review,
            plus_sign: false,
            private_planes: false,
            basis: BTreeMap::new(),
        }
    }
}

const PRESENCE: &[(&str, Presence)] = &[
    ("forbid", Presence::Forbid),
    ("require", Presence::Require),
    ("allow", Presence::Allow),
];
const ALLOWED: &[(&str, bool)] = &[("forbid", false), ("allow", true)];

impl FileSettings {
    /// Every key, in the order of `specs/README.md`.
    pub const KEYS: &'static [&'static str] = &[
        "encoding",
        "bom",
        "newline",
        "final_newline",
        "eof_mark",
        "delimiter",
        "quoting",
        "newline_in_field",
        "header",
        "length_unit",
        "repertoire",
        "dialect",
        "ivs",
        "svs",
        "private_use",
        "duplicates",
        "normalisation",
        "substitution_marks",
        "empty",
        "migrated_numbers",
        "check_digit_remainder_1",
    ];

    /// The keys that mean something in files of a form: fixed-width records have no delimiters, quotes and header rows.
    pub fn keys_of(form: Form) -> impl Iterator<Item = &'static str> {
        const DELIMITED_ONLY: [&str; 4] = ["delimiter", "quoting", "newline_in_field", "header"];
        let all = Self::KEYS.iter().copied();
        all.filter(move |key| form == Form::Delimited || !DELIMITED_ONLY.contains(key))
    }

    /// Sets a key as the layout does.
    ///
    /// # Errors
    /// What is wrong with key or value, and what may be written.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), Bilingual> {
        self.set_from(key, value, Basis::Layout)
    }

    /// Sets a key and remembers who decided it.
    ///
    /// # Errors
    /// What is wrong with key or value, and what may be written.
    pub fn set_from(&mut self, key: &str, value: &str, basis: Basis) -> Result<(), Bilingual> {
        let Some(known) = Self::KEYS.iter().find(|known| **known == key) else {
            let keys = Self::KEYS.join(" ");
            return Err(Bilingual::new(
                format!("「{key}」という設定はありません（{keys}）"),
                format!("there is no setting `{key}` ({keys})"),
            ));
        };
        self.assign(key, value)?;
        self.basis.insert(known, basis);
        Ok(())
    }

    /// Where the value of a key comes from.
    pub fn basis(&self, key: &str) -> Basis {
        self.basis.get(key).cloned().unwrap_or_default()
    }

    fn assign(&mut self, key: &str, value: &str) -> Result<(), Bilingual> {
        match key {
            "encoding" => {
                self.encoding = Encoding::parse(value).map_err(|fault| {
                    let (what, help) = (fault.message(), fault.help());
                    Bilingual::new(
                        format!("{}。{}", what.ja, help.ja),
                        format!("{}; {}", what.en, help.en),
                    )
                })?;
            }
            "bom" => self.bom = word(value, PRESENCE)?,
            "newline" => self.newline = word(value, NEWLINES)?,
            "final_newline" => self.final_newline = word(value, PRESENCE)?,
            "eof_mark" => self.eof_mark = word(value, PRESENCE)?,
            "delimiter" => self.delimiter = delimiter(value)?,
            "quoting" => self.quoting = word(value, QUOTINGS)?,
            "newline_in_field" => self.newline_in_field = word(value, ALLOWED)?,
            "header" => self.header = word(value, HEADERS)?,
            "length_unit" => self.length_unit = word(value, LENGTH_UNITS)?,
            "repertoire" => value.clone_into(&mut self.repertoire),
            "dialect" => self.dialect = Dialect::parse(value)?,
            "ivs" => (self.ivs, self.ivs_list) = allowed_or_listed(value)?,
            "svs" => self.svs = Some(word(value, ALLOWED)?),
            "private_use" => (self.private_use, self.private_use_list) = allowed_or_listed(value)?,
            "duplicates" => {
                let words = [
                    ("any", None),
                    ("windows", Some(Duplicates::Windows)),
                    ("nec", Some(Duplicates::NecSelected)),
                    ("ibm", Some(Duplicates::Ibm)),
                ];
                self.duplicates = word(value, &words)?;
            }
            "normalisation" => {
                self.nfc_stable = word(value, &[("as-is", false), ("nfc-stable", true)])?;
            }
            "substitution_marks" => value.clone_into(&mut self.substitution_marks),
            "empty" => {
                let words = [
                    ("empty", Empty::Empty),
                    ("quoted", Empty::Quoted),
                    ("spaces", Empty::Spaces),
                ];
                self.empty = word(value, &words)?;
            }
            "migrated_numbers" => {
                self.migrated_numbers = word(value, &[("false", false), ("true", true)])?;
            }
            _ => {
                let words = [
                    ("zero", RemainderOne::Zero),
                    ("skip", RemainderOne::Skip),
                    ("review", RemainderOne::Review),
                ];
                self.check_digit_remainder_1 = word(value, &words)?;
            }
        }
        Ok(())
    }
}

const NEWLINES: &[(&str, Newline)] = &[
    ("crlf", Newline::Crlf),
    ("lf", Newline::Lf),
    ("cr", Newline::Cr),
    ("none", Newline::None),
    ("any", Newline::Any),
];
const QUOTINGS: &[(&str, Quoting)] = &[
    ("any", Quoting::Any),
    ("always", Quoting::Always),
    ("never", Quoting::Never),
    ("minimal", Quoting::Minimal),
    ("kokuho", Quoting::Kokuho),
];
const HEADERS: &[(&str, Header)] = &[
    ("none", Header::None),
    ("names", Header::Names),
    ("roman", Header::Roman),
    ("ids", Header::Ids),
];
const LENGTH_UNITS: &[(&str, LengthUnit)] = &[
    ("chars", LengthUnit::Chars),
    ("graphemes", LengthUnit::Graphemes),
    ("utf16", LengthUnit::Utf16),
    ("bytes", LengthUnit::Bytes),
];

/// The word for a value of a setting; empty for a value without one.
fn name_in<T: Copy + PartialEq>(value: T, words: &[(&'static str, T)]) -> &'static str {
    words
        .iter()
        .find(|(_, v)| *v == value)
        .map_or("", |(name, _)| name)
}

impl Newline {
    /// The word in layouts.
    pub fn name(self) -> &'static str {
        name_in(self, NEWLINES)
    }
}

impl Quoting {
    /// The word in layouts.
    pub fn name(self) -> &'static str {
        name_in(self, QUOTINGS)
    }
}

impl Header {
    /// The word in layouts.
    pub fn name(self) -> &'static str {
        name_in(self, HEADERS)
    }
}

fn word<T: Copy>(value: &str, words: &[(&str, T)]) -> Result<T, Bilingual> {
    words
        .iter()
        .find(|(name, _)| *name == value)
        .map(|(_, v)| *v)
        .ok_or_else(|| {
            let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
            let names = names.join(" | ");
            Bilingual::new(
                format!("値「{value}」は使えません（使える値: {names}）"),
                format!("`{value}` is not a value here; use {names}"),
            )
        })
}

/// `allow`, `forbid`, or `list:ID`: allowed as far as a list of the pack or of the user names it.
fn allowed_or_listed(value: &str) -> Result<(bool, String), Bilingual> {
    match value.strip_prefix("list:").map(str::trim) {
        Some(id) if !id.is_empty() => Ok((true, id.to_owned())),
        _ => match word(value, ALLOWED) {
            Ok(allowed) => Ok((allowed, String::new())),
            Err(_) => word(value, &[("forbid", ()), ("allow", ()), ("list:ID", ())])
                .map(|()| (true, String::new())),
        },
    }
}

fn delimiter(value: &str) -> Result<u8, Bilingual> {
    match value.as_bytes() {
        b"tab" => Ok(b'\t'),
        [byte] if *byte < 0x40 && !matches!(byte, b'"' | b'\r' | b'\n' | 0) => Ok(*byte),
        _ => Err(Bilingual::new(
            format!(
                "区切り文字「{value}」は使えません（0x40未満の1バイト、または tab。\" と改行は除く）"
            ),
            format!(
                "`{value}` cannot be a delimiter; use one byte below 0x40 (not a quote or newline) or tab"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_can_be_set_and_remembers_its_basis() {
        let values = [
            "cp932", "allow", "lf", "allow", "require", "tab", "kokuho", "allow", "roman", "bytes",
            "cp932", "jis", "forbid", "allow", "allow", "windows", "as-is", "〓■", "quoted",
            "true", "zero",
        ];
        let mut settings = FileSettings::default();
        for (key, value) in FileSettings::KEYS.iter().zip(values) {
            let basis = Basis::Agreement("F01".into());
            assert_eq!(
                settings.set_from(key, value, basis.clone()),
                Ok(()),
                "{key}"
            );
            assert_eq!(settings.basis(key), basis);
        }
        assert_eq!(settings.delimiter, b'\t');
        assert_eq!(
            (settings.encoding, settings.newline),
            (Encoding::Cp932, Newline::Lf)
        );
    }

    #[test]
    fn wrong_values_say_what_is_allowed() {
        let mut settings = FileSettings::default();
        for (key, value) in [
            ("encoding", "shift_jis"),
            ("delimiter", "|"),
            ("newline", "unix"),
            ("nl", "lf"),
        ] {
            assert!(settings.set(key, value).is_err(), "{key}");
        }
        assert_eq!(settings, FileSettings::default());
    }
}
