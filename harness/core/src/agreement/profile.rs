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
    #[serde(default)]
    pub secret: Option<SecretSource>,
    /// Where the private key is (PEM): the one that signs assertions, or the one of `cert`.
    #[serde(default)]
    pub key: Option<SecretSource>,
    /// PEM file of the client certificate and its chain, relative to the profile. With it, mutual TLS is spoken with the
    /// token endpoint and the API (RFC 8705).
    #[serde(default)]
    pub cert: String,
    /// `kid` of assertions, where the platform knows several keys of this client.
    #[serde(default)]
    pub kid: String,
}

impl Client {
    /// What proves who the client is: its secret, or its private key.
    pub fn proof(&self) -> Option<&SecretSource> {
        match self.auth {
            ClientAuth::ClientSecretJwt | ClientAuth::ClientSecretBasic => self.secret.as_ref(),
            ClientAuth::PrivateKeyJwt | ClientAuth::TlsClientAuth => self.key.as_ref(),
        }
    }

    /// What its method of authentication needs and it does not declare: a key of `[clients.NAME]`.
    fn lacks(&self) -> Option<&'static str> {
        match self.auth {
            ClientAuth::ClientSecretJwt | ClientAuth::ClientSecretBasic
                if self.secret.is_none() =>
            {
                Some("secret")
            }
            ClientAuth::PrivateKeyJwt | ClientAuth::TlsClientAuth if self.key.is_none() => {
                Some("key")
            }
            ClientAuth::TlsClientAuth if self.cert.is_empty() => Some("cert"),
            _ if !self.cert.is_empty() && self.key.is_none() => Some("key"),
            _ => None,
        }
    }
}

/// Methods of client authentication of the common-function specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// A signed assertion (RFC 7523), HS256.
    ClientSecretJwt,
    /// HTTP Basic (RFC 6749 2.3.1), the interim alternative.
    ClientSecretBasic,
    /// An assertion signed with a private key (RFC 7523), RS256 or ES256 by the kind of key. Not in the part of the
    /// common-function specification that was read: a matter of agreement (A01).
    PrivateKeyJwt,
    /// The TLS connection itself (RFC 8705 2). Likewise a matter of agreement.
    TlsClientAuth,
}

impl ClientAuth {
    /// The word in profiles.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
        }
    }
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
    clients: BTreeMap<String, Spanned<Client>>,
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
        let clients = whole_clients(file, &text, raw.clients, problems);
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
            clients,
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

/// The clients by name; those that lack what their method needs are told.
fn whole_clients(
    file: &str,
    text: &str,
    raw: BTreeMap<String, Spanned<Client>>,
    problems: &mut Problems,
) -> BTreeMap<String, Client> {
    let mut clients = BTreeMap::new();
    for (name, client) in raw {
        let start = client.span().start;
        let client = client.into_inner();
        if let Some(key) = client.lacks() {
            let auth = client.auth.as_str();
            problems.push(Problem::at_byte(
                file,
                text,
                start,
                Bilingual::new(
                    format!("[clients.{name}] に {key} がありません（auth = \"{auth}\"）"),
                    format!("[clients.{name}] has no {key} (auth = \"{auth}\")"),
                ),
                match key {
                    "cert" => Bilingual::new(
                        "cert = \"client.pem\" のように、証明書のファイルを書いてください",
                        "name the certificate's file, such as cert = \"client.pem\"",
                    ),
                    key => Bilingual::new(
                        format!("{key} = {{ file = \"…\" }} か {{ env = \"…\" }} を書いてください"),
                        format!("write {key} = {{ file = \"…\" }} or {{ env = \"…\" }}"),
                    ),
                },
            ));
        }
        clients.insert(name, client);
    }
    clients
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
