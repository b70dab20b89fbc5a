//! Examples that are token responses: the facts of the response as JSON, the rest as attributes.

use crate::check::{Example, Sink, examine_misuse, examine_token};
use crate::observe::{Asked, TokenView};
use crate::plan::{MisuseOf, Variation};
use crate::record::{
    Exchange, HttpRequest, HttpResponse, HttpTransfer, JwtFacts, TokenFacts, Transfer,
};

use super::http;

/// Judges the example as a token call.
pub(super) fn examine(example: &Example, out: &mut Sink) -> Result<(), String> {
    let api = http::api()?;
    let facts: Facts = serde_json::from_str(&example.text).map_err(|e| e.to_string())?;
    let number = |key: &str, default: u64| -> Result<u64, String> {
        let Some(text) = example.attribute(key) else {
            return Ok(default);
        };
        text.parse().map_err(|_| format!("no number: {text}"))
    };
    let status = u16::try_from(number("status", 200)?).map_err(|e| e.to_string())?;
    let variation = http::variation(example)?;
    let misused =
        matches!(variation, Variation::Misuse(m) if m.seen_in() == MisuseOf::TokenRequest);
    let exchange = exchange(status, facts.into());
    let scope = example
        .attribute("scope")
        .unwrap_or("999:touroku:Create")
        .replace('+', " ");
    let agreed = example
        .attribute("agreed")
        .map(|_| number("agreed", 0))
        .transpose()?;
    let asked = Asked {
        rules: &api.rules.token,
        variation,
        client_id: example
            .attribute("client_id")
            .unwrap_or("0123456789abcdefABCDEF0123456789"),
        secret_chars: Some(number("secret_chars", 40)?),
        asked_scope: &scope,
        agreed_lifetime_s: agreed.and_then(|a| i64::try_from(a).ok()),
    };
    let view = TokenView::read(&exchange, asked).map_err(|e| e.en)?;
    if misused {
        examine_misuse(&view, out);
    } else {
        examine_token(&view, out);
    }
    Ok(())
}

/// The token response as an example writes it; `refresh_token` stands for its presence. `+` in the attribute `scope` is a blank.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    token_type: Option<String>,
    expires_in: Option<i64>,
    scope: Option<String>,
    refresh_token: Option<String>,
    token_digest: Option<String>,
    error: Option<String>,
    certificate: Option<String>,
    jwt: Option<JwtFacts>,
}

impl From<Facts> for TokenFacts {
    fn from(facts: Facts) -> Self {
        Self {
            token_type: facts.token_type,
            expires_in: facts.expires_in,
            scope: facts.scope,
            refresh_token: facts.refresh_token.is_some(),
            token_digest: facts.token_digest,
            error: facts.error,
            secret_chars: None,
            assertion_alg: None,
            certificate: facts.certificate,
            jwt: facts.jwt,
        }
    }
}

fn exchange(status: u16, facts: TokenFacts) -> Exchange {
    let transfer = HttpTransfer {
        request: HttpRequest {
            method: "POST".to_owned(),
            url: "https://api.example:8443/oauth/v1/token".to_owned(),
            headers: Vec::new(),
            body: None,
        },
        response: Some(HttpResponse {
            status,
            version: "HTTP/1.1".to_owned(),
            headers: Vec::new(),
            body: None,
            truncated: false,
        }),
        fault: None,
        tls: None,
        token: Some(facts),
        wire: None,
        timing: None,
    };
    Exchange {
        log: "LOG-0001".to_owned(),
        case: "C-001".to_owned(),
        step: "token".to_owned(),
        from: "b".to_owned(),
        to: "a".to_owned(),
        at: "2026-11-20T09:00:00.000+09:00".to_owned(),
        duration_ms: 20,
        transfer: Transfer::Http(Box::new(transfer)),
    }
}
