//! Examples that are HTTP text: `> ` what is sent, `< ` what comes back, `! KIND words` what went wrong.

use std::sync::{Arc, LazyLock};

use sha2::{Digest, Sha256};

use crate::check::{Example, Sink, examine_call, examine_drift, examine_platform};
use crate::judge::{differences, judge_relayed};
use crate::model::Problems;
use crate::observe::{Bodies, CallView, Normal, PlatformStep, PlatformView};
use crate::plan::{ApiCase, Variation};
use crate::record::{
    Blob, Exchange, Fault, FaultKind, Header, HttpRequest, HttpResponse, HttpTransfer, Intent,
    Origin, TlsFacts, TokenFacts, Transfer, Wire, WireMessage,
};
use crate::spec::{Api, ApiFiles, hex};

static API: LazyLock<Result<Api, String>> = LazyLock::new(load);

/// The API that examples talk to.
pub(super) fn api() -> Result<&'static Api, String> {
    API.as_ref().map_err(Clone::clone)
}

fn load() -> Result<Api, String> {
    let files = ApiFiles {
        openapi: ("api.yaml", include_bytes!("api.yaml")),
        rules: ("api.toml", include_bytes!("api.toml")),
    };
    let mut problems = Problems::new();
    let mut api = Api::load(files, &mut problems).ok_or_else(|| format!("{problems:?}"))?;
    let message = Arc::new(super::xml::message(&Example::plain(""))?);
    for content in api.contents_mut().filter(|c| !c.message.is_empty()) {
        content.xml = Some(Arc::clone(&message));
    }
    Ok(api)
}

/// Judges the example as a call of the small API.
pub(super) fn examine(example: &Example, out: &mut Sink) -> Result<(), String> {
    if example.attribute("recorded").is_some() || example.attribute("relayed") == Some("true") {
        return foreign(example, out);
    }
    if let Some(step) = example.attribute("step").and_then(PlatformStep::judged) {
        return platform(example, step, out);
    }
    views(example, &mut |view| examine_call(view, out))
}

/// A question to the authorization platform: `step=introspect-good`, and `declared=MEMBER=URL` for metadata.
fn platform(example: &Example, step: PlatformStep, out: &mut Sink) -> Result<(), String> {
    let message = Message::parse(&example.text)?;
    let response = message.came.as_ref().map(|(_, part)| part.body.as_slice());
    let mut exchange = message.exchange(example)?;
    exchange.step = step.as_str().to_owned();
    let declared = example.attribute("declared").unwrap_or("");
    let view = PlatformView::read(&exchange, response, declared).ok_or("no HTTP")?;
    examine_platform(&view, out);
    Ok(())
}

/// A call that no plan made: relayed (`relayed=true`), or replayed (`recorded=STATUS:BODY`).
fn foreign(example: &Example, out: &mut Sink) -> Result<(), String> {
    let message = Message::parse(&example.text)?;
    let request = (!message.sent.body.is_empty()).then_some(message.sent.body.as_slice());
    let response = message.came.as_ref().map(|(_, part)| part.body.as_slice());
    let exchange = message.exchange(example)?;
    let bodies = Bodies { request, response };
    match example.attribute("recorded") {
        Some(recorded) => drifted(&exchange, bodies, recorded, out),
        None => {
            judge_relayed(&exchange, bodies, Some(api()?), "", out);
            Ok(())
        }
    }
}

/// Reads every message of the example as a call of the small API; `---` stands between messages.
pub(super) fn views(example: &Example, look: &mut dyn FnMut(&CallView<'_>)) -> Result<(), String> {
    let api = api()?;
    let case = case(example)?;
    let intent = intent(example)?;
    let granted = example.attribute("granted").map(|scope| TokenFacts {
        scope: Some(scope.to_owned()),
        ..TokenFacts::default()
    });
    for (index, text) in example.text.split("\n---\n").enumerate() {
        let message = Message::parse(text)?;
        let request = (!message.sent.body.is_empty()).then_some(message.sent.body.as_slice());
        let response = message.came.as_ref().map(|(_, part)| part.body.as_slice());
        let mut exchange = message.exchange(example)?;
        exchange.log = format!("LOG-{:04}", index + 1);
        let bodies = Bodies { request, response };
        let view = CallView::read(&exchange, bodies, api, &case, granted.as_ref());
        let mut view = view.map_err(|e| e.en)?;
        view.intent = intent.as_ref();
        look(&view);
    }
    Ok(())
}

/// The attribute `recorded=STATUS:BODY`: the answer that was recorded.
fn drifted(
    exchange: &Exchange,
    bodies: Bodies<'_>,
    recorded: &str,
    out: &mut Sink,
) -> Result<(), String> {
    let (status, body) = recorded.split_once(':').ok_or("recorded=STATUS:BODY")?;
    let Transfer::Http(new) = &exchange.transfer else {
        return Err("no HTTP".to_owned());
    };
    let mut old = (**new).clone();
    if let Some(response) = &mut old.response {
        response.status = status.parse().map_err(|_| format!("no status: {status}"))?;
    }
    let now = (&**new, bodies.response.unwrap_or_default());
    let at = (exchange.at.as_str(), exchange.at.as_str());
    let found = differences((&old, body.as_bytes()), now, &Normal::default(), at);
    examine_drift(exchange, &found, out);
    Ok(())
}

fn case(example: &Example) -> Result<ApiCase, String> {
    let text = |key: &str| example.attribute(key).unwrap_or("").to_owned();
    Ok(ApiCase {
        api: "selftest".to_owned(),
        operation: example
            .attribute("operation")
            .unwrap_or("touroku")
            .to_owned(),
        client: "main".to_owned(),
        variation: variation(example)?,
        target: text("target"),
        scope: text("scope"),
        wait_s: 30,
        ..ApiCase::default()
    })
}

/// The attributes `origin` and `note` (`_` for a space): a call that the harness made itself.
fn intent(example: &Example) -> Result<Option<Intent>, String> {
    let Some(word) = example.attribute("origin") else {
        return Ok(None);
    };
    let origin: Origin = serde_json::from_value(word.into()).map_err(|e| e.to_string())?;
    let text = |key: &str| example.attribute(key).unwrap_or("").replace('_', " ");
    Ok(Some(Intent {
        log: "LOG-0001".to_owned(),
        variation: variation(example)?.as_str().to_owned(),
        target: example.attribute("target").unwrap_or("").to_owned(),
        origin,
        note: text("note"),
        step: String::new(),
    }))
}

/// The attribute `variation`.
pub(super) fn variation(example: &Example) -> Result<Variation, String> {
    let word = example.attribute("variation").unwrap_or("none");
    Variation::of(word).ok_or_else(|| format!("no variation {word}"))
}

#[derive(Default)]
struct Part {
    headers: Vec<Header>,
    body: Vec<u8>,
}

struct Message {
    method: String,
    path: String,
    sent: Part,
    came: Option<(u16, Part)>,
    fault: Option<Fault>,
}

impl Message {
    fn parse(text: &str) -> Result<Self, String> {
        let lines = |mark: char| -> Vec<&str> {
            let marked = text.lines().filter_map(|line| line.strip_prefix(mark));
            marked
                .map(|line| line.strip_prefix(' ').unwrap_or(line))
                .collect()
        };
        let stray = text.lines().find(|l| !l.starts_with(['>', '<', '!']));
        if let Some(line) = stray {
            return Err(format!("a line starts with none of > < !: {line}"));
        }
        let sent = lines('>');
        let (first, rest) = sent.split_first().ok_or("there is no request")?;
        let (method, path) = first
            .split_once(' ')
            .ok_or("the first line is `> POST /path`")?;
        let came = lines('<');
        let came = match came.split_first() {
            Some((status, rest)) => {
                let status = status.parse().map_err(|_| format!("no status: {status}"))?;
                Some((status, part(rest)?))
            }
            None => None,
        };
        Ok(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            sent: part(rest)?,
            came,
            fault: lines('!').first().map(|line| fault(line)).transpose()?,
        })
    }

    fn exchange(&self, example: &Example) -> Result<Exchange, String> {
        let response = self.came.as_ref().map(|(status, part)| HttpResponse {
            status: *status,
            version: "HTTP/1.1".to_owned(),
            headers: part.headers.clone(),
            body: Some(blob(&part.body)),
            truncated: example.attribute("truncated") == Some("true"),
        });
        let duration = example.attribute("duration_ms").unwrap_or("20");
        let body = &self.sent.body;
        let transfer = HttpTransfer {
            request: HttpRequest {
                method: self.method.clone(),
                url: format!("https://api.example:8443{}", self.path),
                headers: self.sent.headers.clone(),
                body: (!body.is_empty()).then(|| blob(body)),
            },
            response,
            fault: self.fault.clone(),
            tls: example.attribute("verified").map(|verified| TlsFacts {
                version: "TLSv1.3".to_owned(),
                certificate_sha256: String::new(),
                verified: verified == "true",
            }),
            token: None,
            wire: wire(example)?,
            timing: None,
        };
        Ok(Exchange {
            log: "LOG-0001".to_owned(),
            case: "C-001".to_owned(),
            step: "call".to_owned(),
            from: "b".to_owned(),
            to: "a".to_owned(),
            at: "2026-11-20T09:00:00.000+09:00".to_owned(),
            duration_ms: duration
                .parse()
                .map_err(|_| format!("no number: {duration}"))?,
            transfer: Transfer::Http(Box::new(transfer)),
        })
    }
}

/// The attribute `broke`: who broke the exchange off, as a relay saw it.
fn wire(example: &Example) -> Result<Option<Box<Wire>>, String> {
    let Some(word) = example.attribute("broke") else {
        return Ok(None);
    };
    let broke = serde_json::from_value(word.into()).map_err(|e| e.to_string())?;
    Ok(Some(Box::new(Wire {
        connection: 1,
        nth: 1,
        request: WireMessage::default(),
        response: None,
        broke: Some(broke),
        consumer_tls: None,
    })))
}

fn blob(bytes: &[u8]) -> Blob {
    Blob {
        sha256: hex(&Sha256::digest(bytes)),
        bytes: bytes.len() as u64,
    }
}

fn part(lines: &[&str]) -> Result<Part, String> {
    let mut part = Part::default();
    let mut lines = lines.iter();
    for line in lines.by_ref().take_while(|line| !line.is_empty()) {
        let (name, value) = line
            .split_once(": ")
            .ok_or_else(|| format!("no header: {line}"))?;
        part.headers.push(Header {
            name: name.to_ascii_lowercase(),
            value: value.to_owned(),
        });
    }
    let body: Vec<&str> = lines.copied().collect();
    part.body = raw_bytes(&body.join("\n"));
    Ok(part)
}

/// `\xHH` as a byte; everything else as UTF-8. JSON has no escape `\x`, so nothing of it is touched.
fn raw_bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        out.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or("");
            }
            None => {
                out.extend_from_slice(b"\\x");
                rest = after;
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

fn fault(line: &str) -> Result<Fault, String> {
    let (word, detail) = line.split_once(' ').unwrap_or((line, ""));
    let kind: FaultKind = serde_json::from_value(word.into()).map_err(|e| e.to_string())?;
    Ok(Fault {
        kind,
        detail: detail.to_owned(),
    })
}
