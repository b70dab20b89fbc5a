//! Values taken out of messages: by JSON Pointer, by header, by the link to the next page.

use serde_json::Value;

use crate::plan::Pages;
use crate::record::Header;

/// Every value at a JSON Pointer in which `*` stands for every element.
pub fn values<'j>(body: &'j Value, pointer: &str) -> Vec<&'j Value> {
    let mut here = vec![body];
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        here = here
            .into_iter()
            .flat_map(|value| match (step, value) {
                ("*", Value::Array(items)) => items.iter().collect::<Vec<_>>(),
                (_, Value::Array(items)) => {
                    let index = name.parse::<usize>().ok();
                    index.and_then(|i| items.get(i)).into_iter().collect()
                }
                _ => value.get(&name).into_iter().collect(),
            })
            .collect();
    }
    here
}

/// A value as text: a string as it is, anything else as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What stands at a place of a message: `status`, `header:NAME`, or a JSON Pointer. `null` counts as something.
pub fn taken(at: &str, status: u16, headers: &[Header], body: Option<&Value>) -> Option<String> {
    if at == "status" {
        return Some(status.to_string());
    }
    if let Some(name) = at.strip_prefix("header:") {
        let mut found = headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name));
        return found.next().map(|h| h.value.clone());
    }
    values(body?, at).first().map(|value| text(value))
}

/// Where an answer says that its next page is: a URL, or a cursor; nothing on the last page (absent, null or empty).
pub fn next_page(pages: &Pages, headers: &[Header], body: Option<&Value>) -> Option<String> {
    let told = match pages.next.as_str() {
        "link" => link(headers, "next")?,
        pointer => match values(body?, pointer).first()? {
            Value::Null | Value::Bool(false) => return None,
            value => text(value),
        },
    };
    (!told.is_empty()).then_some(told)
}

/// The target of a relation in Link headers (RFC 8288 3).
fn link(headers: &[Header], relation: &str) -> Option<String> {
    let links = headers
        .iter()
        .filter(|h| h.name.eq_ignore_ascii_case("link"));
    for header in links {
        let mut rest = header.value.as_str();
        while let Some((_, tail)) = rest.split_once('<') {
            let (target, after) = tail.split_once('>')?;
            let parameters = after.split(",").next().unwrap_or_default();
            let is_it = parameters
                .split(';')
                .filter_map(|p| p.trim().split_once('='))
                .any(|(name, value)| {
                    let names = value.trim().trim_matches('"');
                    name.trim().eq_ignore_ascii_case("rel")
                        && names
                            .split_ascii_whitespace()
                            .any(|r| r.eq_ignore_ascii_case(relation))
                });
            if is_it {
                return Some(target.trim().to_owned());
            }
            rest = after;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pages(next: &str) -> Pages {
        Pages {
            next: next.to_owned(),
            cursor: String::new(),
            items: "/items".to_owned(),
            id: String::new(),
            most: 10,
        }
    }

    #[test]
    fn the_next_page_is_told_by_link_or_pointer() {
        let headers = [Header {
            name: "link".to_owned(),
            value: "</a?p=1>; rel=\"prev\", </a?p=3>; rel=\"next last\"".to_owned(),
        }];
        assert_eq!(
            next_page(&pages("link"), &headers, None).as_deref(),
            Some("/a?p=3")
        );
        assert_eq!(next_page(&pages("link"), &[], None), None);
        let body = json!({"next": "c2", "end": null, "items": [{"id": 1}, {"id": "b"}]});
        assert_eq!(
            next_page(&pages("/next"), &[], Some(&body)).as_deref(),
            Some("c2")
        );
        assert_eq!(next_page(&pages("/end"), &[], Some(&body)), None);
        let ids: Vec<String> = values(&body, "/items/*/id").into_iter().map(text).collect();
        assert_eq!(ids, ["1", "b"]);
        assert_eq!(taken("status", 201, &headers, None).as_deref(), Some("201"));
        assert_eq!(
            taken("/items/1/id", 200, &[], Some(&body)).as_deref(),
            Some("b")
        );
    }
}
