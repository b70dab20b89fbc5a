//! One token exchange as it happened.

use crate::model::{Bilingual, Location};
use crate::plan::Variation;
use crate::record::{Exchange, HttpTransfer, TokenFacts, Transfer};
use crate::spec::TokenRules;

/// One token exchange as it happened, beside what was asked and agreed. Secrets never get here, only their length.
#[derive(Debug)]
pub struct TokenView<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// Its HTTP part.
    pub http: &'a HttpTransfer,
    /// What the API expects of the authorization platform.
    pub rules: &'a TokenRules,
    /// What the plan does to the call that the token is for.
    pub variation: Variation,
    /// `client_id` as declared.
    pub client_id: &'a str,
    /// Number of characters of the client secret; absent when the client has none.
    pub secret_chars: Option<u64>,
    /// Scope that was asked for; empty: none.
    pub asked_scope: &'a str,
    /// Longest lifetime in seconds that both sides agreed.
    pub agreed_lifetime_s: Option<i64>,
}

/// What a token exchange is to be seen with.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What the API expects of the authorization platform.
    pub rules: &'a TokenRules,
    /// What the plan does to the call that the token is for.
    pub variation: Variation,
    /// `client_id` as declared.
    pub client_id: &'a str,
    /// Number of characters of the client secret.
    pub secret_chars: Option<u64>,
    /// Scope that was asked for.
    pub asked_scope: &'a str,
    /// Longest lifetime in seconds that both sides agreed.
    pub agreed_lifetime_s: Option<i64>,
}

impl<'a> TokenView<'a> {
    /// Reads an exchange as a token call.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(exchange: &'a Exchange, asked: Asked<'a>) -> Result<Self, Bilingual> {
        let Transfer::Http(http) = &exchange.transfer else {
            return Err(Bilingual::new(
                format!("{} はHTTPの交換ではありません", exchange.log),
                format!("{} is no HTTP exchange", exchange.log),
            ));
        };
        Ok(Self {
            exchange,
            http,
            rules: asked.rules,
            variation: asked.variation,
            client_id: asked.client_id,
            secret_chars: asked.secret_chars,
            asked_scope: asked.asked_scope,
            agreed_lifetime_s: asked.agreed_lifetime_s,
        })
    }

    /// What the token response said; nothing when none came.
    pub fn facts(&self) -> Option<&'a TokenFacts> {
        self.http.token.as_ref()
    }

    /// HTTP status, if an answer came.
    pub fn status(&self) -> Option<u16> {
        self.http.response.as_ref().map(|r| r.status)
    }

    /// True when a token was issued: a successful answer with an access token.
    pub fn issued(&self) -> bool {
        let answered = self.status().is_some_and(|s| (200..300).contains(&s));
        answered && self.facts().is_some_and(|f| f.token_digest.is_some())
    }

    /// True when the endpoint refused the scope itself (RFC 6749 5.2).
    pub fn scope_refused(&self) -> bool {
        !self.issued() && self.facts().and_then(|f| f.error.as_deref()) == Some("invalid_scope")
    }

    /// The exchange as a place.
    pub fn place(&self) -> Location {
        Location {
            log: Some(self.exchange.log.clone()),
            ..Location::default()
        }
    }
}
