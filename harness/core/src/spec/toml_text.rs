//! One way to read TOML inputs: every failure is a [`Problem`] with line and column and what was expected.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::model::{Bilingual, Problem, Problems};

/// Reads `text` as `T`; a failure becomes a problem of `file`.
pub fn read_toml<T: DeserializeOwned>(
    file: &str,
    text: &str,
    problems: &mut Problems,
) -> Option<T> {
    match toml::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let byte = error.span().map_or(0, |span| span.start);
            problems.push(Problem::at_byte(
                file,
                text,
                byte,
                explain(&without_secret(text, byte, error.message())),
                help(),
            ));
            None
        }
    }
}

/// Reads bytes as UTF-8 TOML; a BOM at the start is passed over.
pub fn read_toml_bytes<T: DeserializeOwned>(
    file: &str,
    bytes: &[u8],
    problems: &mut Problems,
) -> Option<(T, String)> {
    let text = utf8(file, bytes, problems)?;
    read_toml(file, text, problems).map(|value| (value, text.to_owned()))
}

/// The bytes as text, or a problem that names the first byte that is not UTF-8.
pub fn utf8<'a>(file: &str, bytes: &'a [u8], problems: &mut Problems) -> Option<&'a str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or("");
            problems.push(Problem::at_byte(
                file,
                valid,
                valid.len(),
                Bilingual::new("UTF-8ではないバイトがあります", "a byte here is not UTF-8"),
                Bilingual::new("UTF-8で保存し直してください", "save the file as UTF-8"),
            ));
            None
        }
    }
}

/// The message without what was written for a secret: a secret does not stand in the file itself, but somebody may have put
/// it there.
fn without_secret<'m>(text: &str, byte: usize, message: &'m str) -> Cow<'m, str> {
    let before = text.get(..byte).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let secret = ["secret", "password", "token"];
    let quoted = message.strip_prefix("unknown variant `");
    match quoted.and_then(|rest| rest.split_once('`')) {
        Some((_, rest)) if secret.iter().any(|word| line.contains(word)) => {
            Cow::Owned(format!("unknown variant `…`{rest}"))
        }
        _ => Cow::Borrowed(message),
    }
}

fn help() -> Bilingual {
    Bilingual::new(
        "docs/plan.md と specs/README.md に書式があります",
        "the format is described in docs/plan.md and specs/README.md",
    )
}

/// The TOML reader's own words are English; the frequent ones get Japanese, the rest are quoted.
fn explain(message: &str) -> Bilingual {
    let ja = if let Some(rest) = message.strip_prefix("unknown field ") {
        let (name, expected) = rest.split_once(", ").unwrap_or((rest, ""));
        let expected = expected
            .trim_start_matches("expected one of ")
            .trim_start_matches("expected ");
        format!("知らない項目 {name} があります。使える項目: {expected}")
    } else if let Some(rest) = message.strip_prefix("missing field ") {
        format!("必須の項目 {rest} がありません")
    } else if let Some(rest) = message.strip_prefix("unknown variant ") {
        let (name, expected) = rest.split_once(", ").unwrap_or((rest, ""));
        let expected = expected
            .trim_start_matches("expected one of ")
            .trim_start_matches("expected ");
        format!("値 {name} は使えません。使える値: {expected}")
    } else if let Some(rest) = message.strip_prefix("invalid type: ") {
        let (found, expected) = rest.split_once(", expected ").unwrap_or((rest, "?"));
        format!("型が違います（{found}）。求める型: {expected}")
    } else {
        format!("TOMLとして読めません: {message}")
    };
    Bilingual::new(ja, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its name matters")]
        name: String,
    }

    #[test]
    fn places_are_lines_and_columns() {
        let mut problems = Problems::new();
        assert!(read_toml::<Sample>("p.toml", "name = \"x\"\nnmae = 1\n", &mut problems).is_none());
        assert!(read_toml::<Sample>("p.toml", "name = ", &mut problems).is_none());
        assert!(read_toml_bytes::<Sample>("p.toml", b"name = \"\x93\"", &mut problems).is_none());
        let shown: Vec<_> = problems.iter().map(|p| p.show(Lang::Ja)).collect();
        insta::assert_snapshot!(shown.join("\n"));
    }
}
