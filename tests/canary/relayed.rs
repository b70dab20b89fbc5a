//! Calls through a relay that carry planted values wherever a request or an answer has room for them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use super::seek::Seeker;
use super::{
    ADDRESS, HALF, KANA, MAIL, NAME, PHONE, SECRET, files, is_evidence, my_number, nothing,
    search_all, seeker,
};
use crate::harness::Bench;
use crate::relay::{Relay, curl};

const API: &str = r#"
openapi: 3.0.3
info: { title: persons, version: '1' }
paths:
  /persons/{id}:
    get:
      operationId: getPerson
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: limit, in: query, schema: { type: integer } }
      responses:
        '200':
          description: ok
          headers: { X-Count: { required: true, schema: { type: integer } } }
          content: { application/json: { schema: { type: object, required: [id], additionalProperties: false, properties: { id: { type: integer }, code: { type: string, enum: ['1', '2'] }, tel: { type: string, pattern: '^x$' }, list: { type: array, maxItems: 1, items: { type: integer } } } } } }
        '400': { description: refused, content: { application/json: { schema: { type: object, required: [error], properties: { error: { type: string, maxLength: 4 } } } } } }
  /persons:
    post:
      operationId: addPerson
      requestBody:
        required: true
        content: { application/json: { schema: { type: object, required: [code], additionalProperties: false, properties: { code: { type: string, maxLength: 2 } } } } }
      responses:
        '201': { description: made, content: { application/json: { schema: { type: object } } } }
"#;

/// Echoes what it was given wherever an answer has room for it.
pub(crate) fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            std::thread::spawn(move || answer(tcp));
        }
    });
    port
}

fn answer(tcp: TcpStream) {
    let mut lines = BufReader::new(tcp.try_clone().expect("a second handle"));
    let mut out = tcp;
    let (mut start, mut length) = (String::new(), 0);
    let _ = lines.read_line(&mut start);
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) <= 2 {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    let _ = lines.read_exact(&mut body);
    let number = my_number();
    let json = format!(
        r#"{{"id":"{NAME}","{NAME}":1,"{PHONE}":2,"code":"{PHONE}","tel":"{MAIL}","list":["{KANA}","{number}",3],"{number}":"{ADDRESS}"}}"#
    );
    let broken = format!(r#"{{"error":"{NAME} {number} {PHONE}","error":"{KANA}"#);
    let (status, kind, body) = match start.split_whitespace().nth(1).unwrap_or_default() {
        path if path.contains("/1") => ("200 OK", "application/json", json),
        path if path.contains("/2") => (
            "400 Bad Request",
            "application/json",
            format!(r#"{{"error":"{NAME}{number}"}}"#),
        ),
        path if path.contains("/3") => ("200 OK", "application/json", broken),
        path if path.contains("/4") => (
            "500 Oops",
            "text/html; name=\"鷺沼珠緒\"",
            format!("<p>{NAME} {number}</p>"),
        ),
        path if path.contains("/5") => ("302 Found", "text/plain", String::new()),
        _ => ("201 Created", "application/json", json),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nX-Count: {NAME}\r\nX-Person: {NAME}; {number}\r\nSet-Cookie: sid={SECRET}\r\nX-Api-Token: {SECRET}\r\nLocation: http://127.0.0.1:9/p/{number}?tel={PHONE}\r\nX-{number}: 1\r\nContent-Disposition: attachment; filename=\"{NAME}.csv\"\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = out.write_all(answer.as_bytes());
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// Calls that carry planted values wherever a request has room for them.
fn call_with_values(url: &str) {
    let number = my_number();
    let header = |name: &str, value: &str| ["-H".to_owned(), format!("{name}: {value}")];
    let targets = [
        format!(
            "{url}/persons/1?limit=10&name={}&tel={PHONE}",
            percent(NAME)
        ),
        format!("{url}/persons/2?{}={number}", percent(NAME)),
        format!("{url}/persons/3?mail={MAIL}"),
        format!("{url}/persons/4?kana={}", percent(HALF)),
        format!("{url}/persons/5"),
        format!("{url}/persons/{}", percent(NAME)),
        format!("{url}/{number}/{PHONE}/{}", percent(ADDRESS)),
        format!("{url}/persons?access_token={SECRET}"),
        // Escaped in part, escaped twice, read from the end.
        format!(
            "{url}/persons/1?n={}%E6%B2%BC&tel=0907731%34402",
            percent("鷺")
        ),
        format!("{url}/persons/1?n={}", percent(&percent(NAME))),
        format!("{url}/persons/s%61ginuma.tamao?mail=s%61ginuma.t%61mao%40kakuu.example"),
        format!(
            "{url}/persons/1?n={}",
            percent(&NAME.chars().rev().collect::<String>())
        ),
        format!(
            "{url}/persons/%37%33%31440228/{}?tel={}",
            &number[9..],
            PHONE.chars().rev().collect::<String>()
        ),
        format!("{url}/persons/1?limit=&#x9DFA;&#27836;"),
    ];
    for target in &targets {
        let mut args: Vec<String> = vec![target.clone()];
        args.extend(header("X-Person", NAME));
        args.extend(header("X-Tel", PHONE));
        args.extend(header("Cookie", &format!("sid={SECRET}; n={number}")));
        args.extend(header("Authorization", &format!("Bearer {SECRET}")));
        args.extend(header("X-Api-Key", SECRET));
        args.extend(header(&format!("X-{number}"), "1"));
        args.extend(header("User-Agent", &format!("client {NAME} {number}")));
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        curl(&args);
    }
    for body in [
        format!(r#"{{"{NAME}":"{number}","code":"{PHONE}"}}"#),
        format!(r#"{{"code":"{NAME}","code":"{KANA}","{number}":[1]}}"#),
        format!(r#"{{"code":"{NAME}"#),
        format!("client_secret={SECRET}&name={}", percent(NAME)),
    ] {
        curl(&[
            "-X",
            "POST",
            "-H",
            "Content-Type: application/json",
            "-d",
            &body,
            &format!("{url}/persons"),
        ]);
    }
}

#[test]
fn nothing_that_went_through_a_relay_is_shown() {
    let bench = Bench::new();
    bench.write("given-api.yaml", API);
    let to = format!("http://127.0.0.1:{}", echo());
    let relay = Relay::start(
        &bench,
        &to,
        &["--openapi", "given-api.yaml", "--data-class", "fictional"],
    );
    call_with_values(&relay.url);
    let (_, document) = relay.stop();
    let seeker = seeker();
    let mut found = seeker.seek("stdout of relay", document.to_string().as_bytes());
    assert!(
        document["findings"].as_array().is_some_and(|f| f.len() > 8),
        "{document}"
    );
    let run = std::fs::read_dir(bench.path().join("runs"))
        .expect("runs")
        .flatten()
        .next()
        .expect("a run")
        .path();
    found.extend(search_all(&bench, &seeker, &run));
    let replayed = bench.renkei(&[
        "replay",
        &run.display().to_string(),
        "--to",
        &to,
        "--out",
        "again",
    ]);
    found.extend(seeker.seek("replay", replayed.stdout.as_bytes()));
    found.extend(seeker.seek("replay", replayed.stderr.as_bytes()));
    for path in files(&bench.path().join("again")) {
        if !is_evidence(&path.display().to_string()) {
            found.extend(seeker.seek("replay bundle", &std::fs::read(&path).expect("readable")));
        }
    }
    // Secrets are not even kept.
    for path in files(bench.path()) {
        let bytes = std::fs::read(&path).expect("readable");
        found.extend(Seeker::new(&[SECRET]).seek(&path.display().to_string(), &bytes));
    }
    nothing(found);
}
