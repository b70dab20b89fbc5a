//! The examples of an OpenAPI document as calls: what its author expects to be sent and answered.

use serde_json::Value;

use renkei_core::record::ForeignCall;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];
/// Longest chain of `$ref` that is followed: more is a circle.
const REF_DEPTH: usize = 32;

/// Calls of each operation whose parameters and body all have examples: one for each name under which `examples` stand,
/// since those of one name belong together. The answer is that of the same name, or the first, of its first success. The
/// second value names the operations that lack an example.
pub fn calls_of_openapi(document: &Value) -> (Vec<ForeignCall>, Vec<String>) {
    let (mut calls, mut without) = (Vec::new(), Vec::new());
    let base = document
        .pointer("/servers/0/url")
        .and_then(Value::as_str)
        .filter(|u| u.starts_with("http") && !u.contains('{'));
    let base = base
        .unwrap_or("https://example.invalid")
        .trim_end_matches('/');
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let source = Source {
                document,
                base,
                item,
                operation,
            };
            let before = calls.len();
            for name in source.names() {
                let call = source.call(path, method, name);
                calls.extend(call.filter(|call| !calls.contains(call)));
            }
            if calls.len() == before {
                without.push(format!("{} {path}", method.to_ascii_uppercase()));
            }
        }
    }
    (calls, without)
}

/// An operation in its document.
struct Source<'v> {
    document: &'v Value,
    base: &'v str,
    item: &'v Value,
    operation: &'v Value,
}

impl<'v> Source<'v> {
    /// What may have examples, resolved: parameters, then the contents of the body.
    fn parameters(&self) -> impl Iterator<Item = &'v Value> {
        let (document, lists) = (self.document, [self.item, self.operation]);
        let lists = lists.map(|holder| holder.get("parameters").and_then(Value::as_array));
        let all = lists.into_iter().flatten().flatten();
        all.filter_map(move |parameter| resolve(document, parameter))
    }

    /// Names of examples, in their order; one nameless where there are none.
    fn names(&self) -> Vec<Option<&'v str>> {
        let body = self.operation.get("requestBody");
        let body = body.and_then(|b| resolve(self.document, b)?.get("content")?.as_object());
        let media = body.into_iter().flatten().map(|(_, media)| media);
        let mut names: Vec<Option<&str>> = Vec::new();
        for holder in self.parameters().chain(media) {
            let named = holder.get("examples").and_then(Value::as_object);
            for name in named.into_iter().flatten().map(|(name, _)| name.as_str()) {
                if !names.contains(&Some(name)) {
                    names.push(Some(name));
                }
            }
        }
        if names.is_empty() {
            names.push(None);
        }
        names
    }

    fn call(&self, path: &str, method: &str, named: Option<&str>) -> Option<ForeignCall> {
        let (document, base, operation) = (self.document, self.base, self.operation);
        let mut path = path.to_owned();
        let mut query = Vec::new();
        let mut headers = Vec::new();
        for parameter in self.parameters() {
            let name = parameter.get("name")?.as_str()?;
            let place = parameter.get("in")?.as_str()?;
            let Some(value) = example(document, parameter, named).map(|v| plain(&v)) else {
                if parameter.get("required") == Some(&Value::Bool(true)) {
                    return None;
                }
                continue;
            };
            match place {
                "path" => path = path.replace(&format!("{{{name}}}"), &escape(&value)),
                "query" => query.push(format!("{}={}", escape(name), escape(&value))),
                "header" => headers.push((name.to_owned(), value)),
                _ => {}
            }
        }
        if path.contains('{') {
            return None;
        }
        let mut body = Vec::new();
        if let Some(request) = operation.get("requestBody") {
            let request = resolve(document, request)?;
            match json_content(document, request, named) {
                Some((media_type, value)) => {
                    headers.push(("content-type".to_owned(), media_type));
                    body = value.to_string().into_bytes();
                }
                None if request.get("required") == Some(&Value::Bool(true)) => return None,
                None => {}
            }
        }
        let (status, response_headers, response_body) = success(document, operation, named);
        let query = if query.is_empty() {
            String::new()
        } else {
            format!("?{}", query.join("&"))
        };
        Some(ForeignCall {
            method: method.to_ascii_uppercase(),
            url: format!("{base}{path}{query}"),
            request_headers: headers,
            request_body: body,
            status,
            response_headers,
            response_body,
            ..ForeignCall::default()
        })
    }
}

type Answer = (u16, Vec<(String, String)>, Vec<u8>);

fn success(document: &Value, operation: &Value, named: Option<&str>) -> Answer {
    let responses = operation.get("responses").and_then(Value::as_object);
    for (status, response) in responses
        .into_iter()
        .flatten()
        .filter(|(s, _)| s.starts_with('2'))
    {
        let Ok(status) = status.parse() else { continue };
        let content = resolve(document, response).and_then(|r| json_content(document, r, named));
        return match content {
            Some((media_type, value)) => (
                status,
                vec![("content-type".to_owned(), media_type)],
                value.to_string().into_bytes(),
            ),
            None => (status, Vec::new(), Vec::new()),
        };
    }
    (0, Vec::new(), Vec::new())
}

fn json_content(document: &Value, holder: &Value, named: Option<&str>) -> Option<(String, Value)> {
    let content = holder.get("content")?.as_object()?;
    content
        .iter()
        .filter(|(name, _)| name.contains("json"))
        .find_map(|(name, media)| Some((name.clone(), example(document, media, named)?)))
}

/// `example`, the one of that name or the first of `examples`, or the schema's own; `default` counts as one.
fn example(document: &Value, holder: &Value, named: Option<&str>) -> Option<Value> {
    if let Some(value) = holder.get("example") {
        return Some(value.clone());
    }
    if let Some(first) = holder
        .get("examples")
        .and_then(Value::as_object)
        .and_then(|e| named.and_then(|n| e.get(n)).or_else(|| e.values().next()))
    {
        return resolve(document, first)?.get("value").cloned();
    }
    of_schema(document, resolve(document, holder.get("schema")?)?, 8)
}

fn of_schema(document: &Value, schema: &Value, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    for key in ["example", "default", "const"] {
        if let Some(value) = schema.get(key) {
            return Some(value.clone());
        }
    }
    if let Some(first) = schema
        .get("examples")
        .and_then(Value::as_array)
        .and_then(|e| e.first())
    {
        return Some(first.clone());
    }
    if let Some(members) = schema.get("properties").and_then(Value::as_object) {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut out = serde_json::Map::new();
        for (name, member) in members {
            match of_schema(document, resolve(document, member)?, depth) {
                Some(value) => drop(out.insert(name.clone(), value)),
                None if required.contains(&name.as_str()) => return None,
                None => {}
            }
        }
        return Some(Value::Object(out));
    }
    let item = schema.get("items")?;
    Some(Value::Array(vec![of_schema(
        document,
        resolve(document, item)?,
        depth,
    )?]))
}

fn resolve<'v>(document: &'v Value, value: &'v Value) -> Option<&'v Value> {
    let mut value = value;
    for _ in 0..REF_DEPTH {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => value = document.pointer(reference.strip_prefix('#')?)?,
            None => return Some(value),
        }
    }
    None
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn examples_of_one_name_belong_together() {
        let body = |ok: &str, odd: &str| {
            json!({"content": {"application/json": {"examples": {
                "usual": {"value": {"n": ok}}, "long": {"value": {"n": odd}}}}}})
        };
        let document = json!({"paths": {"/a": {"post": {
            "parameters": [{"name": "q", "in": "query", "examples": {"long": {"value": 2}}}],
            "requestBody": body("a", "aaaa"),
            "responses": {"200": body("b", "bbbb")},
        }}}});
        let (calls, without) = calls_of_openapi(&document);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let told: Vec<_> = calls
            .iter()
            .map(|c| (c.url.clone(), text(&c.request_body), text(&c.response_body)))
            .collect();
        let wanted = |n: &str, m: &str| {
            let body = |v: &str| format!("{{\"n\":\"{v}\"}}");
            ("https://example.invalid/a?q=2".to_owned(), body(n), body(m))
        };
        assert!(without.is_empty());
        assert_eq!(told.len(), 2);
        assert!(told.contains(&wanted("aaaa", "bbbb")), "{told:?}");
        assert!(told.contains(&wanted("a", "b")), "{told:?}");
    }

    #[test]
    fn examples_become_calls_and_what_lacks_them_is_named() {
        let document = json!({
            "servers": [{"url": "https://h/v1/"}],
            "paths": {
                "/a/{id}": {
                    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/x/id"}}],
                    "get": {"parameters": [{"name": "q", "in": "query", "example": "架 空"}], "responses": {"200": {"content": {"application/json": {"example": {"id": 7}}}}}},
                    "post": {"requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object"}}}}, "responses": {}}
                }
            },
            "x": {"id": {"type": "integer", "example": 7}}
        });
        let (calls, without) = calls_of_openapi(&document);
        assert_eq!(without, ["POST /a/{id}"]);
        assert_eq!(calls[0].url, "https://h/v1/a/7?q=%E6%9E%B6%20%E7%A9%BA");
        assert_eq!(
            (calls[0].status, calls[0].response_body.as_slice()),
            (200, &br#"{"id":7}"#[..])
        );
    }
}
