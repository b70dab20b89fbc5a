use std::time::Instant;

use renkei_core::model::Bilingual;
use renkei_core::plan::Variation;
use renkei_core::record::{
    Check, Event, Exchange, Fault, HttpRequest, HttpTransfer, TlsFacts, Transfer,
};
use url::Url;

use super::outcome;
use crate::http::{explain, probe};
use crate::scene::{Place, Scene};
use crate::session::{Broke, Session};

/// An endpoint that cases need. `declared` is none when the profile does not name it.
pub(super) struct Needed<'a> {
    party: &'a str,
    key: &'static str,
    declared: Option<Place<'a>>,
    cases: Vec<String>,
    /// Who needs it.
    from: &'a str,
}

fn id(party: &str, key: &str) -> String {
    format!("reach:{party}.{key}")
}

/// True when the check of an endpoint did not hold.
pub(super) fn failed(checks: &[Check], place: Place<'_>) -> bool {
    let id = id(place.party, place.key);
    checks.iter().any(|c| c.id == id && !c.ok)
}

/// Every endpoint that an API case needs, once, with the cases that need it.
pub(super) fn places<'a>(scene: Scene<'a>) -> Vec<Needed<'a>> {
    let mut needed: Vec<Needed<'a>> = Vec::new();
    for case in &scene.plan.cases {
        let mut wanted = Vec::new();
        for (api, linkage) in super::calls(scene, case) {
            wanted.push((linkage, "api", scene.api_endpoint(linkage)));
            if api.variation != Variation::NoToken && scene.needs_token(linkage, api) {
                wanted.push((linkage, "token", scene.token_endpoint(linkage)));
                wanted.extend(super::platform(scene, api, linkage));
            }
        }
        for (linkage, key, declared) in wanted {
            let party = declared.map_or(linkage.from.as_str(), |place| place.party);
            match needed.iter_mut().find(|n| n.party == party && n.key == key) {
                Some(known) if known.cases.contains(&case.id) => {}
                Some(known) => known.cases.push(case.id.clone()),
                None => needed.push(Needed {
                    party,
                    key,
                    declared,
                    cases: vec![case.id.clone()],
                    from: &linkage.to,
                }),
            }
        }
    }
    needed
}

/// Connects and shakes hands.
pub(super) async fn check(session: &mut Session<'_>, needed: &Needed<'_>) -> Result<Check, Broke> {
    let Needed { party, key, .. } = *needed;
    let title = match key {
        "introspection" | "revocation" | "jwks" | "issuer" => Bilingual::new(
            format!("{party} の認証認可基盤（{key}）への接続"),
            format!("connection to the authorization platform of {party} ({key})"),
        ),
        "token" => Bilingual::new(
            format!("{party} のトークンエンドポイントへの接続"),
            format!("connection to the token endpoint of {party}"),
        ),
        _ => Bilingual::new(
            format!("{party} のAPIへの接続"),
            format!("connection to the API of {party}"),
        ),
    };
    let mut log = String::new();
    let seen = match needed.declared {
        None => Err(undeclared(party, key)),
        Some(place) => match session.ready(place) {
            Err(refusal) => Err(*refusal),
            Ok(()) => reached(session, place, needed.from, &mut log).await?,
        },
    };
    let cases = needed.cases.clone();
    Ok(Check {
        log,
        ..outcome(id(party, key), party, title, seen, cases)
    })
}

async fn reached(
    session: &mut Session<'_>,
    place: Place<'_>,
    from: &str,
    log: &mut String,
) -> Result<Result<Bilingual, (Bilingual, Bilingual)>, Broke> {
    let Some(end) = session.end(place) else {
        return Ok(Err(undeclared(place.party, place.key)));
    };
    let url = end.url.clone();
    let limit = session.settings.limits.connect;
    let (at, begun) = (session.tape.clock().text(), Instant::now());
    let seen = tokio::select! {
        seen = probe(session.allowed(), &end.trust, &end.url, limit) => seen,
        () = session.stop.stopped() => return Err(Broke::Stopped),
    };
    Ok(match seen {
        Ok(tls) => Ok(connected(&url, tls.as_ref())),
        Err(fault) => {
            let (seen, fix) = explain(&fault);
            let way = Way {
                from,
                to: place.party,
                at: &at,
                begun,
                url: &url,
            };
            *log = note(session, &way, fault)?;
            Err((
                Bilingual::new(format!("{url}: {}", seen.ja), format!("{url}: {}", seen.en)),
                fix,
            ))
        }
    })
}

/// A connection that did not come about.
struct Way<'a> {
    from: &'a str,
    to: &'a str,
    at: &'a str,
    begun: Instant,
    url: &'a Url,
}

/// Writes down how the connection failed; gives the log number.
fn note(session: &mut Session<'_>, way: &Way<'_>, fault: Fault) -> Result<String, Broke> {
    let log = session.tape.next_log();
    let http = HttpTransfer {
        request: HttpRequest {
            method: String::new(),
            url: way.url.to_string(),
            headers: Vec::new(),
            body: None,
        },
        response: None,
        fault: Some(fault),
        tls: None,
        token: None,
        wire: None,
        timing: None,
    };
    let duration = way.begun.elapsed().as_millis();
    session.tape.event(Event::Exchanged(Box::new(Exchange {
        log: log.clone(),
        case: String::new(),
        step: "reach".to_owned(),
        from: way.from.to_owned(),
        to: way.to.to_owned(),
        at: way.at.to_owned(),
        duration_ms: u64::try_from(duration).unwrap_or(u64::MAX),
        transfer: Transfer::Http(Box::new(http)),
    })))?;
    Ok(log)
}

fn connected(url: &Url, tls: Option<&TlsFacts>) -> Bilingual {
    match tls {
        Some(tls) if tls.verified => Bilingual::new(
            format!("{url}（{}、証明書は有効）", tls.version),
            format!("{url} ({}, certificate valid)", tls.version),
        ),
        Some(tls) => Bilingual::new(
            format!("{url}（{}、証明書の検証なし）", tls.version),
            format!("{url} ({}, certificate not verified)", tls.version),
        ),
        None => Bilingual::new(
            format!("{url}（暗号化なし）"),
            format!("{url} (not encrypted)"),
        ),
    }
}

fn undeclared(party: &str, key: &str) -> (Bilingual, Bilingual) {
    (
        Bilingual::new(
            format!("{party} のプロファイルに [endpoints.{key}] がありません"),
            format!("the profile of {party} has no [endpoints.{key}]"),
        ),
        Bilingual::new(
            format!("profile.toml に [endpoints.{key}] と url を書いてください"),
            format!("write [endpoints.{key}] with its url in profile.toml"),
        ),
    )
}
