//! `replay.toml`: what a replay may change of the recorded requests, and what may differ in the answers. All of it declared.

use renkei_core::agreement::{ClientAuth, SecretSource};
use renkei_core::model::{Bilingual, Problem, Problems};
use renkei_core::observe::Normal;
use renkei_core::spec::read_toml_bytes;
use serde::Deserialize;

/// Value of `schema`.
const SCHEMA: &str = "renkei.replay/v1";

/// What a replay may change, and what may differ.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayRules {
    /// `renkei.replay/v1`.
    #[serde(default)]
    pub schema: String,
    /// Where new tokens come from; they stand in for every recorded bearer token.
    pub token: Option<TokenSource>,
    /// Values put into requests.
    #[serde(default)]
    pub set: Vec<Set>,
    /// Values taken from new answers; they stand in for the recorded ones in what follows.
    #[serde(default)]
    pub capture: Vec<Capture>,
    /// What may differ.
    #[serde(default)]
    pub compare: Compare,
}

/// Where new tokens come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSource {
    /// Token endpoint.
    pub url: String,
    /// `aud` of the assertion; empty: the URL.
    #[serde(default)]
    pub audience: String,
    /// How the client authenticates.
    pub auth: ClientAuth,
    /// `client_id`.
    pub client_id: String,
    /// The client's secret.
    pub secret: SecretSource,
    /// Scope; empty: none.
    #[serde(default)]
    pub scope: String,
}

/// A value put into requests: exactly one place, exactly one value.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Set {
    /// Only in these recorded exchanges (`LOG-0003`); empty: in all that have the place.
    pub log: Vec<String>,
    /// Header field.
    pub header: String,
    /// JSON Pointer into the body.
    pub pointer: String,
    /// Name in the query.
    pub query: String,
    /// The value itself.
    pub value: Option<String>,
    /// The time of sending, as a strftime pattern: `%Y-%m-%d`, `%H:%M:%S`.
    pub now: Option<String>,
    /// A new UUID.
    pub uuid: bool,
    /// A secret.
    pub secret: Option<SecretSource>,
}

/// A value taken from a new answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Capture {
    /// Name, for messages.
    pub name: String,
    /// Only from these recorded exchanges; empty: from all whose answer has the place.
    pub log: Vec<String>,
    /// JSON Pointer into the answer.
    pub pointer: String,
    /// Header field of the answer.
    pub header: String,
}

/// What may differ.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Compare {
    /// JSON Pointers, `*` for every element.
    pub ignore: Vec<String>,
    /// Any value of the same kind.
    pub any: Vec<String>,
    /// Times.
    pub within: Vec<Within>,
    /// Header fields to compare.
    pub headers: Vec<String>,
}

/// A time that may differ.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// JSON Pointer.
    pub pointer: String,
    /// Seconds.
    pub seconds: i64,
}

impl ReplayRules {
    /// Reads a rules file; every mistake becomes a problem.
    pub fn load(file: &str, bytes: &[u8], problems: &mut Problems) -> Option<Self> {
        let (rules, _) = read_toml_bytes::<Self>(file, bytes, problems)?;
        let before = problems.len();
        let mut wrong = |ja: String, en: String, help_ja: &str, help_en: &str| {
            problems.push(Problem::of_file(
                file,
                Bilingual::new(ja, en),
                Bilingual::new(help_ja, help_en),
            ));
        };
        if rules.schema != SCHEMA {
            wrong(
                format!("schema が \"{}\" です", rules.schema),
                format!("schema is \"{}\"", rules.schema),
                "先頭に schema = \"renkei.replay/v1\" と書いてください",
                "write schema = \"renkei.replay/v1\" at its head",
            );
        }
        for (n, set) in rules.set.iter().enumerate() {
            let places = [&set.header, &set.pointer, &set.query]
                .iter()
                .filter(|p| !p.is_empty())
                .count();
            let values = [
                set.value.is_some(),
                set.now.is_some(),
                set.uuid,
                set.secret.is_some(),
            ];
            if places != 1 || values.iter().filter(|v| **v).count() != 1 {
                wrong(
                    format!("{}番目の [[set]] の場所か値が1つに決まりません", n + 1),
                    format!(
                        "[[set]] number {} has not exactly one place and one value",
                        n + 1
                    ),
                    "場所は header、pointer、query のどれか1つ、値は value、now、uuid、secret のどれか1つを書いてください",
                    "give one of header, pointer, query and one of value, now, uuid, secret",
                );
            }
        }
        for (n, capture) in rules.capture.iter().enumerate() {
            if capture.name.is_empty() || capture.header.is_empty() == capture.pointer.is_empty() {
                wrong(
                    format!("{}番目の [[capture]] に name と場所が要ります", n + 1),
                    format!("[[capture]] number {} needs a name and one place", n + 1),
                    "name と、pointer か header のどちらか1つを書いてください",
                    "give name and one of pointer and header",
                );
            }
        }
        let sets = rules.set.iter().map(|s| &s.pointer);
        let pointers = sets
            .chain(rules.capture.iter().map(|c| &c.pointer))
            .chain(&rules.compare.ignore)
            .chain(&rules.compare.any);
        for pointer in pointers.filter(|p| !p.is_empty() && !p.starts_with('/')) {
            wrong(
                format!("\"{pointer}\" は JSON Pointer ではありません"),
                format!("\"{pointer}\" is no JSON Pointer"),
                "/ から始めてください（例 /result/0/atenabango）",
                "begin with a slash, as in /result/0/atenabango",
            );
        }
        (problems.len() == before).then_some(rules)
    }

    /// What may differ, for the comparison.
    pub fn normal(&self) -> Normal {
        Normal {
            ignore: self.compare.ignore.clone(),
            any: self.compare.any.clone(),
            within: self
                .compare
                .within
                .iter()
                .map(|w| (w.pointer.clone(), w.seconds))
                .collect(),
            headers: self
                .compare
                .headers
                .iter()
                .map(|h| h.to_ascii_lowercase())
                .collect(),
        }
    }
}
