//! Reads a rule's page: front matter, sections, examples. The page is `renkei explain`, the rule list, the unit test and
//! the self-test at once.

use serde::Deserialize;

use crate::model::{Bilingual, CauseKind, Confidence, Level, Verdict};

/// A rule's page.
#[derive(Clone, Debug)]
pub struct Page {
    /// What the front matter states.
    pub head: Head,
    /// Markdown after the front matter.
    pub body: String,
    /// Fenced examples, in order.
    pub examples: Vec<Example>,
}

/// Front matter of a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Short title.
    pub title: Bilingual,
    /// Default level; the pack or the agreement may set another.
    pub level: Level,
    /// What a finding of level `error` does to its case: `fail` (default), `review` or `inconclusive`.
    #[serde(default = "fail")]
    pub effect: Verdict,
    /// 責任区分 proposed when the check itself proposes none.
    pub cause: CauseKind,
    /// Confidence of that proposal.
    pub confidence: Confidence,
    /// The line of proof.
    pub proof: Bilingual,
    /// First version with the rule.
    pub since: String,
    /// `stable`, `preview` or `deprecated`.
    #[serde(default = "stable")]
    pub status: String,
    /// One sentence with placeholders `{name}`; filled from the arguments of the finding.
    pub message: Bilingual,
    /// How to put it right, with placeholders.
    pub fix: Bilingual,
    /// Standard and clause, RFC, or `renkei` for our own practice.
    pub source: String,
}

fn fail() -> Verdict {
    Verdict::Fail
}

fn stable() -> String {
    "stable".to_owned()
}

/// A fenced block of a page: an example, or what examples need (a layout, a profile).
///
/// Examples about packs (SPC) hold files: a line `=== path` begins one, its text follows. A fence `pack` holds files that
/// stand below those of the examples after it; a complete `pack.toml` stands below all.
///
/// Examples with `file=NAME` are files of one set: all fences of one kind with the same `set=N` (1 where it is not said)
/// together are one example, judged by all `layout` fences of the page, each with the `fields` fence behind it. Further
/// attributes: `pack=gzip` (or `gzip,gzip`) packs the bytes, `file=a.zip!/NAME` puts them into a ZIP file under that name,
/// `cut=N` takes N bytes off the end. The attribute `also` stands at the first fence of the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// First word of the fence: `bad`, `good`, `layout`, `fields`, `settings`, `profile-a` …
    pub kind: String,
    /// `key=value` words after it, in order.
    pub attributes: Vec<(String, String)>,
    /// Text between the fences, without the last newline.
    pub text: String,
}

impl Example {
    /// An example without attributes.
    pub(crate) fn plain(text: &str) -> Self {
        Self {
            kind: "good".to_owned(),
            attributes: Vec::new(),
            text: text.to_owned(),
        }
    }

    /// Value of an attribute.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v.as_str())
    }
}

impl Page {
    /// Parses a page.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(source: &str) -> Result<Self, String> {
        let rest = source
            .strip_prefix("+++\n")
            .ok_or("a page starts with a line `+++`")?;
        let (head, body) = rest
            .split_once("\n+++\n")
            .ok_or("the front matter ends with a line `+++`")?;
        let head: Head = toml::from_str(head).map_err(|e| e.to_string())?;
        Ok(Self {
            head,
            body: body.trim().to_owned(),
            examples: fences(body)?,
        })
    }

    /// The first paragraph of a section by its heading, empty when there is none.
    pub fn section(&self, heading: &str) -> String {
        let mut lines = self
            .body
            .lines()
            .skip_while(|line| line.trim_start_matches('#').trim() != heading);
        if lines.next().is_none() {
            return String::new();
        }
        let section: Vec<&str> = lines.take_while(|line| !line.starts_with('#')).collect();
        section.join("\n").trim().to_owned()
    }
}

fn fences(body: &str) -> Result<Vec<Example>, String> {
    let mut examples = Vec::new();
    let mut lines = body.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let mut words = info.split_whitespace();
        let kind = words.next().unwrap_or("").to_owned();
        let attributes = words
            .map(|w| w.split_once('=').unwrap_or((w, "true")))
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect();
        let mut text = Vec::new();
        loop {
            match lines.next() {
                Some("```") => break,
                Some(line) => text.push(line),
                None => return Err(format!("the fence `{info}` is not closed")),
            }
        }
        examples.push(Example {
            kind,
            attributes,
            text: text.join("\n"),
        });
    }
    Ok(examples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_keep_their_attributes() {
        let found = fences("x\n```bad at=3 strict\na\nb\n```\n");
        let expected = Example {
            kind: "bad".into(),
            attributes: vec![("at".into(), "3".into()), ("strict".into(), "true".into())],
            text: "a\nb".into(),
        };
        assert_eq!(found, Ok(vec![expected]));
        assert!(fences("```bad\n").is_err());
    }
}
