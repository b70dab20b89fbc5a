//! What one vendor declares about its system.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::model::{Bilingual, Problem, Problems};
use crate::spec::read_toml_bytes;

/// What one vendor's system declares.
#[derive(Clone, Debug)]
pub struct Profile {
    /// File it was read from.
    pub file: String,
    /// Name of the vendor or system.
    pub name: Bilingual,
    /// The system.
    pub system: System,
    /// Who declared, when, where.
    pub declared: Declared,
    /// Where it can be reached: `api`, `token`.
    pub endpoints: BTreeMap<String, Endpoint>,
    /// How it identifies itself, by name: `main`, `short-lived`.
    pub clients: BTreeMap<String, Client>,
    /// Answers to agreement items.
    pub answers: Vec<Answer>,
}

/// The system a profile is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Kind of system.
    pub kind: SystemKind,
    /// Product name.
    pub product: String,
    /// Product version.
    pub version: String,
    /// 業務ID or 独自施策システム等ID.
    #[serde(default)]
    pub business: String,
    /// Where it runs.
    #[serde(default)]
    pub site: Site,
}

impl System {
    /// Where it runs; a system of the kind `on-premises` says so by its kind.
    pub fn site(&self) -> Site {
        match self.kind {
            SystemKind::OnPremises => Site::OnPremises,
            _ => self.site,
        }
    }
}

/// Where a system runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Site {
    /// Not declared.
    #[default]
    Unknown,
    /// ガバメントクラウド
    GovernmentCloud,
    /// オンプレミス
    OnPremises,
    /// Another cloud or data centre.
    Other,
}

impl Site {
    /// The word in profiles; empty when it was not declared.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::GovernmentCloud => "government-cloud",
            Self::OnPremises => "on-premises",
            Self::Other => "other",
        }
    }
}

/// Kinds of system; each kind of pair is under other demands of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SystemKind {
    /// 標準準拠システム
    Standard,
    /// 特定移行支援システム
    Transitional,
    /// 独自施策システム
    Local,
    /// 共通機能
    Common,
    /// 庁内外の外部システム
    External,
    /// オンプレミス
    OnPremises,
}

impl SystemKind {
    /// The word in profiles.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Transitional => "transitional",
            Self::Local => "local",
            Self::Common => "common",
            Self::External => "external",
            Self::OnPremises => "on-premises",
        }
    }
}

/// Who declared, when, in which document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    /// Who (a code, not a name).
    pub by: String,
    /// When, `2026-11-01`.
    pub on: String,
    /// Document.
    pub document: String,
}

/// Where a system can be reached. Values may hold variables in braces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoint {
    /// URL.
    pub url: String,
    /// `aud` of the client assertion; empty: the URL.
    pub audience: String,
    /// PEM file of a private CA, relative to the profile; empty: the system's roots.
    pub ca: String,
    /// `verify` (default) or `off`; off is stated in every report.
    pub tls: TlsVerification,
    /// Version of HTTP that is spoken, `1.1` (default) or `2`; nothing is negotiated, so that what is tested is known.
    pub http: HttpVersion,
}

/// Versions of HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum HttpVersion {
    /// HTTP/1.1
    #[default]
    #[serde(rename = "1.1")]
    One,
    /// HTTP/2
    #[serde(rename = "2")]
    Two,
}

/// Whether certificates are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TlsVerification {
    /// Certificates are verified.
    #[default]
    Verify,
    /// Certificates are not verified; every report says so.
    Off,
}

/// How a consumer identifies itself to the authorization platform.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Method of client authentication.
    pub auth: ClientAuth,
    /// `client_id`.
    pub client_id: String,
    /// Where the secret is; never the secret itself.
    pub secret: SecretSource,
}

/// Methods of client authentication of the common-function specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// A signed assertion (RFC 7523), HS256.
    ClientSecretJwt,
    /// HTTP Basic (RFC 6749 2.3.1), the interim alternative.
    ClientSecretBasic,
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretSource {
    /// File relative to the profile; surrounding white space is not part of the secret.
    File(String),
    /// Environment variable.
    Env(String),
}

/// An answer to an agreement item, with where it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Item id.
    pub item: String,
    /// One value, or several in the order of preference.
    pub values: Vec<String>,
    /// Document and clause.
    pub source: String,
    /// Only for this linkage; empty: for all.
    pub linkage: String,
    /// Only for this exchange (case id); empty: for all.
    pub exchange: String,
    /// Who answered (a code, not a name); empty: who declared the profile.
    pub by: String,
    /// When, `2026-11-01`; empty: when the profile was declared.
    pub on: String,
    /// `file:line`, or `file!sheet!cell` of a sheet that was filled in.
    pub place: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    schema: Spanned<String>,
    name: Bilingual,
    system: System,
    #[serde(default)]
    declared: Declared,
    #[serde(default)]
    endpoints: BTreeMap<String, Endpoint>,
    #[serde(default)]
    clients: BTreeMap<String, Client>,
    #[serde(default)]
    answer: Vec<RawAnswer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAnswer {
    item: Spanned<String>,
    values: Vec<String>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    linkage: String,
    #[serde(default)]
    exchange: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    place: String,
}

impl Profile {
    /// Reads a profile; every mistake becomes a problem.
    pub fn load(file: &str, bytes: &[u8], problems: &mut Problems) -> Option<Self> {
        let (raw, text) = read_toml_bytes::<RawProfile>(file, bytes, problems)?;
        expect_schema(file, &text, &raw.schema, "renkei.profile/v1", problems);
        let mut answers: Vec<Answer> = Vec::new();
        for raw in raw.answer {
            let start = raw.item.span().start;
            let line = text[..start.min(text.len())].matches('\n').count() + 1;
            let written = if raw.place.is_empty() {
                format!("{file}:{line}")
            } else {
                raw.place
            };
            let answer = Answer {
                place: written,
                item: raw.item.into_inner(),
                values: raw.values,
                source: raw.source,
                linkage: raw.linkage,
                exchange: raw.exchange,
                by: raw.by,
                on: raw.on,
            };
            let mut complain = |ja: String, en: String, help: Bilingual| {
                problems.push(Problem::at_byte(
                    file,
                    &text,
                    start,
                    Bilingual::new(ja, en),
                    help,
                ));
            };
            if answer.values.is_empty() {
                complain(
                    format!("項目 {} の values が空です", answer.item),
                    format!("values of item {} are empty", answer.item),
                    Bilingual::new(
                        "値を1つ以上書くか、この回答を消してください",
                        "give at least one value or remove the answer",
                    ),
                );
            }
            if answers.iter().any(|a| {
                (&a.item, &a.linkage, &a.exchange)
                    == (&answer.item, &answer.linkage, &answer.exchange)
            }) {
                complain(
                    format!("項目 {} への回答が2回あります", answer.item),
                    format!("item {} is answered twice", answer.item),
                    Bilingual::new(
                        "1つにまとめるか、linkage か exchange を書き分けてください",
                        "keep one answer, or give each its linkage or exchange",
                    ),
                );
            }
            answers.push(answer);
        }
        Some(Self {
            file: file.to_owned(),
            name: raw.name,
            system: raw.system,
            declared: raw.declared,
            endpoints: raw.endpoints,
            clients: raw.clients,
            answers,
        })
    }

    /// The answer to an item: the one for the exchange, else for the linkage, else the general one. `exchange` is empty when
    /// the question is about the linkage as a whole.
    pub fn answer(&self, item: &str, linkage: &str, exchange: &str) -> Option<&Answer> {
        let of = |linkage: &str, exchange: &str| {
            self.answers
                .iter()
                .find(|a| a.item == item && a.linkage == linkage && a.exchange == exchange)
        };
        let own = (!exchange.is_empty())
            .then(|| of(linkage, exchange).or_else(|| of("", exchange)))
            .flatten();
        own.or_else(|| of(linkage, "")).or_else(|| of("", ""))
    }
}

/// Refuses a document of another schema or version.
pub(crate) fn expect_schema(
    file: &str,
    text: &str,
    found: &Spanned<String>,
    wanted: &str,
    problems: &mut Problems,
) {
    if found.get_ref() != wanted {
        problems.push(Problem::at_byte(
            file,
            text,
            found.span().start,
            Bilingual::new(
                format!(
                    "schema は \"{wanted}\" でなければなりません（\"{}\" でした）",
                    found.get_ref()
                ),
                format!("schema must be \"{wanted}\", found \"{}\"", found.get_ref()),
            ),
            Bilingual::new(
                "この版の renkei が読めるのは上の値だけです",
                "this version of renkei reads only that one",
            ),
        ));
    }
}
