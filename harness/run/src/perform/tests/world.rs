//! The world of these tests: a plan, two vendors, stand-ins in tasks of the same process.

use std::collections::BTreeMap;
use std::path::PathBuf;

use renkei_core::agreement::{ClientAuth, Profile};
use renkei_core::plan::{Plan, Variables};
use renkei_core::record::{Blob, Exchange, FileTransfer, HttpTransfer, Stamped, Tool, Transfer};
use renkei_core::spec::Api;

use super::super::*;
use crate::clock::Clock;
use crate::scene::{numbering, scopes};
use crate::secret::Secret;
use crate::stand_in::{ClientConfig, ProviderConfig, Ready, ReceiverConfig, provide, receive};
use crate::store::Bundle;
use crate::store::tests_support::scratch;

pub(super) const SECRET: &str = "CANARY-SECRET-0123456789abcdef0123456789";
pub(super) const MAIN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1";
pub(super) const BRIEF: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA2";

pub(super) const PROFILE_A: &str = r#"
schema = "renkei.profile/v1"
name = { ja = "A社", en = "A" }
[system]
kind = "standard"
product = "P"
version = "1"
[endpoints.api]
url = "{stand_in.a-api.url}"
ca = "{stand_in.a-api.ca}"
[endpoints.token]
url = "{stand_in.a-api.url}/oauth/v1/token"
ca = "{stand_in.a-api.ca}"
"#;

pub(super) const PROFILE_B: &str = r#"
schema = "renkei.profile/v1"
name = { ja = "B社", en = "B" }
[system]
kind = "standard"
product = "Q"
version = "1"
[clients.main]
auth = "client_secret_jwt"
client_id = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1"
secret = { file = "secret.txt" }
[clients.short-lived]
auth = "client_secret_jwt"
client_id = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA2"
secret = { file = "secret.txt" }
"#;

pub(super) const PLAN_HEAD: &str = r#"
schema = "renkei.plan/v1"
title = { ja = "試", en = "t" }
data_class = "fictional"
packs = []
party = [{ id = "a", profile = "vendor-a/profile.toml", stand_in = true }, { id = "b", profile = "vendor-b/profile.toml" }]
[[linkage]]
id = "L"
title = { ja = "連", en = "l" }
from = "a"
to = "b"
"#;

pub(super) fn file_case(id: &str, name: &str) -> String {
    format!(
        r#"
[[case]]
id = "{id}"
title = {{ ja = "ファイル", en = "file" }}
linkage = "L"
[case.file]
layout = "p/l"
outbox = "vendor-a/outbox"
name = "{name}"
inbox = "{{work}}/b/inbox"
receipt = "{{work}}/b/receipts/{{name}}.receipt.json"
wait_s = 2
"#
    )
}

pub(super) fn api_case(id: &str, more: &str) -> String {
    format!(
        r#"
[[case]]
id = "{id}"
title = {{ ja = "呼び出し", en = "call" }}
linkage = "L"
[case.api]
api = "p/fuban"
operation = "jutogaishaatenabangofuban"
body = "vendor-b/new.json"
wait_s = 5
{more}
"#
    )
}

pub(super) struct World {
    pub(super) dir: tempfile::TempDir,
    pub(super) plan: Plan,
    pub(super) profiles: BTreeMap<String, Profile>,
    pub(super) apis: BTreeMap<String, Api>,
    pub(super) tape: Tape,
    pub(super) variables: Variables,
    pub(super) stop: Stop,
    pub(super) seen: Vec<String>,
}

pub(super) fn tool() -> Tool {
    Tool {
        name: "renkei".to_owned(),
        version: "0".to_owned(),
    }
}

impl World {
    pub(super) fn new(cases: &[String]) -> Self {
        let dir = scratch();
        let put = |path: &str, bytes: &[u8]| {
            crate::store::write_file(&dir.path().join(path), bytes)
                .unwrap_or_else(|e| panic!("{e}"));
        };
        put("vendor-a/outbox/a.csv", "1,髙\r\n2,𠮷\r\n".as_bytes());
        put("vendor-b/secret.txt", format!("{SECRET}\n").as_bytes());
        put("vendor-b/new.json", br#"{"shorikubun":"0","shikuchosonkodo":"131016","nayosemotofuragu":"0","sosashaid":"OP1","sosanengappi":"2026-10-01","sosajikoku":"09:00:00"}"#);
        let mut problems = Vec::new();
        let text = format!("{PLAN_HEAD}{}", cases.concat());
        let plan = Plan::load("plan.toml", text.as_bytes(), &mut problems);
        let mut profiles = BTreeMap::new();
        for (id, text) in [("a", PROFILE_A), ("b", PROFILE_B)] {
            if let Some(profile) = Profile::load("profile.toml", text.as_bytes(), &mut problems) {
                profiles.insert(id.to_owned(), profile);
            }
        }
        assert!(problems.is_empty(), "{problems:?}");
        let tape = Tape::create(&dir.path().join("runs"), tool(), &Clock::system());
        let tape = tape.unwrap_or_else(|e| panic!("{e}"));
        let work = tape.work().unwrap_or_else(|e| panic!("{e}"));
        Self {
            plan: plan.unwrap_or_else(|| panic!("no plan")),
            profiles,
            apis: BTreeMap::from([("p/fuban".to_owned(), numbering())]),
            variables: Variables(BTreeMap::from([(
                "work".to_owned(),
                work.display().to_string(),
            )])),
            tape,
            dir,
            stop: Stop::new(),
            seen: Vec::new(),
        }
    }

    pub(super) fn work(&self) -> PathBuf {
        PathBuf::from(&self.variables.0["work"])
    }

    pub(super) async fn provider(&mut self, misbehave: &[&str]) {
        let api = numbering();
        let client = |id: &str, lifetime| ClientConfig {
            client_id: id.to_owned(),
            auth: ClientAuth::ClientSecretJwt,
            secret: Secret::new(SECRET),
            certificate: String::new(),
            token_lifetime_s: lifetime,
        };
        let config = ProviderConfig {
            id: "a-api".to_owned(),
            work: self.work(),
            port: 0,
            scopes: scopes(&api),
            openapi: api.document,
            api_path: String::new(),
            token_path: "/oauth/v1/token".to_owned(),
            audiences: Vec::new(),
            clients: vec![client(MAIN, 300), client(BRIEF, 1)],
            jwt_tokens: false,
            misbehave: misbehave.iter().map(|m| (*m).to_owned()).collect(),
            stop_with_stdin: false,
        };
        let bound = provide(config, &Clock::system(), self.stop_of_stand_ins()).await;
        let Ready { url, ca, .. } = bound.map(|b| b.ready).unwrap_or_else(|e| panic!("{e}"));
        self.variables
            .0
            .insert("stand_in.a-api.url".to_owned(), url);
        self.variables.0.insert("stand_in.a-api.ca".to_owned(), ca);
    }

    /// Stand-ins of a test end with the test's runtime.
    pub(super) fn stop_of_stand_ins(&self) -> Stop {
        Stop::new()
    }

    pub(super) fn receiver(&self, misbehave: &[&str]) {
        let config = ReceiverConfig {
            id: "b-receiver".to_owned(),
            inbox: self.work().join("b/inbox"),
            receipts: self.work().join("b/receipts"),
            store: self.work().join("stored"),
            forms: BTreeMap::new(),
            misbehave: misbehave.iter().map(|m| (*m).to_owned()).collect(),
            stop_with_stdin: false,
        };
        assert!(receive(config, self.stop_of_stand_ins()).is_ok());
    }

    pub(super) async fn perform(&mut self) -> Vec<Stamped> {
        let apis: BTreeMap<String, &Api> = self
            .apis
            .iter()
            .map(|(id, api)| (id.clone(), api))
            .collect();
        let scene = Scene {
            plan: &self.plan,
            profiles: &self.profiles,
            apis: &apis,
            base: self.dir.path(),
            variables: &self.variables,
        };
        let seen = &mut self.seen;
        let mut listener = |p: &Progress| seen.push(format!("{p:?}"));
        let settings = Settings::default();
        let done = perform(&scene, &settings, &mut self.tape, &mut listener, &self.stop).await;
        assert!(done.is_ok(), "{done:?}");
        assert!(self.tape.finish().is_ok());
        self.events()
    }

    pub(super) fn events(&self) -> Vec<Stamped> {
        let bundle = Bundle::open(self.tape.folder()).unwrap_or_else(|e| panic!("{e}"));
        assert!(bundle.verify().is_ok_and(|v| v.differences.is_empty()));
        bundle.events().unwrap_or_else(|e| panic!("{e}")).events
    }

    pub(super) fn bytes(&self, blob: Option<&Blob>) -> Vec<u8> {
        blob.and_then(|b| self.tape.blobs().bytes(b, u64::MAX).ok())
            .unwrap_or_default()
    }

    pub(super) fn body(&self, http: &HttpTransfer) -> serde_json::Value {
        let blob = http.response.as_ref().and_then(|r| r.body.as_ref());
        serde_json::from_slice(&self.bytes(blob)).unwrap_or_default()
    }
}

pub(super) fn exchanges<'e>(events: &'e [Stamped], case: &str) -> Vec<&'e Exchange> {
    events
        .iter()
        .filter_map(|e| match &e.event {
            Event::Exchanged(exchange) if exchange.case == case => Some(exchange.as_ref()),
            _ => None,
        })
        .collect()
}

pub(super) fn file(exchange: &Exchange) -> &FileTransfer {
    match &exchange.transfer {
        Transfer::File(file) => file,
        Transfer::Http(_) => panic!("not a file"),
    }
}

pub(super) fn http(exchange: &Exchange) -> &HttpTransfer {
    match &exchange.transfer {
        Transfer::Http(http) => http,
        Transfer::File(_) => panic!("not HTTP"),
    }
}

pub(super) fn ended(events: &[Stamped], wanted: &str) -> (Option<NotRunReason>, Option<String>) {
    let end = events.iter().find_map(|e| match &e.event {
        Event::CaseEnded {
            case,
            not_run,
            tool_error,
        } if case == wanted => Some((not_run.clone(), tool_error.clone())),
        _ => None,
    });
    end.unwrap_or_else(|| panic!("{wanted} has no end"))
}

pub(super) fn status(exchange: &Exchange) -> Option<u16> {
    http(exchange).response.as_ref().map(|r| r.status)
}

pub(super) fn steps(exchanges: &[&Exchange]) -> Vec<String> {
    exchanges.iter().map(|e| e.step.clone()).collect()
}
