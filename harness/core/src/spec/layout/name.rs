//! File names: a pattern with named parts. `{part}` is one or more letters, digits or `-`; `{part:9(6)}` six digits;
//! `{part:9(3-5)}` three to five digits; `{part:YYYYMMDD}`, `{part:hhmmss}` and `{part:YYYYMMDDhhmmss}` dates and times;
//! `{part:dantaicode}` a 全国地方公共団体コード with its check digit; `{part:a|b}` one of several words. All else stands for itself.

use super::date::Date;
use crate::model::Bilingual;

/// A file-name rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    /// As written.
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Part(String, Form),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Word,
    Digits(usize, usize),
    Time(String),
    MunicipalityCode,
    OneOf(Vec<String>),
}

/// The parts of a name that matched, in order: name and text.
pub type NameParts = Vec<(String, String)>;

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong, and the byte of `text` where.
    pub fn parse(text: &str) -> Result<Self, (Bilingual, usize)> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            if open > 0 {
                pieces.push(Piece::Literal(rest[..open].to_owned()));
            }
            let at = text.len() - rest.len() + open;
            let Some(length) = rest[open..].find('}') else {
                return Err((
                    Bilingual::new("閉じる } がありません", "the closing } is missing"),
                    at,
                ));
            };
            let inside = &rest[open + 1..open + length];
            let (name, form) = inside.split_once(':').unwrap_or((inside, ""));
            let form = Form::parse(form).map_err(|message| (message, at))?;
            pieces.push(Piece::Part(name.trim().to_owned(), form));
            rest = &rest[open + length + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Ok(Self {
            text: text.to_owned(),
            pieces,
        })
    }

    /// True when a part has this name.
    pub fn has_part(&self, name: &str) -> bool {
        self.part(name).is_some()
    }

    /// True when a part holds a time of day, which differs between files of one delivery.
    pub fn tells_time(&self, name: &str) -> bool {
        matches!(self.part(name), Some(Form::Time(form)) if form.contains("hhmmss"))
    }

    fn part(&self, name: &str) -> Option<&Form> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Part(part, form) if part == name => Some(form),
            _ => None,
        })
    }

    /// The parts of `name`, or `None` when it does not follow the pattern.
    pub fn parts(&self, name: &str) -> Option<NameParts> {
        let mut parts = NameParts::new();
        let mut budget = 100_000;
        fits(&self.pieces, name, &mut parts, &mut budget).then_some(parts)
    }
}

/// Tries the longest reading of each part first; `budget` bounds the work on hostile names.
fn fits(pieces: &[Piece], name: &str, parts: &mut NameParts, budget: &mut u32) -> bool {
    *budget = budget.saturating_sub(1);
    let Some((piece, others)) = pieces.split_first() else {
        return name.is_empty();
    };
    match piece {
        Piece::Literal(text) => name
            .strip_prefix(text.as_str())
            .is_some_and(|rest| fits(others, rest, parts, budget)),
        Piece::Part(part, form) => form.lengths(name).into_iter().any(|length| {
            if *budget == 0 {
                return false;
            }
            let (text, rest) = name.split_at(length);
            parts.push((part.clone(), text.to_owned()));
            let fitted = fits(others, rest, parts, budget);
            if !fitted {
                parts.pop();
            }
            fitted
        }),
    }
}

impl Form {
    fn parse(text: &str) -> Result<Self, Bilingual> {
        let digits = text.strip_prefix("9(").and_then(|t| t.strip_suffix(')'));
        if let Some(count) = digits {
            let (least, most) = count.split_once('-').unwrap_or((count, count));
            if let (Ok(least), Ok(most)) = (least.trim().parse(), most.trim().parse()) {
                return Ok(Self::Digits(least, most));
            }
        }
        match text {
            "" => Ok(Self::Word),
            "YYYYMMDD" | "hhmmss" | "YYYYMMDDhhmmss" => Ok(Self::Time(text.to_owned())),
            "dantaicode" => Ok(Self::MunicipalityCode),
            words
                if digits.is_none()
                    && words
                        .chars()
                        .all(|c| c.is_alphanumeric() || "|-_".contains(c)) =>
            {
                Ok(Self::OneOf(words.split('|').map(str::to_owned).collect()))
            }
            _ => Err(Bilingual::new(
                format!(
                    "「{text}」は使えません（9(6)、9(3-5)、YYYYMMDD、hhmmss、YYYYMMDDhhmmss、dantaicode、a|b のどれか）"
                ),
                format!(
                    "`{text}` is no form of a part; use 9(6), 9(3-5), YYYYMMDD, hhmmss, YYYYMMDDhhmmss, dantaicode or a|b"
                ),
            )),
        }
    }

    /// Lengths in bytes that the part may take at the start of `name`, the longest first.
    fn lengths(&self, name: &str) -> Vec<usize> {
        let run = |ok: fn(&u8) -> bool| name.bytes().take_while(ok).count();
        match self {
            Self::Word => (1..=run(|b| b.is_ascii_alphanumeric() || *b == b'-'))
                .rev()
                .collect(),
            Self::Digits(least, most) => (*least..=(*most).min(run(u8::is_ascii_digit)))
                .rev()
                .collect(),
            Self::Time(form) => {
                let text = name.get(..form.len()).filter(|t| is_time(t));
                text.map(str::len).into_iter().collect()
            }
            Self::MunicipalityCode => {
                let text = name
                    .get(..6)
                    .filter(|t| super::digits::municipality(t.as_bytes()));
                text.map(str::len).into_iter().collect()
            }
            Self::OneOf(words) => {
                let mut found: Vec<usize> = words
                    .iter()
                    .filter(|w| name.starts_with(w.as_str()))
                    .map(String::len)
                    .collect();
                found.sort_unstable_by(|a, b| b.cmp(a));
                found
            }
        }
    }
}

fn is_time(text: &str) -> bool {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let (day, time) = if text.len() == 6 {
        ("", text)
    } else {
        text.split_at(8)
    };
    let two = |t: &str, at: usize| {
        t.get(at..at + 2)
            .and_then(|n| n.parse::<u8>().ok())
            .unwrap_or(99)
    };
    let day_ok = day.is_empty()
        || Date::parse(&format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])).is_some();
    day_ok && (time.is_empty() || (two(time, 0) < 24 && two(time, 2) < 60 && two(time, 4) < 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let pattern = NamePattern::parse(
            "{linkage}_{municipality:dantaicode}_{at:YYYYMMDDhhmmss}_{seq:9(3-5)}_{extent:all|diff}.csv",
        );
        let parts = pattern
            .as_ref()
            .ok()
            .and_then(|p| p.parts("031o001_131016_20261123101500_0001_diff.csv"));
        let texts: Vec<String> = parts
            .unwrap_or_default()
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        assert_eq!(
            texts,
            ["031o001", "131016", "20261123101500", "0001", "diff"]
        );
        for bad in [
            "031o001_131017_20261123101500_0001_diff.csv",
            "031o001_131016_20261323101500_0001_diff.csv",
            "031o001_131016_20261123251500_0001_diff.csv",
            "031o001_131016_20261123101500_01_diff.csv",
            "031o001_131016_20261123101500_0001_full.csv",
            "031o001_131016_20261123101500_0001_diff.CSV",
            "x",
        ] {
            assert!(
                pattern.as_ref().is_ok_and(|p| p.parts(bad).is_none()),
                "{bad}"
            );
        }
        assert_eq!(NamePattern::parse("a{b").err().map(|f| f.1), Some(1));
        assert_eq!(NamePattern::parse("a{b:9(x)}").err().map(|f| f.1), Some(1));
    }

    #[test]
    fn hostile_names_end() {
        let pattern = NamePattern::parse(&"{a}".repeat(20));
        assert!(pattern.is_ok_and(|p| p.parts(&("a".repeat(200) + "!")).is_none()));
    }
}
