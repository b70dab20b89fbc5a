//! Secrets are taken out at capture, before anything is written. Only their digests remain, so that two log lines can
//! still be seen to carry the same token.

use hyper::header::{AUTHORIZATION, HeaderName, PROXY_AUTHORIZATION};

use crate::relay::is_secret;
use crate::secret::digest;

/// Members of token requests and responses (RFC 6749, RFC 7521) whose values are secrets.
const SECRET_MEMBERS: [&str; 7] = [
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "client_assertion",
    "assertion",
];

/// The value of a header as it may be kept.
pub(super) fn header(name: &HeaderName, value: &[u8]) -> String {
    let text = readable(value);
    if *name == AUTHORIZATION || *name == PROXY_AUTHORIZATION {
        return match text.split_once(' ') {
            Some((scheme, secret)) => {
                format!("{scheme} sha256:{}", digest(secret.trim().as_bytes()))
            }
            None => format!("sha256:{}", digest(value)),
        };
    }
    // The same names as in a relay: an answer's own token field is a secret as well.
    if is_secret(name.as_str().as_bytes()) {
        return format!("sha256:{}", digest(value));
    }
    text
}

/// Bytes that are not UTF-8 are written as `\xHH`.
pub(crate) fn readable(value: &[u8]) -> String {
    let mut out = String::new();
    for chunk in value.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02X}"));
        }
    }
    out
}

/// A token request or response with the values of its secret members replaced; every other byte stays.
///
/// Works on the bytes, not on a parsed tree: broken, cut-off or repeated members are redacted too. Both JSON strings and
/// form values are recognised.
pub(crate) fn token_body(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match secret_value(bytes, at) {
            Some((start, end)) => {
                out.extend_from_slice(bytes.get(at..start).unwrap_or_default());
                let secret = bytes.get(start..end).unwrap_or_default();
                out.extend_from_slice(format!("sha256:{}", digest(secret)).as_bytes());
                at = end;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// If a secret member starts at `at`: the byte range of its value.
fn secret_value(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let before = at.checked_sub(1).and_then(|i| bytes.get(i));
    if before.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        return None;
    }
    let rest = bytes.get(at..)?;
    let name = SECRET_MEMBERS
        .iter()
        .find(|name| rest.starts_with(name.as_bytes()))?;
    let after = at + name.len();
    match bytes.get(after)? {
        b'=' => Some((after + 1, form_end(bytes, after + 1))),
        b'"' | b'\'' => {
            let colon = skip_space(bytes, after + 1);
            (bytes.get(colon) == Some(&b':'))
                .then(|| json_value(bytes, skip_space(bytes, colon + 1)))
        }
        _ => None,
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

fn form_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|b| *b == b'&' || b.is_ascii_whitespace())
        .unwrap_or(rest.len());
    start + length
}

/// The value without its quotes; a bare value ends where JSON would end it.
fn json_value(bytes: &[u8], start: usize) -> (usize, usize) {
    let quote = match bytes.get(start) {
        Some(quote @ (b'"' | b'\'')) => *quote,
        _ => {
            let rest = bytes.get(start..).unwrap_or_default();
            let length = rest
                .iter()
                .position(|b| matches!(b, b',' | b'}' | b']') || b.is_ascii_whitespace())
                .unwrap_or(rest.len());
            return (start, start + length);
        }
    };
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b if b == quote => return (start + 1, at),
            _ => at += 1,
        }
    }
    (start + 1, bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        String::from_utf8(token_body(text.as_bytes())).unwrap_or_default()
    }

    #[test]
    fn secret_members_become_digests_and_nothing_else_changes() {
        let mark = |s: &str| format!("sha256:{}", digest(s.as_bytes()));
        let json =
            r#"{ "access_token" : "abc\"d", "expires_in":300, "my_access_token":"x","scope":"a" }"#;
        let expected = json.replace(r#"abc\"d"#, &mark(r#"abc\"d"#));
        assert_eq!(redacted(json), expected);
        let form = "grant_type=client_credentials&client_assertion=e.y.J&client_assertion_type=urn:x&scope=s";
        assert_eq!(redacted(form), form.replace("e.y.J", &mark("e.y.J")));
    }

    #[test]
    fn broken_bodies_leak_nothing() {
        for body in [
            r#"{"access_token":"CANARY"#,
            r#"{"access_token":"CANARY\"#,
            r#"{"access_token":CANARY}"#,
            r#"{"access_token":"CANARY","access_token":"CANARY2"}"#,
            "access_token=CANARY",
            "{'refresh_token': 'CANARY'}",
        ] {
            assert!(!redacted(body).contains("CANARY"), "{body}");
        }
    }

    #[test]
    fn headers_keep_their_scheme_only() {
        let shown = header(&AUTHORIZATION, b"Bearer CANARY");
        assert_eq!(shown, format!("Bearer sha256:{}", digest(b"CANARY")));
        assert!(!header(&hyper::header::SET_COOKIE, b"s=CANARY").contains("CANARY"));
        assert_eq!(header(&hyper::header::SERVER, b"a\xFFb"), "a\\xFFb");
    }
}
