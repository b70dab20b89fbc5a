//! Reads TOML tables key by key, so that every mistake of a document is told at its place, not only the first.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::{Bilingual, Problem, Problems};

/// A document and the problems found in it.
pub(super) struct Document<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) problems: &'a mut Problems,
}

impl Document<'_> {
    /// Notes a problem at a byte.
    pub(super) fn problem(&mut self, at: usize, message: Bilingual, help: Bilingual) {
        self.problem_of("", at, message, help);
    }

    /// Notes a problem at a byte that a rule about packs forbids.
    pub(super) fn problem_of(
        &mut self,
        rule: &str,
        at: usize,
        message: Bilingual,
        help: Bilingual,
    ) {
        let problem = Problem::at_byte(self.file, self.text, at, message, help);
        self.problems.push(problem.of_rule(rule));
    }
}

/// A table of the document, with the keys it may have.
pub(super) struct Table<'d, 't> {
    table: &'d DeTable<'t>,
    span: Range<usize>,
    name: &'static str,
}

impl<'d, 't> Table<'d, 't> {
    /// A table; keys outside `allowed` are problems.
    pub(super) fn new(
        doc: &mut Document<'_>,
        name: &'static str,
        table: &'d DeTable<'t>,
        span: Range<usize>,
        allowed: &[&str],
    ) -> Self {
        for key in table
            .keys()
            .filter(|key| !allowed.contains(&key.get_ref().as_ref()))
        {
            let (word, keys) = (key.get_ref(), allowed.join(" "));
            let message = Bilingual::new(
                format!("{name}に「{word}」という項目はありません"),
                format!("{name} has no key `{word}`"),
            );
            let help = Bilingual::new(
                format!("使える項目: {keys}"),
                format!("keys that can be used: {keys}"),
            );
            doc.problem(key.span().start, message, help);
        }
        Self { table, span, name }
    }

    /// A value of any type.
    pub(super) fn value(&self, key: &str) -> Option<&'d Spanned<DeValue<'t>>> {
        self.table
            .iter()
            .find(|(k, _)| k.get_ref().as_ref() == key)
            .map(|(_, value)| value)
    }

    /// Where a key's value starts, or the table.
    pub(super) fn place(&self, key: &str) -> usize {
        self.value(key).map_or(self.span.start, |v| v.span().start)
    }

    /// Where the text of a string value starts: behind its quote.
    pub(super) fn text_place(&self, key: &str) -> usize {
        self.place(key) + 1
    }

    /// A string.
    pub(super) fn string(&self, doc: &mut Document<'_>, key: &str) -> Option<&'d str> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            other => {
                self.wrong_type(doc, key, value.span().start, "文字列", "a string", other);
                None
            }
        }
    }

    /// A string that must be there and not be empty.
    pub(super) fn required(&self, doc: &mut Document<'_>, key: &str) -> &'d str {
        match (self.value(key), self.string(doc, key)) {
            (_, Some(text)) if !text.is_empty() => text,
            (Some(value), None) if !value.get_ref().is_str() => "",
            _ => {
                let (name, at) = (self.name, self.place(key));
                let message = Bilingual::new(
                    format!("{name}に {key} がありません"),
                    format!("{name} needs `{key}`"),
                );
                let help = Bilingual::new(
                    format!("{key} = \"…\" を書きます（specs/README.md）"),
                    format!("write {key} = \"…\" (specs/README.md)"),
                );
                doc.problem(at, message, help);
                ""
            }
        }
    }

    /// An integer from 1 up.
    pub(super) fn positive(&self, doc: &mut Document<'_>, key: &str) -> Option<u32> {
        let value = self.value(key)?;
        let number = value.get_ref().as_integer();
        let parsed = number.and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok());
        if parsed.is_none_or(|n| n == 0) {
            self.wrong_type(
                doc,
                key,
                value.span().start,
                "1以上の整数",
                "an integer from 1 up",
                value.get_ref(),
            );
        }
        parsed.filter(|n| *n > 0)
    }

    /// A text in both languages.
    pub(super) fn bilingual(&self, doc: &mut Document<'_>, key: &str) -> Bilingual {
        let Some(value) = self.value(key) else {
            return Bilingual::default();
        };
        match value.get_ref() {
            DeValue::Table(table) => {
                let inner = Table::new(doc, "{ ja, en }", table, value.span(), &["ja", "en"]);
                Bilingual::new(inner.required(doc, "ja"), inner.required(doc, "en"))
            }
            other => {
                let (ja, en) = ("{ ja = \"…\", en = \"…\" }", "{ ja = \"…\", en = \"…\" }");
                self.wrong_type(doc, key, value.span().start, ja, en, other);
                Bilingual::default()
            }
        }
    }

    /// A list of strings.
    pub(super) fn strings(&self, doc: &mut Document<'_>, key: &str) -> Vec<(&'d str, usize)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let items = value.get_ref().as_array().map(|list| {
            list.iter()
                .map(|v| v.get_ref().as_str().map(|text| (text, v.span().start)))
                .collect::<Option<Vec<_>>>()
        });
        items.flatten().unwrap_or_else(|| {
            self.wrong_type(
                doc,
                key,
                value.span().start,
                "文字列の並び [\"…\"]",
                "a list of strings",
                value.get_ref(),
            );
            Vec::new()
        })
    }

    /// A table.
    pub(super) fn table(
        &self,
        doc: &mut Document<'_>,
        key: &str,
    ) -> Option<(&'d DeTable<'t>, Range<usize>)> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some((table, value.span())),
            other => {
                self.wrong_type(doc, key, value.span().start, "表", "a table", other);
                None
            }
        }
    }

    /// A list of tables, `[[key]]`.
    pub(super) fn tables(
        &self,
        doc: &mut Document<'_>,
        key: &str,
    ) -> Vec<(&'d DeTable<'t>, Range<usize>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let items = value.get_ref().as_array().map(|list| {
            list.iter()
                .map(|v| v.get_ref().as_table().map(|table| (table, v.span())))
                .collect::<Option<Vec<_>>>()
        });
        items.flatten().unwrap_or_else(|| {
            let (ja, en) = ("表の並び [[…]]", "tables [[…]]");
            self.wrong_type(doc, key, value.span().start, ja, en, value.get_ref());
            Vec::new()
        })
    }

    fn wrong_type(
        &self,
        doc: &mut Document<'_>,
        key: &str,
        at: usize,
        ja: &str,
        en: &str,
        found: &DeValue<'_>,
    ) {
        let name = self.name;
        let message = Bilingual::new(
            format!("{name}の {key} は{ja}で書きます"),
            format!("`{key}` of {name} must be {en}"),
        );
        let help = Bilingual::new(
            format!("いまの型: {}", found.type_str()),
            format!("it is a {}", found.type_str()),
        );
        doc.problem(at, message, help);
    }
}
