//! HAR 1.2 (http archive), the form in which browsers and proxies write down what went by. Read with limits; what it holds
//! is somebody else's word about an exchange, never evidence.

use renkei_core::model::{Bilingual, Problem, Problems};
use renkei_core::record::ForeignCall;
use serde::Deserialize;

/// Longest file that is read, in bytes.
pub const MAX_FILE: usize = 256 * 1024 * 1024;
/// Most entries that are read.
const MAX_ENTRIES: usize = 10_000;

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    started_date_time: String,
    #[serde(default)]
    time: f64,
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    text: Option<String>,
    #[serde(default)]
    params: Vec<Param>,
    /// Not of HAR 1.2, which cannot hold binary requests: what renkei and some proxies write.
    #[serde(rename = "_encoding", alias = "encoding")]
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Param {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    status: i64,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    content: Content,
}

#[derive(Default, Deserialize)]
struct Content {
    text: Option<String>,
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    value: String,
}

/// Reads a HAR file. What cannot be read becomes a problem; entries that are no HTTP (`data:`, `ws:`) are left out.
pub fn read_har(file: &str, bytes: &[u8], problems: &mut Problems) -> Vec<ForeignCall> {
    let mut wrong = |ja: String, en: String, help_ja: &str, help_en: &str| {
        problems.push(Problem::of_file(
            file,
            Bilingual::new(ja, en),
            Bilingual::new(help_ja, help_en),
        ));
    };
    if bytes.len() > MAX_FILE {
        wrong(
            format!("{MAX_FILE} バイトより大きいHARは読めません"),
            format!("a HAR file of more than {MAX_FILE} bytes is not read"),
            "必要な通信だけを書き出し直してください",
            "export only what is needed",
        );
        return Vec::new();
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let har: Har = match serde_json::from_slice(bytes) {
        Ok(har) => har,
        Err(e) => {
            wrong(
                format!("HAR 1.2として読めません（{e}）"),
                format!("not HAR 1.2 ({e})"),
                "ブラウザーやプロキシの「HARとして保存」で書き出したファイルを指定してください",
                "give a file that a browser or proxy saved as HAR",
            );
            return Vec::new();
        }
    };
    if har.log.entries.len() > MAX_ENTRIES {
        wrong(
            format!(
                "通信が{}件あります（上限{MAX_ENTRIES}件）",
                har.log.entries.len()
            ),
            format!(
                "{} entries; at most {MAX_ENTRIES} are read",
                har.log.entries.len()
            ),
            "必要な通信だけを書き出し直してください",
            "export only what is needed",
        );
        return Vec::new();
    }
    let mut calls = Vec::new();
    for (n, entry) in har.log.entries.into_iter().enumerate() {
        if !entry.request.url.starts_with("http://") && !entry.request.url.starts_with("https://") {
            continue;
        }
        match call(entry) {
            Ok(call) => calls.push(call),
            Err(place) => wrong(
                format!("entries[{n}] の {place} がbase64として読めません"),
                format!("{place} of entries[{n}] is not base64"),
                "書き出し元で本文を含めて保存し直してください",
                "export again with bodies",
            ),
        }
    }
    calls
}

fn call(entry: Entry) -> Result<ForeignCall, &'static str> {
    let pairs = |list: Vec<Pair>| -> Vec<(String, String)> {
        // HTTP/2 pseudo-headers are no header fields.
        list.into_iter()
            .filter(|p| !p.name.starts_with(':'))
            .map(|p| (p.name, p.value))
            .collect()
    };
    let mut request_headers = pairs(entry.request.headers);
    let mut request_body = Vec::new();
    if let Some(post) = entry.request.post_data {
        request_body = match post.text.filter(|t| !t.is_empty()) {
            Some(text) => decode(text, post.encoding.as_deref()).ok_or("postData.text")?,
            None => form(&post.params),
        };
        let told = request_headers
            .iter()
            .any(|(n, _)| n.eq_ignore_ascii_case("content-type"));
        if !told && !post.mime_type.is_empty() {
            request_headers.push(("content-type".to_owned(), post.mime_type));
        }
    }
    let content = entry.response.content;
    let mut response_headers = pairs(entry.response.headers);
    // HAR holds bodies after content decoding; the header would say otherwise.
    response_headers.retain(|(n, _)| !n.eq_ignore_ascii_case("content-encoding"));
    Ok(ForeignCall {
        method: entry.request.method,
        url: entry.request.url,
        request_headers,
        request_body,
        status: u16::try_from(entry.response.status)
            .ok()
            .filter(|s| (100..1000).contains(s))
            .unwrap_or(0),
        response_headers,
        response_body: match content.text {
            Some(text) => decode(text, content.encoding.as_deref()).ok_or("content.text")?,
            None => Vec::new(),
        },
        at: entry.started_date_time,
        duration_ms: if entry.time.is_finite() && entry.time > 0.0 {
            entry.time as u64
        } else {
            0
        },
    })
}

fn form(params: &[Param]) -> Vec<u8> {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                    char::from(b).to_string()
                }
                b' ' => "+".to_owned(),
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> = params
        .iter()
        .map(|p| format!("{}={}", escape(&p.name), escape(&p.value)))
        .collect();
    pairs.join("&").into_bytes()
}

fn decode(text: String, encoding: Option<&str>) -> Option<Vec<u8>> {
    match encoding {
        Some("base64") => base64(&text),
        _ => Some(text.into_bytes()),
    }
}

/// RFC 4648 section 4; line breaks are passed over.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_become_calls() {
        let har = r#"{"log":{"version":"1.2","entries":[
{"startedDateTime":"2026-11-23T10:00:00Z","time":12.7,"request":{"method":"POST","url":"https://h/a","headers":[{"name":":path","value":"/a"},{"name":"X","value":"y"}],"postData":{"mimeType":"application/json","text":"{}"}},"response":{"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"text":"gv+CXA==","encoding":"base64"}}},
{"request":{"method":"GET","url":"data:x"},"response":{}},
{"request":{"method":"POST","url":"http://h/f","postData":{"params":[{"name":"a b","value":"c&d"}]}},"response":{"status":0}}]}}"#;
        let mut problems = Problems::new();
        let calls = read_har("x.har", har.as_bytes(), &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(calls.len(), 2);
        assert_eq!(
            calls[0].request_headers,
            [
                ("X".into(), "y".into()),
                ("content-type".into(), "application/json".into())
            ]
        );
        assert_eq!(
            (
                calls[0].response_body.as_slice(),
                calls[0].response_headers.len(),
                calls[0].duration_ms
            ),
            (&b"\x82\xFF\x82\x5C"[..], 0, 12)
        );
        assert_eq!(
            (calls[1].request_body.as_slice(), calls[1].status),
            (&b"a+b=c%26d"[..], 0)
        );
    }

    #[test]
    fn what_is_no_har_is_told() {
        for text in [
            "",
            "{}",
            "[1,2",
            r#"{"log":{"entries":[{"request":{"method":"GET","url":"http://h"},"response":{"content":{"text":"!","encoding":"base64"}}}]}}"#,
        ] {
            let mut problems = Problems::new();
            assert!(read_har("x.har", text.as_bytes(), &mut problems).is_empty());
            assert_eq!(problems.len(), 1, "{text}");
        }
    }
}
