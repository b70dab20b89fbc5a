//! A recorded request made sendable again: declared values put in, captured values and new tokens in place of the old ones.

use std::collections::BTreeMap;

use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use serde_json::Value;

use super::rules::{Capture, Set};
use crate::secret::Secret;

/// Headers that belong to the recorded connection, or that are made anew.
const OF_THE_CONNECTION: [&str; 10] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "user-agent",
    "expect",
    "upgrade",
    "te",
    "trailer",
];

/// A request on its way from the record to the wire.
pub(crate) struct Draft {
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Recorded values and what stands in for them now; none: the step that was to give it did not.
pub(crate) type Rebound = BTreeMap<String, (String, Option<String>)>;

impl Draft {
    /// Drops what belongs to the recorded connection.
    pub(crate) fn without_connection(mut self) -> Self {
        self.headers
            .retain(|(name, _)| !OF_THE_CONNECTION.contains(&name.to_ascii_lowercase().as_str()));
        self
    }

    /// Puts a declared value in, where its place is.
    pub(crate) fn set(&mut self, set: &Set, value: &str) {
        if !set.header.is_empty() {
            let at = self
                .headers
                .iter()
                .position(|(n, _)| n.eq_ignore_ascii_case(&set.header));
            match at.and_then(|at| self.headers.get_mut(at)) {
                Some(header) => value.clone_into(&mut header.1),
                // A header that is named for certain exchanges is added to them.
                None if !set.log.is_empty() => self
                    .headers
                    .push((set.header.to_ascii_lowercase(), value.to_owned())),
                None => {}
            }
        } else if !set.query.is_empty() {
            if let Some(query) = &self.query {
                self.query = Some(replace_query(query, |name, old| {
                    (name == set.query).then(|| value.to_owned()).or(old)
                }));
            }
        } else if let Ok(mut json) = serde_json::from_slice::<Value>(&self.body)
            && let Some(place) = json.pointer_mut(&set.pointer)
        {
            *place = match place {
                Value::Number(_) => serde_json::from_str(value).unwrap_or_else(|_| value.into()),
                _ => value.into(),
            };
            self.body = json.to_string().into_bytes();
        }
    }

    /// The name of a captured value that this request needs and that is not there; else all that are there are put in.
    pub(crate) fn rebind(&mut self, rebound: &Rebound) -> Option<String> {
        for (old, (name, new)) in rebound {
            if !self.holds(old) {
                continue;
            }
            let Some(new) = new else {
                return Some(name.clone());
            };
            self.path = self
                .path
                .split('/')
                .map(|s| if s == old { new } else { s })
                .collect::<Vec<_>>()
                .join("/");
            if let Some(query) = &self.query {
                self.query = Some(replace_query(query, |_, value| {
                    value.map(|v| if v == *old { new.clone() } else { v })
                }));
            }
            if let Ok(mut json) = serde_json::from_slice::<Value>(&self.body)
                && replace_in(&mut json, old, new)
            {
                self.body = json.to_string().into_bytes();
            }
            for (_, value) in self.headers.iter_mut().filter(|(_, v)| v == old) {
                value.clone_from(new);
            }
        }
        None
    }

    fn holds(&self, old: &str) -> bool {
        let in_query = || {
            let query = self.query.as_deref().unwrap_or_default();
            url::form_urlencoded::parse(query.as_bytes()).any(|(_, v)| v == old)
        };
        let in_body =
            || serde_json::from_slice::<Value>(&self.body).is_ok_and(|json| stands_in(&json, old));
        self.path.split('/').any(|s| s == old)
            || in_query()
            || in_body()
            || self.headers.iter().any(|(_, v)| v == old)
    }

    /// Puts a new token in place of a recorded one.
    pub(crate) fn bearer(&mut self, token: &Secret) {
        for (name, value) in &mut self.headers {
            if name.eq_ignore_ascii_case(AUTHORIZATION.as_str())
                && value.to_ascii_lowercase().starts_with("bearer ")
            {
                *value = format!("Bearer {}", token.expose());
            }
        }
    }

    /// Where a secret was replaced in the record and nothing stands in for it.
    pub(crate) fn unbound(&self) -> Option<String> {
        let header = self
            .headers
            .iter()
            .find(|(_, v)| marked(v.as_bytes()))
            .map(|(n, _)| format!("header:{n}"));
        let target = format!(
            "{}?{}",
            self.path,
            self.query.as_deref().unwrap_or_default()
        );
        let target = || marked(target.as_bytes()).then(|| "query".to_owned());
        let body = || marked(&self.body).then(|| "body".to_owned());
        header.or_else(target).or_else(body)
    }

    /// The headers as the client sends them.
    pub(crate) fn wire_headers(&self) -> Option<Vec<(HeaderName, HeaderValue)>> {
        self.headers
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
                Some((name, HeaderValue::from_bytes(&unreadable(value)).ok()?))
            })
            .collect()
    }
}

/// `\xHH`, as the record writes bytes that are not UTF-8, back to bytes.
fn unreadable(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\x") {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before.as_bytes());
        match after
            .get(2..4)
            .and_then(|h| u8::from_str_radix(h, 16).ok())
            .filter(|b| *b >= 0x80)
        {
            Some(byte) => {
                out.push(byte);
                rest = after.get(4..).unwrap_or_default();
            }
            None => {
                out.extend_from_slice(b"\\x");
                rest = after.get(2..).unwrap_or_default();
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// `sha256:` and 12 hexadecimal digits: what stands in a record for a secret.
fn marked(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"sha256:").any(|at| {
        let digits = bytes.get(at + 7..at + 19).unwrap_or_default();
        digits.len() == 12
            && digits.iter().all(u8::is_ascii_hexdigit)
            && !bytes.get(at + 19).is_some_and(u8::is_ascii_hexdigit)
    })
}

fn replace_query(query: &str, change: impl Fn(&str, Option<String>) -> Option<String>) -> String {
    let parts = query.split('&').map(|pair| {
        let parsed = url::form_urlencoded::parse(pair.as_bytes()).next();
        let Some((name, value)) = parsed else {
            return pair.to_owned();
        };
        match change(&name, Some(value.clone().into_owned())) {
            Some(new) if new != value => {
                let raw = pair.split('=').next().unwrap_or_default();
                let new: String = url::form_urlencoded::byte_serialize(new.as_bytes()).collect();
                format!("{raw}={new}")
            }
            _ => pair.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("&")
}

fn stands_in(json: &Value, old: &str) -> bool {
    match json {
        Value::Array(items) => items.iter().any(|v| stands_in(v, old)),
        Value::Object(members) => members.values().any(|v| stands_in(v, old)),
        value => as_text(value).is_some_and(|t| t == old),
    }
}

fn replace_in(json: &mut Value, old: &str, new: &str) -> bool {
    match json {
        // Every one of them, not only the first.
        Value::Array(items) => {
            let replaced = items
                .iter_mut()
                .filter_map(|v| replace_in(v, old, new).then_some(()));
            replaced.count() > 0
        }
        Value::Object(members) => {
            let replaced = members
                .values_mut()
                .filter_map(|v| replace_in(v, old, new).then_some(()));
            replaced.count() > 0
        }
        value if as_text(value).is_some_and(|t| t == old) => {
            *value = match value {
                Value::Number(_) => serde_json::from_str(new).unwrap_or_else(|_| new.into()),
                _ => new.into(),
            };
            true
        }
        _ => false,
    }
}

/// A value that can be an id.
pub(crate) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a capture finds in an answer.
pub(crate) fn captured(
    capture: &Capture,
    headers: &[(String, String)],
    body: &[u8],
) -> Option<String> {
    if capture.header.is_empty() {
        let json: Value = serde_json::from_slice(body).ok()?;
        return as_text(json.pointer(&capture.pointer)?).filter(|t| !t.is_empty());
    }
    let mut found = headers
        .iter()
        .filter(|(n, _)| n.eq_ignore_ascii_case(&capture.header));
    found.next().map(|(_, v)| v.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(body: &str) -> Draft {
        Draft {
            path: "/items/17".to_owned(),
            query: Some("id=17&name=%E6%9E%B6&t=1".to_owned()),
            headers: vec![
                ("Host".to_owned(), "old".to_owned()),
                (
                    "authorization".to_owned(),
                    "Bearer sha256:0123456789ab".to_owned(),
                ),
            ],
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn captured_values_stand_in_everywhere_and_nothing_else_changes() {
        let mut request = draft(r#"{"id":17,"list":["17","170"],"n":1}"#).without_connection();
        let rebound = Rebound::from([("17".to_owned(), ("id".to_owned(), Some("23".to_owned())))]);
        assert_eq!(request.rebind(&rebound), None);
        assert_eq!(request.path, "/items/23");
        assert_eq!(request.query.as_deref(), Some("id=23&name=%E6%9E%B6&t=1"));
        assert_eq!(
            String::from_utf8_lossy(&request.body),
            r#"{"id":23,"list":["23","170"],"n":1}"#
        );
        assert_eq!(request.headers.len(), 1);
        let missing = Rebound::from([("23".to_owned(), ("id".to_owned(), None))]);
        assert_eq!(request.rebind(&missing), Some("id".to_owned()));
    }

    #[test]
    fn a_replaced_secret_without_a_stand_in_is_found() {
        let mut request = draft("{}");
        assert_eq!(request.unbound().as_deref(), Some("header:authorization"));
        request.bearer(&Secret::new("new-token"));
        assert_eq!(request.unbound(), None);
        request.query = Some("access_token=sha256:0123456789ab".to_owned());
        assert_eq!(request.unbound().as_deref(), Some("query"));
        request.query = Some(format!("digest=sha256:{}", "a".repeat(64)));
        assert_eq!(request.unbound(), None, "a whole digest is data");
        assert_eq!(unreadable("a\\xFFb\\x41"), b"a\xFFb\\x41");
    }
}
