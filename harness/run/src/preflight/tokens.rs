use renkei_core::model::Bilingual;
use renkei_core::plan::{ApiCase, Case, Linkage, Variation};
use renkei_core::record::Check;

use super::outcome;
use crate::http::explain;
use crate::scene::{Place, Scene};
use crate::session::{Asked, Broke, Session, TokenCall};

/// A client that cases need a token for.
pub(super) struct Wanted<'a> {
    pub(super) party: &'a str,
    pub(super) client: &'a str,
    pub(super) at: Place<'a>,
    /// The API's own scope of the first case: whether another one is granted is for the cases to find out.
    pub(super) scope: &'a str,
    pub(super) cases: Vec<String>,
}

/// Every client once, with the cases that need it.
pub(super) fn wanted<'a>(scene: Scene<'a>) -> Vec<Wanted<'a>> {
    let mut wanted: Vec<Wanted<'a>> = Vec::new();
    for case in &scene.plan.cases {
        for (api, linkage) in super::calls(scene, case) {
            let Some(at) = scene.token_endpoint(linkage) else {
                continue;
            };
            if api.variation != Variation::NoToken && scene.needs_token(linkage, api) {
                note(&mut wanted, scene, (case, api, linkage, at));
            }
        }
    }
    wanted
}

fn note<'a>(
    wanted: &mut Vec<Wanted<'a>>,
    scene: Scene<'a>,
    (case, api, linkage, at): (&Case, &'a ApiCase, &'a Linkage, Place<'a>),
) {
    let known = wanted
        .iter_mut()
        .find(|w| w.party == linkage.to && w.client == api.client && w.at.party == at.party);
    match known {
        Some(known) if known.cases.contains(&case.id) => {}
        Some(known) => known.cases.push(case.id.clone()),
        None => wanted.push(Wanted {
            party: &linkage.to,
            client: &api.client,
            at,
            scope: scene.own_scope(api),
            cases: vec![case.id.clone()],
        }),
    }
}

/// Asks for a token once. It is not used for the cases, so that each case has its own evidence.
pub(super) async fn check(
    session: &mut Session<'_>,
    wanted: &Wanted<'_>,
    before: &[Check],
) -> Result<Check, Broke> {
    let Wanted { party, client, .. } = *wanted;
    let call = TokenCall {
        case: "",
        party,
        client,
        at: wanted.at,
        scope: wanted.scope,
    };
    let mut log = String::new();
    let seen = match session.token(call).await {
        Ok(asked) => {
            log.clone_from(&asked.log);
            seen(&asked)
        }
        // A secret that is not there is the plan's matter, not a failure of the harness.
        Err(Broke::Failed(error)) if error.is_input() || is_reading(&error) => {
            Err((error.message(), error.help()))
        }
        Err(broke) => return Err(broke),
    };
    let mut id = format!("token:{party}.{client}");
    if before.iter().any(|c| c.id == id) {
        id = format!("{id}@{}", wanted.at.party);
    }
    let title = Bilingual::new(
        format!("{party} のクライアント {client} のトークン取得"),
        format!("token for client {client} of {party}"),
    );
    let mut check = outcome(id, party, title, seen, wanted.cases.clone());
    check.log = log;
    Ok(check)
}

fn is_reading(error: &crate::error::RunError) -> bool {
    matches!(
        error,
        crate::error::RunError::Storage {
            doing: crate::error::Doing::Reading,
            ..
        }
    )
}

fn seen(asked: &Asked) -> Result<Bilingual, (Bilingual, Bilingual)> {
    if asked.token.is_some() {
        let seconds = asked.facts.as_ref().and_then(|f| f.expires_in);
        return Ok(match seconds {
            Some(s) => Bilingual::new(
                format!("トークンを取得できました（有効期間 {s} 秒）"),
                format!("a token was issued (for {s} s)"),
            ),
            None => Bilingual::new(
                "トークンを取得できました（有効期間の記載なし）",
                "a token was issued (lifetime not stated)",
            ),
        });
    }
    if let Some(fault) = &asked.answer.fault {
        return Err(explain(fault));
    }
    let status = asked.answer.reply.as_ref().map_or(0, |r| r.status.as_u16());
    let error = asked.facts.as_ref().and_then(|f| f.error.as_deref());
    let error = error.unwrap_or("-");
    let fix = match error {
        "invalid_client" => Bilingual::new(
            "client_id、秘密鍵、認証方式（auth）、audience が認証認可基盤の登録と同じか確かめてください",
            "compare client_id, secret, auth and audience with what is registered",
        ),
        "invalid_scope" => Bilingual::new(
            "スコープがこのクライアントに許されているか確かめてください",
            "check that the scope is allowed for this client",
        ),
        _ => Bilingual::new(
            "トークンエンドポイントのURLと、その記録を確かめてください",
            "check the URL of the token endpoint and its log",
        ),
    };
    Err((
        Bilingual::new(
            format!("トークンを取得できません（ステータス {status}、error {error}）"),
            format!("no token was issued (status {status}, error {error})"),
        ),
        fix,
    ))
}
