//! What the authorization platform said beside issuing tokens: introspection (RFC 7662), metadata (RFC 8414).

use serde_json::Value;

use super::Json;
use crate::model::Location;
use crate::record::{Exchange, HttpTransfer, Transfer};

/// What was asked of the platform; the words are those of [`Exchange::step`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformStep {
    /// Introspection of a token just issued.
    Good,
    /// … of one after its lifetime.
    Expired,
    /// … of one whose revocation was confirmed.
    Revoked,
    /// … of one that was never issued.
    Invented,
    /// … of a good one, without client authentication.
    Open,
    /// The platform's metadata.
    Discovery,
    /// Anything else: revocation, key sets.
    Other,
}

impl PlatformStep {
    const WORDS: [(Self, &'static str); 6] = [
        (Self::Good, "introspect-good"),
        (Self::Expired, "introspect-expired"),
        (Self::Revoked, "introspect-revoked"),
        (Self::Invented, "introspect-invented"),
        (Self::Open, "introspect-open"),
        (Self::Discovery, "discovery"),
    ];

    /// The step with a word; [`PlatformStep::Other`] for those that are not judged.
    pub fn of(word: &str) -> Self {
        let known = Self::WORDS.iter().find(|(_, w)| *w == word);
        known.map_or(Self::Other, |(step, _)| *step)
    }

    /// The same for steps that are judged.
    pub fn judged(word: &str) -> Option<Self> {
        Some(Self::of(word)).filter(|step| *step != Self::Other)
    }

    /// The word of the step.
    pub fn as_str(self) -> &'static str {
        let known = Self::WORDS.iter().find(|(step, _)| *step == self);
        known.map_or("other", |(_, word)| *word)
    }
}

/// One exchange with the platform.
#[derive(Debug)]
pub struct PlatformView<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// Its HTTP part.
    pub http: &'a HttpTransfer,
    /// What was asked.
    pub step: PlatformStep,
    /// The body of an answer with status 200, if it is JSON.
    pub body: Option<Value>,
    /// What the profile declares, `token_endpoint=URL` and so on, divided by blanks; for metadata.
    pub declared: &'a str,
}

impl<'a> PlatformView<'a> {
    /// Reads an exchange; nothing when it is not HTTP.
    pub fn read(exchange: &'a Exchange, body: Option<&[u8]>, declared: &'a str) -> Option<Self> {
        let Transfer::Http(http) = &exchange.transfer else {
            return None;
        };
        let fine = http.response.as_ref().is_some_and(|r| r.status == 200);
        let body = body.filter(|_| fine).and_then(|b| Json::read(b).ok());
        Some(Self {
            exchange,
            http,
            step: PlatformStep::of(&exchange.step),
            body: body.map(|json| json.value),
            declared,
        })
    }

    /// `active` of an introspection answer.
    pub fn active(&self) -> Option<bool> {
        self.body.as_ref()?.get("active")?.as_bool()
    }

    /// A member that is text.
    pub fn text(&self, member: &str) -> Option<&str> {
        self.body.as_ref()?.get(member)?.as_str()
    }

    /// The exchange as a place.
    pub fn place(&self) -> Location {
        Location {
            log: Some(self.exchange.log.clone()),
            ..Location::default()
        }
    }
}
