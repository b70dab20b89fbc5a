//! `api.toml`: what OpenAPI cannot say about an API.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Bilingual;

/// What OpenAPI cannot say about an API. Every value is the pack's, none is built in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiRules {
    /// Id within the pack.
    #[serde(default)]
    pub id: String,
    /// Title.
    #[serde(default)]
    pub title: Bilingual,
    /// File of the OpenAPI document, beside this one.
    #[serde(default = "openapi_yaml")]
    pub openapi: String,
    /// Facts about single operations.
    #[serde(default)]
    pub operation: Vec<OperationRules>,
    /// Times.
    #[serde(default)]
    pub time: TimeRules,
    /// The authorization platform.
    #[serde(default)]
    pub token: TokenRules,
    /// Media types.
    #[serde(default)]
    pub media: MediaRules,
    /// Fixed wordings by status, `"400"`.
    #[serde(default)]
    pub detail: BTreeMap<String, String>,
    /// Statuses with which a call is refused.
    #[serde(default)]
    pub refusal: RefusalRules,
    /// List of error codes.
    #[serde(default)]
    pub error: Vec<ErrorCode>,
    /// JSON Pointer of the error codes in an error body; `*` stands for every element.
    #[serde(default = "code_at")]
    pub code_at: String,
    /// Conditions between items of the request.
    #[serde(default)]
    pub correlation: Vec<Correlation>,
    /// Items of the request, by name.
    #[serde(default)]
    pub request: BTreeMap<String, Property>,
    /// Items of the response, by name.
    #[serde(default)]
    pub response: BTreeMap<String, Property>,
}

/// Facts about one operation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationRules {
    /// `operationId`.
    pub id: String,
    /// Scope that a token needs.
    #[serde(default)]
    pub scope: String,
    /// What the title of an answer says in the standard's example.
    #[serde(default)]
    pub title_text: String,
    /// What the link to itself of an answer says.
    #[serde(default)]
    pub href: String,
}

/// Times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TimeRules {
    /// Within how many seconds an answer is expected; 0: not said.
    pub answer_guide_s: u64,
}

/// What the authorization platform is expected to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenRules {
    /// Recommended longest lifetime in seconds; 0: not said.
    pub lifetime_guide_s: i64,
    /// A refresh token may be issued.
    pub refresh_token: bool,
    /// `token_type`, compared without case (RFC 6749 5.1); empty: not said.
    pub token_type: String,
    /// Methods of client authentication.
    pub client_auth: Vec<String>,
    /// Regular expression that the whole `client_id` matches; empty: not said.
    pub client_id: String,
    /// Least number of characters of a client secret; 0: not said.
    pub client_secret_min: u64,
    /// Algorithms of client assertions.
    pub assertion_alg: Vec<String>,
}

/// Media types.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MediaRules {
    /// Of requests.
    pub request: String,
    /// Of responses.
    pub response: String,
    /// Required value of the parameter `charset`, compared without case; empty: not said.
    pub charset: String,
    /// Statuses whose bodies need not be JSON: `503`, `5xx`.
    pub non_json_statuses: Vec<String>,
}

impl MediaRules {
    /// True when the body of an answer with this status need not be JSON.
    pub fn may_be_other_than_json(&self, status: u16) -> bool {
        let class = format!("{}xx", status / 100);
        let exact = status.to_string();
        let fits = |s: &String| *s == exact || s.eq_ignore_ascii_case(&class);
        self.non_json_statuses.iter().any(fits)
    }
}

/// Statuses with which a call that must be refused may be refused; an empty list: the pack does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RefusalRules {
    /// Without token.
    pub no_token: Vec<u16>,
    /// With a token after its lifetime.
    pub expired_token: Vec<u16>,
    /// With a token for another scope.
    pub wrong_scope: Vec<u16>,
    /// Without a mandatory item.
    pub missing_required: Vec<u16>,
    /// With an item that is too long.
    pub too_long: Vec<u16>,
    /// With an item that breaks its schema in another way.
    pub invalid_value: Vec<u16>,
    /// With a body that is no JSON, no UTF-8, or names a member twice.
    pub malformed: Vec<u16>,
    /// With another media type or charset than documented.
    pub wrong_media_type: Vec<u16>,
}

/// One error code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// What is wrong with the request.
    pub kind: ErrorKind,
    /// The code, `E0001`.
    pub code: String,
    /// Wording with placeholders.
    #[serde(default)]
    pub message: String,
    /// Where the code is defined.
    #[serde(default)]
    pub source: String,
    /// To which items it applies.
    #[serde(default)]
    pub applies: Applies,
}

/// What an error code says about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorKind {
    /// 必須
    Missing,
    /// 指定文字
    Character,
    /// 桁数
    Length,
    /// 相関
    Correlation,
}

/// To which items an error code applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applies {
    /// To all.
    #[default]
    All,
    /// Only to items of fixed length.
    Fixed,
}

/// An item that a condition makes mandatory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correlation {
    /// The condition, in the language of `specs/README.md`.
    pub when: String,
    /// The item that is then required.
    pub require: String,
    /// Codes that may be answered when it is missing.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Where the condition is stated.
    #[serde(default)]
    pub source: String,
}

/// An item of a body.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// Japanese name.
    pub ja: String,
    /// English name.
    #[serde(default)]
    pub en: String,
    /// Type of the official table: X, N, 9, DATE, TIME …
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Longest length in characters; 0: not said.
    #[serde(default)]
    pub length: u64,
    /// Always there.
    #[serde(default)]
    pub required: bool,
    /// The length is exact.
    #[serde(default)]
    pub fixed: bool,
    /// `dantaicode`, `atenabango`, `kojinbango` …
    #[serde(default)]
    pub format: String,
    /// An unknown date may stand here.
    #[serde(default)]
    pub unknown_date: bool,
    /// Repertoire of its characters.
    #[serde(default)]
    pub repertoire: String,
    /// How masking treats the value; empty: it may be shown.
    #[serde(default)]
    pub sensitive: String,
}

fn openapi_yaml() -> String {
    "openapi.yaml".to_owned()
}

fn code_at() -> String {
    "/errors/*/code".to_owned()
}

impl ApiRules {
    /// Facts about an operation.
    pub fn operation(&self, id: &str) -> Option<&OperationRules> {
        self.operation.iter().find(|o| o.id == id)
    }

    /// The declared item at a JSON Pointer: by its last name that is no index.
    pub fn property_at(&self, pointer: &str) -> Option<&Property> {
        let name = last_name(pointer)?;
        self.response.get(name).or_else(|| self.request.get(name))
    }

    /// The declared item of a request at a JSON Pointer.
    pub fn property_of_request(&self, pointer: &str) -> Option<&Property> {
        self.request.get(last_name(pointer)?)
    }

    /// The declared item of a response at a JSON Pointer.
    pub fn property_of_response(&self, pointer: &str) -> Option<&Property> {
        self.response.get(last_name(pointer)?)
    }

    /// True when the value at a JSON Pointer is declared as not sensitive. What is not declared is treated as sensitive.
    pub fn may_show(&self, pointer: &str) -> bool {
        let Some(name) = last_name(pointer) else {
            return false;
        };
        let mut told = [self.response.get(name), self.request.get(name)]
            .into_iter()
            .flatten()
            .peekable();
        told.peek().is_some() && told.all(|p| p.sensitive.is_empty())
    }
}

fn last_name(pointer: &str) -> Option<&str> {
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit());
    pointer
        .rsplit('/')
        .find(|step| !step.is_empty() && !is_index(step))
}
