//! A whole run against stand-ins: real files, real TLS, everything written down, no secret anywhere.

mod world;

use std::path::{Path, PathBuf};
use std::time::Duration;

use renkei_core::record::{FaultKind, Transfer};

use super::*;
use world::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_fetched_delivered_and_answered() {
    let mut world = World::new(&[file_case("C-001", "a.csv"), file_case("C-002", "none.csv")]);
    world.receiver(&[]);
    let events = world.perform().await;
    let moved = exchanges(&events, "C-001");
    assert_eq!(steps(&moved), ["fetch", "deliver", "receipt"]);
    assert_eq!((moved[0].from.as_str(), moved[2].from.as_str()), ("a", "b"));
    let sent = file(moved[0]).content.clone();
    assert_eq!(sent, file(moved[1]).content);
    assert_eq!(world.bytes(sent.as_ref()), "1,髙\r\n2,𠮷\r\n".as_bytes());
    assert_eq!(file(moved[1]).place, "{work}/b/inbox");
    let receipt: serde_json::Value =
        serde_json::from_slice(&world.bytes(file(moved[2]).content.as_ref())).unwrap_or_default();
    assert_eq!(receipt["records"], 2);
    assert_eq!(
        receipt["sha256"].as_str(),
        sent.as_ref().map(|b| b.sha256.as_str())
    );
    assert_eq!(ended(&events, "C-001"), (None, None));
    assert_eq!(
        ended(&events, "C-002").0,
        Some(NotRunReason::BlockedBy("input:C-002".to_owned()))
    );
    assert!(exchanges(&events, "C-002").is_empty());
    assert!(
        events
            .iter()
            .any(|e| matches!(&e.event, Event::Waiting { party, .. } if party == "b"))
    );
    assert!(
        world
            .seen
            .iter()
            .any(|p| p.contains("Waiting") && p.contains("left_s: 2"))
    );
    assert!(matches!(
        events.last().map(|e| &e.event),
        Some(Event::RunEnded { interrupted: false })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_old_receipt_is_a_fact() {
    for old in [false, true] {
        let mut world = World::new(&[file_case("C-001", "a.csv")]);
        world.receiver(&["no-receipt"]);
        if old {
            let path = world.work().join("b/receipts/a.csv.receipt.json");
            assert!(crate::store::write_file(&path, b"{}").is_ok());
        }
        let events = world.perform().await;
        let moved = exchanges(&events, "C-001");
        let fault = file(moved[2])
            .fault
            .clone()
            .unwrap_or_else(|| panic!("no fault"));
        assert_eq!(fault.kind, FaultKind::FileMissing);
        assert_eq!(fault.detail.contains("older"), old, "{}", fault.detail);
        assert!(moved[2].duration_ms >= 1900, "{}", moved[2].duration_ms);
    }
}

fn all_calls() -> Vec<String> {
    vec![
        api_case("C-101", ""),
        api_case("C-102", "variation = \"no-token\""),
        api_case(
            "C-103",
            "variation = \"expired-token\"\nclient = \"short-lived\"",
        ),
        api_case(
            "C-104",
            "variation = \"wrong-scope\"\nscope = \"031:app_submit/v10/other:Read\"",
        ),
        api_case(
            "C-105",
            "variation = \"missing-required\"\ntarget = \"/sosashaid\"",
        ),
        api_case(
            "C-106",
            "variation = \"too-long\"\ntarget = \"/shikuchosonkodo\"",
        ),
        api_case("C-107", "variation = \"expired-token\""),
        api_case("C-108", "variation = \"wrong-scope\"\nscope = \"nonsense\""),
        api_case("C-109", "variation = \"too-long\"\ntarget = \"/nothing\""),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_variation_of_a_call_reaches_the_provider_as_told() {
    let mut world = World::new(&all_calls());
    world.provider(&[]).await;
    let events = world.perform().await;
    let call = |case: &str| {
        let all = exchanges(&events, case);
        all.into_iter()
            .find(|e| e.step == "call")
            .unwrap_or_else(|| panic!("{case}: no call"))
    };
    let good = call("C-101");
    assert_eq!(status(good), Some(200));
    assert_eq!(
        world.body(http(good))["result"][0]["shikuchosonkodo"],
        "131016"
    );
    assert!(
        http(good)
            .tls
            .as_ref()
            .is_some_and(|t| t.version == "TLSv1.3" && t.verified)
    );
    assert_eq!((good.from.as_str(), good.to.as_str()), ("b", "a"));
    let sent = &http(good).request;
    let header = |name: &str| {
        sent.headers
            .iter()
            .find(|h| h.name == name)
            .map(|h| h.value.as_str())
    };
    assert!(header("authorization").is_some_and(|v| v.starts_with("Bearer sha256:")));
    assert_eq!(header("content-type"), Some("application/json"));
    assert!(header("host").is_some_and(|h| h.starts_with("127.0.0.1:")));
    for case in ["C-102", "C-103", "C-104"] {
        assert_eq!(status(call(case)), Some(401), "{case}");
    }
    assert!(
        !http(call("C-102"))
            .request
            .headers
            .iter()
            .any(|h| h.name == "authorization")
    );
    let first = |case: &str| world.body(http(call(case)))["errors"][0]["code"].clone();
    assert_eq!(
        (status(call("C-105")), first("C-105")),
        (Some(400), "E0001".into())
    );
    assert_eq!(
        (status(call("C-106")), first("C-106")),
        (Some(400), "E0003".into())
    );
    assert!(matches!(
        ended(&events, "C-107").0,
        Some(NotRunReason::OutOfTime(_))
    ));
    let refused = exchanges(&events, "C-108");
    assert_eq!(steps(&refused), ["token"]);
    let facts = http(refused[0]).token.clone().unwrap_or_default();
    assert_eq!(facts.error.as_deref(), Some("invalid_scope"));
    assert_eq!(
        ended(&events, "C-109").0,
        Some(NotRunReason::BlockedBy("input:C-109".to_owned()))
    );
    let token = exchanges(&events, "C-101")[0];
    let facts = http(token).token.clone().unwrap_or_default();
    assert_eq!(facts.secret_chars, Some(SECRET.len() as u64));
    assert_eq!(
        (facts.expires_in, facts.token_digest.map(|d| d.len())),
        (Some(300), Some(12))
    );
    let checks = events
        .iter()
        .filter(|e| matches!(&e.event, Event::Preflight(c) if c.ok))
        .count();
    assert_eq!(checks, 8 + 2 + 2, "inputs, endpoints, tokens");
    let logs: Vec<String> = events
        .iter()
        .filter_map(|e| match &e.event {
            Event::Exchanged(x) => Some(x.log.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(
        logs,
        (1..=logs.len())
            .map(|n| format!("LOG-{n:04}"))
            .collect::<Vec<_>>()
    );
}

fn every_file(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            every_file(&path, found);
        } else {
            let bytes = std::fs::read(&path).unwrap_or_default();
            found.push((path, bytes));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_and_no_token_is_in_any_file_of_the_bundle() {
    let mut world = World::new(&all_calls());
    world.provider(&["refresh-token-issued"]).await;
    let events = world.perform().await;
    let mut files = Vec::new();
    every_file(world.tape.folder(), &mut files);
    assert!(files.len() > 20);
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("CANARY"), "{}", path.display());
        // Assertions are JWTs, which begin like this.
        assert!(!text.contains("eyJ"), "{}", path.display());
    }
    let digests: Vec<String> = events
        .iter()
        .filter_map(|e| match &e.event {
            Event::Exchanged(x) => Some(x),
            _ => None,
        })
        .filter_map(|x| match &x.transfer {
            Transfer::Http(http) => http.token.as_ref()?.token_digest.clone(),
            Transfer::File(_) => None,
        })
        .collect();
    assert!(digests.len() > 3);
    for (path, bytes) in &files {
        for word in bytes
            .split(|b| !b.is_ascii_hexdigit())
            .filter(|w| w.len() == 64)
        {
            let is_token = digests.contains(&crate::secret::digest(word));
            assert!(!is_token, "a token in {}", path.display());
        }
    }
    let token = exchanges(&events, "C-101")[0];
    let response = world.body(http(token));
    for member in ["access_token", "refresh_token"] {
        assert!(
            response[member]
                .as_str()
                .is_some_and(|v| v.starts_with("sha256:")),
            "{member}"
        );
    }
    let request = world.bytes(http(token).request.body.as_ref());
    let request = String::from_utf8(request).unwrap_or_default();
    assert!(
        request.contains("client_assertion=sha256:")
            && request.contains("grant_type=client_credentials")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_blocks_its_cases_and_no_others() {
    let mut world = World::new(&[api_case("C-101", ""), file_case("C-001", "a.csv")]);
    world.receiver(&[]);
    world.variables.0.insert(
        "stand_in.a-api.url".to_owned(),
        "https://127.0.0.1:1".to_owned(),
    );
    world.variables.0.insert(
        "stand_in.a-api.ca".to_owned(),
        "/nonexistent.pem".to_owned(),
    );
    let events = world.perform().await;
    assert_eq!(
        ended(&events, "C-101").0,
        Some(NotRunReason::BlockedBy("reach:a.api".to_owned()))
    );
    assert_eq!(ended(&events, "C-001"), (None, None));
    let mut world = World::new(&[api_case("C-101", "")]);
    world.provider(&[]).await;
    let url = "https://127.0.0.1:1".to_owned();
    world
        .variables
        .0
        .insert("stand_in.a-api.url".to_owned(), url);
    let events = world.perform().await;
    let mut named = World::new(&[api_case("C-101", "")]);
    named.provider(&[]).await;
    named.variables.0.insert(
        "stand_in.a-api.url".to_owned(),
        "https://user:CANARY@127.0.0.1:1".to_owned(),
    );
    let told = format!("{:?}", named.perform().await);
    assert!(told.contains("user name or password") && !told.contains("CANARY"));
    let refused = events.iter().find_map(|e| match &e.event {
        Event::Preflight(c) if c.id == "reach:a.api" => Some(c.clone()),
        _ => None,
    });
    assert!(
        refused
            .is_some_and(|c| !c.ok && c.seen.ja.contains("拒まれました") && !c.fix.ja.is_empty())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_a_matter_of_configuration() {
    let mut world = World::new(&[api_case("C-101", "")]);
    world.provider(&[]).await;
    let path = world.dir.path().join("vendor-b/secret.txt");
    assert!(crate::store::write_file(&path, b"CANARY-wrong-secret-0123456789").is_ok());
    let events = world.perform().await;
    assert_eq!(
        ended(&events, "C-101").0,
        Some(NotRunReason::BlockedBy("token:b.main".to_owned()))
    );
    let check = events.iter().find_map(|e| match &e.event {
        Event::Preflight(c) if c.id == "token:b.main" => Some(c.clone()),
        _ => None,
    });
    assert!(check.is_some_and(|c| c.log == "LOG-0001" && c.seen.en.contains("invalid_client")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_cancels_the_case_at_hand_and_keeps_what_ran() {
    let mut world = World::new(&[file_case("C-001", "a.csv"), file_case("C-002", "a.csv")]);
    world.receiver(&["no-receipt"]);
    let stop = world.stop.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(1900)).await;
        stop.stop();
    });
    let events = world.perform().await;
    let moved = exchanges(&events, "C-001");
    assert_eq!(steps(&moved), ["fetch", "deliver", "receipt"]);
    let fault = file(moved[2]).fault.clone().map(|f| (f.kind, f.detail));
    assert_eq!(
        fault,
        Some((FaultKind::Other, "stopped by the operator".to_owned()))
    );
    for case in ["C-001", "C-002"] {
        assert_eq!(
            ended(&events, case).0,
            Some(NotRunReason::Cancelled),
            "{case}"
        );
    }
    assert!(matches!(
        events.last().map(|e| &e.event),
        Some(Event::RunEnded { interrupted: true })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_hangs_is_stopped_at_once_and_otherwise_times_out() {
    for stopped in [true, false] {
        let mut world = World::new(&[api_case("C-101", "").replace("wait_s = 5", "wait_s = 2")]);
        world.provider(&["hang"]).await;
        let stop = world.stop.clone();
        let started = std::time::Instant::now();
        if stopped {
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(800)).await;
                stop.stop();
            });
        }
        let events = world.perform().await;
        let limit = Duration::from_millis(if stopped { 1800 } else { 4000 });
        assert!(started.elapsed() < limit);
        if stopped {
            assert_eq!(ended(&events, "C-101").0, Some(NotRunReason::Cancelled));
            // The call went out and may have had its effect: it is in the record.
            let all = exchanges(&events, "C-101");
            let detail = http(all[1]).fault.clone().map(|f| f.detail);
            assert_eq!(detail.as_deref(), Some("stopped by the operator"));
        } else {
            let all = exchanges(&events, "C-101");
            let fault = http(all[1]).fault.clone().map(|f| f.kind);
            assert_eq!(
                (fault, ended(&events, "C-101").0),
                (Some(FaultKind::TimedOut), None)
            );
        }
    }
}
