//! API calls of a plan: one call as it is written, or the calls that are made from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::misuse::Misuse;

/// An API call by the consumer to the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiCase {
    /// `pack/api`.
    pub api: String,
    /// `operationId`, or `METHOD /path` for operations without.
    pub operation: String,
    /// Client of the consumer's profile; `none`: the API asks for no token.
    #[serde(default = "main_client")]
    pub client: String,
    /// File with the request body, relative to the plan; empty: the document's example, or one made from the schema.
    #[serde(default)]
    pub body: String,
    /// What is done to the call.
    #[serde(default)]
    pub variation: Variation,
    /// JSON Pointer (RFC 6901) for variations of the body.
    #[serde(default)]
    pub target: String,
    /// Scope to ask for instead of the API's own.
    #[serde(default)]
    pub scope: String,
    /// Party whose authorization platform issues the token, for `foreign-token`.
    #[serde(default)]
    pub issuer: String,
    /// Agreed tolerance of clocks in seconds (協議事項 A05), for assertions.
    #[serde(default)]
    pub skew_s: Option<u64>,
    /// How long the provider may go by an earlier answer of introspection, in seconds (協議事項 A08).
    #[serde(default)]
    pub cache_s: u64,
    /// How long to wait for the answer, in seconds.
    #[serde(default = "thirty")]
    pub wait_s: u64,
    /// Values of the path's templates.
    #[serde(default)]
    pub path: BTreeMap<String, String>,
    /// Values of the query.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// Further headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Members of the body that are set before it is sent: JSON Pointer, and a text that may hold `{captured}` values of a
    /// scenario.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
    /// Calls made from the schema beside the one that is written.
    #[serde(default)]
    pub generate: Vec<Group>,
    /// At most so many generated calls.
    #[serde(default = "sixty")]
    pub most: usize,
    /// Which of them, when there are more: the same seed gives the same calls.
    #[serde(default)]
    pub seed: u64,
    /// Bundle of an earlier run whose successful requests to this operation are sent again, relative to the plan.
    #[serde(default)]
    pub recorded: String,
    /// The same call several times at once.
    #[serde(default)]
    pub parallel: Option<Parallel>,
    /// The same call again, one after the other.
    #[serde(default)]
    pub repeat: Option<Repeat>,
    /// The answer comes in pages.
    #[serde(default)]
    pub pages: Option<Pages>,
}

/// Kinds of generated calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Every example of the document.
    Examples,
    /// Valid values at the borders of what the schema allows.
    Valid,
    /// One defect each.
    Invalid,
}

/// The same call several times at once (同時付番).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parallel {
    /// How many, 2 to 64.
    pub calls: usize,
    /// JSON Pointer of what must differ from answer to answer; `*` stands for every element.
    #[serde(default)]
    pub unique: String,
    /// JSON Pointer of an item of the body that gets the number of the call appended, so that no two requests are equal.
    #[serde(default)]
    pub vary: String,
}

/// The same call again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// How often in all, 2 to 16.
    pub calls: usize,
    /// JSON Pointer of what must be the same in every answer; `*` stands for every element.
    #[serde(default)]
    pub same: String,
}

/// How an answer is divided into pages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Where the next page is told: `link` (header Link, rel=next, RFC 8288), or the JSON Pointer of a URL or cursor.
    pub next: String,
    /// Name in the query that the cursor goes into; empty: what `next` names is a URL.
    #[serde(default)]
    pub cursor: String,
    /// JSON Pointer of the list of items.
    #[serde(default)]
    pub items: String,
    /// JSON Pointer, within an item, of what identifies it; empty: the whole item.
    #[serde(default)]
    pub id: String,
    /// At most so many pages are asked for.
    #[serde(default = "hundred")]
    pub most: usize,
}

/// What is done to a call: nothing, or one defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variation {
    /// A call as it should be.
    #[default]
    None,
    /// Without Authorization header.
    NoToken,
    /// With a token after its lifetime.
    ExpiredToken,
    /// With a token for another scope.
    WrongScope,
    /// Without a mandatory item.
    MissingRequired,
    /// With an item longer than allowed.
    TooLong,
    /// With an item shorter than allowed.
    TooShort,
    /// With null where the schema has none.
    NullForbidden,
    /// With a value of another type.
    WrongType,
    /// With a value that is not one of those listed.
    NotInList,
    /// With a text that does not match the pattern.
    PatternBroken,
    /// With a day, a time or an address that does not exist.
    FormatBroken,
    /// With a number above the limit.
    TooLarge,
    /// With a number below the limit.
    TooSmall,
    /// With a member that the schema forbids.
    ExtraProperty,
    /// With another media type.
    WrongContentType,
    /// With a charset that is not that of the body.
    WrongCharset,
    /// With JSON that ends early.
    BrokenJson,
    /// With a member named twice.
    DuplicateKey,
    /// With bytes that are not UTF-8.
    InvalidUtf8,
    /// With a token or a token request that is wrong on purpose.
    Misuse(Misuse),
}

impl Variation {
    /// All of them, in the order of the words in docs/plan.md.
    pub const ALL: [Self; 40] = [
        Self::None,
        Self::NoToken,
        Self::ExpiredToken,
        Self::WrongScope,
        Self::MissingRequired,
        Self::TooLong,
        Self::TooShort,
        Self::NullForbidden,
        Self::WrongType,
        Self::NotInList,
        Self::PatternBroken,
        Self::FormatBroken,
        Self::TooLarge,
        Self::TooSmall,
        Self::ExtraProperty,
        Self::WrongContentType,
        Self::WrongCharset,
        Self::BrokenJson,
        Self::DuplicateKey,
        Self::InvalidUtf8,
        Self::Misuse(Misuse::RevokedToken),
        Self::Misuse(Misuse::ForeignToken),
        Self::Misuse(Misuse::AlgNone),
        Self::Misuse(Misuse::KeyConfusion),
        Self::Misuse(Misuse::TamperedToken),
        Self::Misuse(Misuse::TokenInQuery),
        Self::Misuse(Misuse::TokenInBody),
        Self::Misuse(Misuse::TwoMethods),
        Self::Misuse(Misuse::WithoutCertificate),
        Self::Misuse(Misuse::AssertionReplay),
        Self::Misuse(Misuse::ExpiredAssertion),
        Self::Misuse(Misuse::WrongAudience),
        Self::Misuse(Misuse::UnknownClient),
        Self::Misuse(Misuse::WrongSecret),
        Self::Misuse(Misuse::ClockSkewInside),
        Self::Misuse(Misuse::ClockSkewOutside),
        Self::Misuse(Misuse::MalformedScope),
        Self::Misuse(Misuse::TwoProviders),
        Self::Misuse(Misuse::Introspection),
        Self::Misuse(Misuse::Discovery),
    ];

    /// The word in plans.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NoToken => "no-token",
            Self::ExpiredToken => "expired-token",
            Self::WrongScope => "wrong-scope",
            Self::MissingRequired => "missing-required",
            Self::TooLong => "too-long",
            Self::TooShort => "too-short",
            Self::NullForbidden => "null-forbidden",
            Self::WrongType => "wrong-type",
            Self::NotInList => "not-in-list",
            Self::PatternBroken => "pattern-broken",
            Self::FormatBroken => "format-broken",
            Self::TooLarge => "too-large",
            Self::TooSmall => "too-small",
            Self::ExtraProperty => "extra-property",
            Self::WrongContentType => "wrong-content-type",
            Self::WrongCharset => "wrong-charset",
            Self::BrokenJson => "broken-json",
            Self::DuplicateKey => "duplicate-key",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::Misuse(misuse) => misuse.as_str(),
        }
    }

    /// The variation with a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.as_str() == word)
    }

    /// The keywords of JSON Schema that the defect breaks; empty for defects that a schema does not see.
    pub fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::MissingRequired => &["required"],
            Self::TooLong => &["maxLength"],
            Self::TooShort => &["minLength"],
            Self::NullForbidden | Self::WrongType => &["type"],
            Self::NotInList => &["enum", "const"],
            Self::PatternBroken => &["pattern"],
            Self::FormatBroken => &["format"],
            Self::TooLarge => &["maximum", "exclusiveMaximum"],
            Self::TooSmall => &["minimum", "exclusiveMinimum"],
            Self::ExtraProperty => &["additionalProperties", "unevaluatedProperties"],
            _ => &[],
        }
    }

    /// True for defects of the bytes or of what the headers say of them, not of the value.
    pub fn is_of_message(self) -> bool {
        matches!(
            self,
            Self::WrongContentType
                | Self::WrongCharset
                | Self::BrokenJson
                | Self::DuplicateKey
                | Self::InvalidUtf8
        )
    }

    /// True when the body, or what is said of it, is what is wrong.
    pub fn is_of_body(self) -> bool {
        !self.keywords().is_empty() || self.is_of_message()
    }
}

impl<'de> Deserialize<'de> for Variation {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let word = String::deserialize(source)?;
        Self::of(&word).ok_or_else(|| {
            let known: Vec<String> = Self::ALL
                .iter()
                .map(|v| format!("`{}`", v.as_str()))
                .collect();
            serde::de::Error::custom(format!(
                "unknown variant `{word}`, expected one of {}",
                known.join(", ")
            ))
        })
    }
}

impl ApiCase {
    /// The scope that a token is asked for; `own` is that of the API.
    pub fn asked_scope(&self, own: &str) -> String {
        match (self.variation, self.scope.as_str()) {
            (Variation::Misuse(Misuse::MalformedScope), "") => MALFORMED_SCOPE.to_owned(),
            (Variation::Misuse(Misuse::TwoProviders), other) => format!("{own} {other}"),
            (_, "") => own.to_owned(),
            (_, other) => other.to_owned(),
        }
    }
}

/// A scope that is not of the form 業務ID:APIコール名:操作種類.
const MALFORMED_SCOPE: &str = "renkei-malformed-scope";

fn thirty() -> u64 {
    30
}

fn sixty() -> usize {
    60
}

fn hundred() -> usize {
    100
}

fn main_client() -> String {
    "main".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_variants_are_the_same_list() {
        for variation in Variation::ALL {
            let word = serde_json::Value::from(variation.as_str());
            assert_eq!(
                serde_json::from_value::<Variation>(word).ok(),
                Some(variation)
            );
            assert_eq!(Variation::of(variation.as_str()), Some(variation));
        }
    }
}
