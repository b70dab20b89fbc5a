use renkei_core::model::Bilingual;
use renkei_core::plan::Variation;
use renkei_core::record::{Check, TlsFacts};

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
    let seen = match needed.declared {
        None => Err(undeclared(party, key)),
        Some(place) => match session.ready(place) {
            Err(refusal) => Err(*refusal),
            Ok(()) => reached(session, place).await?,
        },
    };
    Ok(outcome(
        id(party, key),
        party,
        title,
        seen,
        needed.cases.clone(),
    ))
}

async fn reached(
    session: &Session<'_>,
    place: Place<'_>,
) -> Result<Result<Bilingual, (Bilingual, Bilingual)>, Broke> {
    let Some(end) = session.end(place) else {
        return Ok(Err(undeclared(place.party, place.key)));
    };
    let limit = session.settings.limits.connect;
    let seen = tokio::select! {
        seen = probe(session.allowed(), &end.trust, &end.url, limit) => seen,
        () = session.stop.stopped() => return Err(Broke::Stopped),
    };
    let url = &end.url;
    Ok(match seen {
        Ok(tls) => Ok(connected(url, tls.as_ref())),
        Err(fault) => {
            let (seen, fix) = explain(&fault);
            Err((
                Bilingual::new(format!("{url}: {}", seen.ja), format!("{url}: {}", seen.en)),
                fix,
            ))
        }
    })
}

fn connected(url: &url::Url, tls: Option<&TlsFacts>) -> Bilingual {
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
