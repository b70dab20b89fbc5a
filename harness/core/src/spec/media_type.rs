//! Media types as in a Content-Type header or a key of an OpenAPI `content` map (RFC 9110 8.3.1).

use std::fmt;

/// A media type with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType {
    /// `type/subtype` in lower case.
    pub essence: String,
    /// Parameters in order; names in lower case, values as written, without quotes.
    pub parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a media type strictly; nothing is repaired.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = split_outside_quotes(text).into_iter();
        let (kind, subtype) = parts.next()?.trim().split_once('/')?;
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let mut parameters = Vec::new();
        for part in parts {
            let part = part.trim();
            if part.is_empty() {
                continue; // RFC 9110 5.6.6 lets a recipient pass over an empty parameter
            }
            let (name, value) = part.split_once('=')?;
            let value = unquote(value)?;
            if !is_token(name) {
                return None;
            }
            parameters.push((name.to_ascii_lowercase(), value));
        }
        Some(Self {
            essence: format!("{kind}/{subtype}").to_ascii_lowercase(),
            parameters,
        })
    }

    /// Value of a parameter, by its name in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.parameters.iter().filter(|(key, _)| key == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// True for JSON: `application/json` and types with the suffix `+json` (RFC 6839 3.1).
    pub fn is_json(&self) -> bool {
        self.essence == "application/json" || self.essence.ends_with("+json")
    }

    /// True when a message of type `self` is what a specification documents as `documented`: equal essence (or a range
    /// such as `*/*`, `text/*`) and every parameter of the documented type, values compared without case.
    pub fn satisfies(&self, documented: &Self) -> bool {
        let essence = match documented.essence.strip_suffix("/*") {
            Some("*") => true,
            Some(kind) => self.essence.split('/').next() == Some(kind),
            None => self.essence == documented.essence,
        };
        let holds = |(name, value): &(String, String)| {
            self.parameter(name)
                .is_some_and(|told| told.eq_ignore_ascii_case(value))
        };
        essence && documented.parameters.iter().all(holds)
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.essence)?;
        self.parameters
            .iter()
            .try_for_each(|(name, value)| write!(f, ";{name}={value}"))
    }
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => {
                parts.push(text.get(start..at).unwrap_or(""));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or(""));
    parts
}

/// `tchar` of RFC 9110 5.6.2; `*` is one of them, so that media ranges pass.
fn is_token(text: &str) -> bool {
    let tchar = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(tchar)
}

fn unquote(value: &str) -> Option<String> {
    let Some(inner) = value.strip_prefix('"') else {
        return is_token(value).then(|| value.to_owned());
    };
    let mut out = String::new();
    let mut chars = inner.strip_suffix('"')?.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(chars.next()?),
            '"' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn satisfies(told: &str, documented: &str) -> bool {
        let parse = |text| MediaType::parse(text).expect("a media type");
        parse(told).satisfies(&parse(documented))
    }

    #[test]
    fn parameters_are_read_and_compared_without_case() {
        assert!(satisfies(
            "Application/JSON; Charset=\"utf-8\"",
            "application/json;charset=UTF-8"
        ));
        assert!(satisfies(
            "application/json;charset=UTF-8",
            "application/json"
        ));
        assert!(!satisfies(
            "application/json",
            "application/json;charset=UTF-8"
        ));
        assert!(satisfies("text/html", "text/*"));
        assert!(!satisfies("text/html", "application/json"));
    }

    #[test]
    fn what_is_not_a_media_type_is_refused() {
        for text in [
            "",
            "json",
            "a/b/c",
            "application/json; charset",
            "a/b; c=\"x",
        ] {
            assert_eq!(MediaType::parse(text), None, "{text}");
        }
        let odd = MediaType::parse("a/b; c=\"x;\\\"y\" ;").map(|m| m.to_string());
        assert_eq!(odd.as_deref(), Some("a/b;c=x;\"y"));
    }
}
