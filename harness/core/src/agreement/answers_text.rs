//! The answers of a profile written anew into its text; everything else of the text stays as it is.

use std::fmt::Write;

use super::{Answer, Profile};
use crate::model::{Bilingual, Problem, Problems};

impl Profile {
    /// The text of this profile with other answers. Comments inside `[[answer]]` go with the answers they stand in.
    ///
    /// # Errors
    /// The text cannot be taken apart line by line (an `[[answer]]` inside a longer text, say): then people must edit it.
    pub fn text_with_answers(
        &self,
        text: &str,
        answers: &[Answer],
    ) -> Result<String, Box<Problem>> {
        let mut kept = String::with_capacity(text.len());
        let mut inside = false;
        for line in text.lines() {
            let start = line.trim_start();
            if start.starts_with('[') {
                let heading: String = start.chars().filter(|c| !c.is_whitespace()).collect();
                inside = heading.starts_with("[[answer]]");
            }
            if !inside {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        let mut out = kept.trim_end().to_owned();
        out.push('\n');
        for answer in answers {
            self.write_answer(answer, &mut out);
        }
        self.confirm(&out, answers).map(|()| out)
    }

    fn write_answer(&self, answer: &Answer, out: &mut String) {
        let text = |value: &str| toml::Value::String(value.to_owned()).to_string();
        let values: Vec<String> = answer.values.iter().map(|v| text(v)).collect();
        let _ = write!(
            out,
            "\n[[answer]]\nitem = {}\nvalues = [{}]\n",
            text(&answer.item),
            values.join(", ")
        );
        // A place in this very file is found anew when it is read.
        let here = answer.place.starts_with(&format!("{}:", self.file));
        let place = if here { "" } else { answer.place.as_str() };
        let keys = [
            ("source", answer.source.as_str()),
            ("linkage", &answer.linkage),
            ("exchange", &answer.exchange),
            ("by", &answer.by),
            ("on", &answer.on),
            ("place", place),
        ];
        for (key, value) in keys.into_iter().filter(|(_, value)| !value.is_empty()) {
            let _ = writeln!(out, "{key} = {}", text(value));
        }
    }

    /// Reads the new text and compares: nothing but the answers may differ.
    fn confirm(&self, text: &str, answers: &[Answer]) -> Result<(), Box<Problem>> {
        let mut problems = Problems::new();
        let read = Self::load(&self.file, text.as_bytes(), &mut problems);
        let same = read.is_some_and(|read| {
            let plain = |a: &Answer| {
                (
                    a.item.clone(),
                    a.values.clone(),
                    a.linkage.clone(),
                    a.exchange.clone(),
                )
            };
            read.name == self.name
                && read.system == self.system
                && read.declared == self.declared
                && read.endpoints == self.endpoints
                && read.clients == self.clients
                && read.answers.iter().map(plain).eq(answers.iter().map(plain))
        });
        if same && problems.is_empty() {
            return Ok(());
        }
        Err(Box::new(Problem::of_file(
            &self.file,
            Bilingual::new(
                "回答だけを書き換えることができません",
                "the answers alone cannot be written anew",
            ),
            Bilingual::new(
                "[[answer]] を行の初めに書き、複数行の文字列の中に置かないでください",
                "begin each [[answer]] at the start of a line and keep it out of longer texts",
            ),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# 見出し\nschema = \"renkei.profile/v1\"\nname = { ja = \"社\", en = \"v\" }\n\
        [system]\nkind = \"standard\"\nproduct = \"p\"\nversion = \"1\"\n\n[[answer]]\nitem = \"F01\"\nvalues = [\"utf-8\"]\n\
        # gone with it\n\n[clients.main]\nauth = \"client_secret_jwt\"\nclient_id = \"c\"\nsecret = { file = \"s\" }\n\n\
        [[answer]]\nitem = \"F03\"\nvalues = [\"lf\"]\nlinkage = \"L-01\"\n";

    #[test]
    fn only_the_answers_are_written_anew() {
        let mut problems = Problems::new();
        let profile = Profile::load("p.toml", TEXT.as_bytes(), &mut problems).expect("it is right");
        assert_eq!(problems, []);
        let mut answers = profile.answers.clone();
        answers.retain(|a| a.item != "F01");
        answers.push(Answer {
            item: "C05".into(),
            values: vec!["〓".into(), "\"■\"".into()],
            source: "書 3".into(),
            linkage: String::new(),
            exchange: String::new(),
            by: "担当者-01".into(),
            on: "2026-11-22".into(),
            place: "s.xlsx 「協議シート」 K5".into(),
        });
        let text = profile
            .text_with_answers(TEXT, &answers)
            .expect("it can be written");
        assert!(
            text.starts_with("# 見出し\n") && text.contains("[clients.main]"),
            "{text}"
        );
        assert!(
            !text.contains("utf-8") && !text.contains("p.toml:"),
            "{text}"
        );
        let read = Profile::load("p.toml", text.as_bytes(), &mut problems).expect("it is right");
        assert_eq!(read.answers.last(), answers.last());
        let hidden = TEXT.replace("product = \"p\"", "product = \"\"\"\n[[answer]]\np\"\"\"");
        let profile =
            Profile::load("p.toml", hidden.as_bytes(), &mut problems).expect("it is right");
        assert!(profile.text_with_answers(&hidden, &[]).is_err());
    }
}
