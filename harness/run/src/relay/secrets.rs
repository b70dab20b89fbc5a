//! What a relay must not write down: tokens, passwords, keys. Taken out of heads and bodies before they are kept.

use std::borrow::Cow;

use renkei_core::observe::plain;
use renkei_core::record::TokenFacts;
use serde_json::Value;

use super::head::Head;
use crate::http::coded::cleaned;
use crate::http::redact::{readable, token_body};
use crate::secret::{Secret, Vault, digest};

/// Tokens that are remembered at a time; after so many the oldest are forgotten, so that a peer that sends a new one with
/// each request does not slow the relay down. The places where tokens belong are redacted all the same.
const MOST_KNOWN: usize = 256;

/// Names of header fields whose values are secrets, besides those that hold one of [`SECRET_WORDS`].
const SECRET_FIELDS: [&str; 6] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "ocp-apim-subscription-key",
    "x-functions-key",
];
const SECRET_WORDS: [&str; 6] = [
    "token",
    "secret",
    "password",
    "api-key",
    "apikey",
    "credential",
];

/// The secrets that were met.
#[derive(Default)]
pub struct Secrets {
    vault: Vault,
    known: usize,
}

impl Secrets {
    /// Remembers the tokens of a head.
    pub(crate) fn learn_head(&mut self, head: &Head) {
        for (name, value) in &head.fields {
            if is_secret(name) {
                let text = String::from_utf8_lossy(value);
                let secret = text
                    .split_once(' ')
                    .map_or(&*text, |(_, secret)| secret)
                    .trim();
                self.learn(secret);
            }
        }
    }

    fn learn(&mut self, secret: &str) {
        // Twice as many, and everything is forgotten: the next request teaches again what is still in use.
        if self.known >= MOST_KNOWN {
            self.vault = Vault::new();
            self.known = 0;
        }
        if self.vault.scrub(secret.as_bytes()) == secret.as_bytes() {
            self.vault.learn(&Secret::new(secret));
            self.known += 1;
        }
    }

    /// What a token response says, its tokens remembered. `coding`: its Content-Encoding.
    pub(crate) fn learn_token(
        &mut self,
        status: u16,
        coding: Option<&str>,
        body: &[u8],
    ) -> TokenFacts {
        let body = plain(coding, body).unwrap_or_default();
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        for name in ["access_token", "refresh_token", "id_token"] {
            if let Some(secret) = text(name) {
                self.learn(secret);
            }
        }
        let issued = text("access_token").filter(|t| !t.is_empty() && (200..300).contains(&status));
        let seconds = |v: &Value| v.as_i64().or_else(|| v.as_str()?.parse().ok());
        TokenFacts {
            certificate: None,
            jwt: None,
            token_type: text("token_type").map(str::to_owned),
            expires_in: value.get("expires_in").and_then(seconds),
            scope: text("scope").map(str::to_owned),
            refresh_token: value.get("refresh_token").is_some_and(|v| !v.is_null()),
            token_digest: issued.map(|t| digest(t.as_bytes())),
            error: text("error").map(str::to_owned),
            secret_chars: None,
            assertion_alg: None,
        }
    }

    /// The value of a header field as it may be kept.
    pub(crate) fn field(&self, name: &[u8], value: &[u8]) -> String {
        if !is_secret(name) {
            return self
                .vault
                .scrub_text(&readable(&token_in_link(name, value)));
        }
        let scheme = value
            .iter()
            .position(|b| *b == b' ')
            .filter(|_| ends_with(name, b"authorization"));
        match scheme {
            Some(at) => {
                let (scheme, secret) = value.split_at(at);
                format!(
                    "{} sha256:{}",
                    readable(scheme),
                    digest(secret.trim_ascii())
                )
            }
            None => format!("sha256:{}", digest(value)),
        }
    }

    /// A request target as it may be kept: tokens in the query are replaced.
    pub(crate) fn target(&self, target: &[u8]) -> String {
        self.vault.scrub_text(&readable(&token_body(target)))
    }

    /// The head as it stood, as far as it came, its secrets replaced; and whether there were any.
    pub(crate) fn head(&self, head: &[u8]) -> (String, bool) {
        let mut out: Vec<u8> = Vec::with_capacity(head.len());
        let mut redacted = false;
        let mut first = true;
        for line in head.split_inclusive(|b| *b == b'\n') {
            let end = line
                .iter()
                .rposition(|b| !matches!(b, b'\r' | b'\n'))
                .map_or(0, |at| at + 1);
            let (text, rest) = line.split_at(end);
            let colon = text.iter().position(|b| *b == b':').filter(|_| !first);
            first &= text.is_empty();
            match colon {
                Some(at) if is_secret(text.get(..at).unwrap_or_default()) => {
                    let (name, value) = (
                        text.get(..at).unwrap_or_default(),
                        text.get(at + 1..).unwrap_or_default(),
                    );
                    let lead = value.iter().take_while(|b| b.is_ascii_whitespace()).count();
                    out.extend_from_slice(name);
                    out.push(b':');
                    out.extend_from_slice(value.get(..lead).unwrap_or_default());
                    out.extend_from_slice(self.field(name, value.trim_ascii()).as_bytes());
                    redacted = true;
                }
                Some(_) => out.extend_from_slice(text),
                None => out.extend_from_slice(&token_body(text)),
            }
            out.extend_from_slice(rest);
        }
        let clean = self.vault.scrub(&out);
        redacted |= *clean != *head;
        (lossless(&clean), redacted)
    }

    /// A body as it may be kept; of a token call nothing that cannot be looked into.
    pub(crate) fn body<'b>(
        &self,
        token: bool,
        coding: Option<&str>,
        bytes: &'b [u8],
    ) -> Cow<'b, [u8]> {
        let clean = |bytes: &[u8]| match token {
            true => self.vault.scrub(&token_body(bytes)).into_owned(),
            false => self.vault.scrub(bytes).into_owned(),
        };
        cleaned(coding, bytes, clean, |bytes| match token {
            true => Cow::Borrowed(&[]),
            false => self.vault.scrub(bytes),
        })
    }

    /// True when a known secret stands in the bytes.
    pub(crate) fn stands_in(&self, bytes: &[u8]) -> bool {
        matches!(self.vault.scrub(bytes), Cow::Owned(_))
    }

    /// A stretch of a longer body without its secrets, and how many bytes of it that are. While `more` follows, the last
    /// bytes are left for the next stretch, in which a secret that began in them is whole.
    pub(crate) fn stretch(&self, bytes: &[u8], more: bool) -> (Vec<u8>, usize) {
        const TAIL: usize = 16 * 1024;
        let mut end = if more {
            bytes.len().saturating_sub(TAIL)
        } else {
            bytes.len()
        };
        // A secret across the end would be cut: move the end to where nothing is.
        while more && end > 0 && self.crosses(bytes, end) {
            end -= 1;
        }
        let part = bytes.get(..end).unwrap_or_default();
        (self.vault.scrub(part).into_owned(), end)
    }

    fn crosses(&self, bytes: &[u8], at: usize) -> bool {
        const REACH: usize = 8 * 1024;
        let around = bytes
            .get(at.saturating_sub(REACH)..(at + REACH).min(bytes.len()))
            .unwrap_or_default();
        let before = bytes.get(at.saturating_sub(REACH)..at).unwrap_or_default();
        let after = bytes
            .get(at..(at + REACH).min(bytes.len()))
            .unwrap_or_default();
        let apart = [self.vault.scrub(before), self.vault.scrub(after)].concat();
        self.vault.scrub(around) != apart
    }
}

/// True for the name of a header field whose value is a secret.
pub(crate) fn is_secret(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let text = String::from_utf8_lossy(&lower);
    SECRET_FIELDS.contains(&&*text) || SECRET_WORDS.iter().any(|word| text.contains(word))
}

fn ends_with(name: &[u8], tail: &[u8]) -> bool {
    name.len() >= tail.len() && name.to_ascii_lowercase().ends_with(tail)
}

/// Links may carry tokens in their query.
fn token_in_link<'v>(name: &[u8], value: &'v [u8]) -> Cow<'v, [u8]> {
    let link = [&b"location"[..], b"referer", b"content-location"]
        .iter()
        .any(|n| name.eq_ignore_ascii_case(n));
    if link {
        Cow::Owned(token_body(value))
    } else {
        Cow::Borrowed(value)
    }
}

/// Bytes as text that can be turned back: a backslash is written twice, what is not UTF-8 as `\xHH`.
fn lossless(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_keep_everything_but_their_secrets() {
        let mut secrets = Secrets::default();
        let text = b"GET /a?access_token=CANARY-1234&b=1 HTTP/1.1\r\nAuthorization:  Bearer CANARY-5678\r\nX-Api-Key: CANARY-9\r\nX-Odd: a\\b\xFF CANARY-5678\r\n\r\n";
        let head = Head::parse(text.to_vec()).unwrap_or_default();
        secrets.learn_head(&head);
        let (shown, redacted) = secrets.head(text);
        assert!(redacted && !shown.contains("CANARY"), "{shown}");
        assert!(shown.contains("Authorization:  Bearer sha256:"), "{shown}");
        assert!(shown.contains("X-Odd: a\\\\b\\xFF sha256:"), "{shown}");
        assert!(shown.ends_with("\r\n\r\n") && shown.contains("&b=1 HTTP/1.1\r\n"));
        let (same, redacted) = secrets.head(b"GET / HTTP/1.1\r\nA: b\r\n\r\n");
        assert_eq!(
            (same.as_str(), redacted),
            ("GET / HTTP/1.1\r\nA: b\r\n\r\n", false)
        );
    }

    #[test]
    fn a_secret_across_two_stretches_is_found() {
        let mut secrets = Secrets::default();
        secrets.learn("CANARY-0123456789");
        for shift in 0..20 {
            let mut bytes = vec![b'x'; 40_000];
            let at = 40_000 - 16 * 1024 - 10 + shift;
            bytes[at..at + 17].copy_from_slice(b"CANARY-0123456789");
            let (first, done) = secrets.stretch(&bytes, true);
            let (second, _) = secrets.stretch(&bytes[done..], false);
            let whole = [first, second].concat();
            assert!(!whole.windows(6).any(|w| w == b"CANARY"), "{shift}");
        }
    }
}
