//! The examples of an OpenAPI document as calls: what its author expects to be sent and answered.

use serde_json::Value;

use crate::har::ForeignCall;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];
/// Longest chain of `$ref` that is followed: more is a circle.
const REF_DEPTH: usize = 32;

/// One call for each operation whose parameters and body all have examples; the answer is the example of its first success.
/// The second value names the operations that lack one.
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
            match call(document, base, path, item, method, operation) {
                Some(call) => calls.push(call),
                None => without.push(format!("{} {path}", method.to_ascii_uppercase())),
            }
        }
    }
    (calls, without)
}

fn call(
    document: &Value,
    base: &str,
    path: &str,
    item: &Value,
    method: &str,
    operation: &Value,
) -> Option<ForeignCall> {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    let mut headers = Vec::new();
    let parameters = [item.get("parameters"), operation.get("parameters")];
    for parameter in parameters
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
    {
        let parameter = resolve(document, parameter)?;
        let name = parameter.get("name")?.as_str()?;
        let place = parameter.get("in")?.as_str()?;
        let Some(value) = example(document, parameter).map(|v| plain(&v)) else {
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
        match json_content(document, request) {
            Some((media_type, value)) => {
                headers.push(("content-type".to_owned(), media_type));
                body = value.to_string().into_bytes();
            }
            None if request.get("required") == Some(&Value::Bool(true)) => return None,
            None => {}
        }
    }
    let (status, response_headers, response_body) = success(document, operation);
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

type Answer = (u16, Vec<(String, String)>, Vec<u8>);

fn success(document: &Value, operation: &Value) -> Answer {
    let responses = operation.get("responses").and_then(Value::as_object);
    for (status, response) in responses
        .into_iter()
        .flatten()
        .filter(|(s, _)| s.starts_with('2'))
    {
        let Ok(status) = status.parse() else { continue };
        let content = resolve(document, response).and_then(|r| json_content(document, r));
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

fn json_content(document: &Value, holder: &Value) -> Option<(String, Value)> {
    let content = holder.get("content")?.as_object()?;
    content
        .iter()
        .filter(|(name, _)| name.contains("json"))
        .find_map(|(name, media)| Some((name.clone(), example(document, media)?)))
}

/// `example`, the first of `examples`, or the schema's own; `default` counts as one.
fn example(document: &Value, holder: &Value) -> Option<Value> {
    if let Some(value) = holder.get("example") {
        return Some(value.clone());
    }
    if let Some(first) = holder
        .get("examples")
        .and_then(Value::as_object)
        .and_then(|e| e.values().next())
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
