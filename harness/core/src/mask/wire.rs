//! What people see of addresses, header fields and names of members: words that programs choose are shown, values that may
//! belong to a person keep their shape alone. Anything may stand in a URL, so nothing in it is taken on trust.

use super::{class_letter, has_individual_number, without_individual_numbers};
use crate::record::HttpTransfer;

/// So many digits in one value may be a number of somebody: a telephone, a day of birth, a 宛名番号.
const DIGITS_OF_A_NUMBER: usize = 5;
/// Longer words of letters and digits together are rather tokens than names of resources.
const LONGEST_MIXED: usize = 12;
/// Indexes of arrays have at most so many digits; birthdays have eight.
const DIGITS_OF_AN_INDEX: usize = 6;

/// Values of parameters that say nothing about a person.
const HARMLESS: [&str; 14] = [
    "true", "false", "null", "json", "xml", "csv", "asc", "desc", "on", "off", "yes", "no", "all",
    "none",
];

/// Header fields that describe the message, the connection or the program, in lower case.
const OF_THE_MESSAGE: [&str; 40] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expect",
    "expires",
    "host",
    "if-match",
    "if-none-match",
    "keep-alive",
    "last-modified",
    "origin",
    "pragma",
    "proxy-authenticate",
    "range",
    "retry-after",
    "server",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
    "x-powered-by",
];

/// Header fields whose values are addresses.
const ADDRESSES: [&str; 3] = ["location", "content-location", "referer"];

/// The transfer with its addresses and header fields as people may see them.
pub fn transfer(http: &HttpTransfer) -> HttpTransfer {
    let mut seen = http.clone();
    seen.request.method = name(&http.request.method);
    seen.request.url = url(&http.request.url);
    let answered = seen.response.as_mut().map(|r| &mut r.headers);
    for field in answered
        .into_iter()
        .chain([&mut seen.request.headers])
        .flatten()
    {
        field.value = header(&field.name, &field.value);
        field.name = name(&field.name);
    }
    if let Some(fault) = &mut seen.fault {
        fault.detail = without_individual_numbers(&fault.detail).into_owned();
    }
    seen
}

/// A URL or a request target: scheme, host, words of the path and names of parameters are shown.
pub fn url(text: &str) -> String {
    let (start, rest) = match text.split_once("://") {
        Some((scheme, rest)) if is_word(scheme) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (authority, rest) = rest.split_at(end);
            let host = authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host);
            (
                format!("{scheme}://{}", plain_or_shape(host, |_| true)),
                rest,
            )
        }
        _ => (String::new(), text),
    };
    let (rest, fragment) = split_at_mark(rest, '#');
    let (path, query) = split_at_mark(rest, '?');
    let mut out = start + &self::path(path);
    if let Some(query) = query {
        let pairs = query.split('&').map(pair);
        out.push('?');
        out.push_str(&pairs.collect::<Vec<_>>().join("&"));
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(&value(fragment));
    }
    out
}

/// The path of a URL: words are shown, numbers of people and what is not ASCII keep their shape.
pub fn path(text: &str) -> String {
    let steps = text
        .split('/')
        .map(|step| plain_or_shape(step, is_resource));
    steps.collect::<Vec<_>>().join("/")
}

fn split_at_mark(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark)
        .map_or((text, None), |(a, b)| (a, Some(b)))
}

fn pair(text: &str) -> String {
    match text.split_once('=') {
        Some((name, of)) => format!("{}={}", self::name(name), value(of)),
        None => name(text),
    }
}

/// The value of a header field as people may see it. `name` in any case.
pub fn header(name: &str, text: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if is_digest(text) {
        return text.to_owned();
    }
    if ADDRESSES.contains(&lower.as_str()) {
        return url(text);
    }
    if OF_THE_MESSAGE.contains(&lower.as_str()) {
        return plain_or_shape(text, |text| !has_individual_number(text));
    }
    value(text)
}

/// The name of a parameter, a header field or a member.
pub fn name(text: &str) -> String {
    plain_or_shape(text, |text| {
        text.len() <= 80 && digits(text) < DIGITS_OF_A_NUMBER && !text.contains('@')
    })
}

/// A JSON Pointer (RFC 6901), or `header:` and `query:` with a name. `known`: names that a specification documents.
pub fn pointer(text: &str, known: impl Fn(&str) -> bool) -> String {
    let step = |step: &str| {
        let index = step.len() <= DIGITS_OF_AN_INDEX && step.bytes().all(|b| b.is_ascii_digit());
        if index || known(step) {
            step.to_owned()
        } else {
            name(step)
        }
    };
    text.split('/').map(step).collect::<Vec<_>>().join("/")
}

/// A secret that was replaced by its digest when the message was captured, its scheme before it.
fn is_digest(text: &str) -> bool {
    let last = text.rsplit(' ').next().unwrap_or_default();
    let scheme = text.strip_suffix(last).unwrap_or_default().trim_end();
    let digest = last.strip_prefix("sha256:").unwrap_or_default();
    digest.len() == 12
        && digest.bytes().all(|b| b.is_ascii_hexdigit())
        && (scheme.is_empty() || is_word(scheme))
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 20
        && text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// A step of a path that names a resource rather than somebody.
fn is_resource(step: &str) -> bool {
    let some_digits = digits(step);
    let mixed = some_digits > 0 && step.bytes().any(|b| b.is_ascii_alphabetic());
    some_digits < DIGITS_OF_A_NUMBER
        && !(mixed && step.len() > LONGEST_MIXED)
        && !step.contains('@')
}

/// A value of a parameter or of a header field that nobody knows.
fn value(text: &str) -> String {
    plain_or_shape(text, |text| {
        let short_number = digits(text) < DIGITS_OF_A_NUMBER
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
        short_number || HARMLESS.contains(&text.to_ascii_lowercase().as_str())
    })
}

/// The text itself when it is ASCII without escapes and `may` agrees; else the class of each of its characters.
fn plain_or_shape(text: &str, may: impl Fn(&str) -> bool) -> String {
    let shown = text.is_ascii() && !text.contains(['%', '\\']) && !has_individual_number(text);
    if shown && may(text) {
        return text.to_owned();
    }
    shape(text)
}

/// Escapes (`%XX`, `\xXX`, `\uXXXX`) undone, then one letter for the class of each character; bytes that are no UTF-8 are `·`.
fn shape(text: &str) -> String {
    let mut out = String::new();
    for chunk in unescaped(text).utf8_chunks() {
        out.extend(chunk.valid().chars().map(class_letter));
        out.extend(chunk.invalid().iter().map(|_| '·'));
    }
    out
}

fn unescaped(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let hex = |at: usize, digits: usize| {
        let text = text.get(at..at + digits)?;
        let all = text.bytes().all(|b| b.is_ascii_hexdigit());
        all.then(|| u32::from_str_radix(text, 16).ok()).flatten()
    };
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let (length, code) = match (byte, bytes.get(at + 1)) {
            (b'%', _) => (3, hex(at + 1, 2)),
            (b'\\', Some(b'x')) => (4, hex(at + 2, 2)),
            (b'\\', Some(b'u')) => (6, hex(at + 2, 4)),
            _ => (1, None),
        };
        match code {
            Some(code) if length < 6 => out.extend(u8::try_from(code)),
            Some(code) => {
                let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            None => out.push(*byte),
        }
        at += if code.is_some() { length } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_programs_are_shown_and_values_keep_their_shape() {
        assert_eq!(
            url("https://u:pw@api.example:8443/v2.1/persons/131016123456789?limit=10&verbose=true"),
            "https://api.example:8443/v2.1/persons/999999999999999?limit=10&verbose=true"
        );
        assert_eq!(
            url("/a/%E5%B1%B1%E7%94%B0?n=%E3%83%A4&tel=03-1234-5678&m=a@b.jp#x%8E%52"),
            "/a/漢漢?n=カ&tel=99-9999-9999&m=a@a.aa#a·A"
        );
        assert_eq!(url("/items/7?name=yamada&q"), "/items/7?name=aaaaaa&q");
        assert_eq!(url("/p/tok9fA3kx82LmQ1"), "/p/aaa9aA9aa99AaA9");
    }

    #[test]
    fn fields_of_the_message_are_shown_and_others_are_not() {
        assert_eq!(
            header("Content-Type", "text/csv; charset=Shift_JIS"),
            "text/csv; charset=Shift_JIS"
        );
        assert_eq!(header("Server", "山田"), "漢漢");
        assert_eq!(header("X-User", "yamada taro"), "aaaaaa␣aaaa");
        assert_eq!(header("X-User", "\\xE5\\xB1\\xB1"), "漢");
        assert_eq!(header("X-Version", "1.2"), "1.2");
        assert_eq!(
            header("Authorization", "Bearer sha256:0123456789ab"),
            "Bearer sha256:0123456789ab"
        );
        assert_eq!(header("Location", "/p/345678901234"), "/p/999999999999");
        assert_eq!(header("User-Agent", "x 345678901234"), "a␣999999999999");
    }

    #[test]
    fn pointers_show_documented_names() {
        let known = |step: &str| step == "氏名";
        assert_eq!(pointer("/items/12/氏名", known), "/items/12/氏名");
        assert_eq!(
            pointer("/山田太郎/090-1234-5678", known),
            "/漢漢漢漢/999-9999-9999"
        );
        assert_eq!(pointer("header:x-a", known), "header:x-a");
        assert_eq!(pointer("/\\u5c71", known), "/漢");
        assert_eq!(
            pointer("/list/taro@example.jp", known),
            "/list/aaaa@aaaaaaa.aa"
        );
    }
}
