use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Bilingual, Lang};

/// Something wrong with an input of the harness (pack, profile, plan, option): exit code 2.
///
/// Says where, what was expected and how to fix it. A list of them holds every problem found, not only the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// File, as the user named it.
    pub file: String,
    /// 1-based line, 0 when the problem is about the whole file.
    pub line: usize,
    /// 1-based column in characters, 0 when unknown.
    pub column: usize,
    /// What is wrong.
    pub message: Bilingual,
    /// What was expected and how to fix it.
    pub help: Bilingual,
    /// The rule about packs (`SPC-002`) that this breaks; empty when the input cannot be read as what it should be.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
}

/// All problems of an input.
pub type Problems = Vec<Problem>;

impl Problem {
    /// A problem with a whole file.
    pub fn of_file(file: impl Into<String>, message: Bilingual, help: Bilingual) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
            message,
            help,
            rule: String::new(),
        }
    }

    /// A problem at a byte of the file's text; line and column are counted from it.
    pub fn at_byte(
        file: impl Into<String>,
        text: &str,
        byte: usize,
        message: Bilingual,
        help: Bilingual,
    ) -> Self {
        let mut end = byte.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self {
            file: file.into(),
            line,
            column,
            message,
            help,
            rule: String::new(),
        }
    }

    /// The same, as something that a rule about packs forbids.
    #[must_use]
    pub fn of_rule(mut self, code: &str) -> Self {
        code.clone_into(&mut self.rule);
        self
    }

    /// `file:line:column: message` and the help on a second line, in one language.
    pub fn show(&self, lang: Lang) -> String {
        let place = match (self.line, self.column) {
            (0, _) => self.file.clone(),
            (line, 0) => format!("{}:{line}", self.file),
            (line, column) => format!("{}:{line}:{column}", self.file),
        };
        let help = self.help.get(lang);
        let label = match lang {
            Lang::Ja => "直し方",
            Lang::En => "help",
        };
        let mut out = format!("{place}: {}", self.message.get(lang));
        if !help.is_empty() {
            out.push_str(&format!("\n  {label}: {help}"));
        }
        out
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(Lang::Ja))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a = 1\n氏名 = x\n";
        let at = text.find('x').unwrap_or(0);
        let p = Problem::at_byte(
            "p.toml",
            text,
            at,
            Bilingual::same("m"),
            Bilingual::default(),
        );
        assert_eq!((p.line, p.column), (2, 6));
        assert_eq!(p.show(Lang::En), "p.toml:2:6: m");
    }
}
