//! Turns what a plan says of a stand-in into the configuration it is started with.

use std::collections::BTreeMap;
use std::path::Path;

use renkei_core::model::Bilingual;
use renkei_core::plan::{Action, StandIn, StandInRole};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::config::ReceiverConfig;
use super::misbehaviour::Switches;
use super::records::RecordForm;
use crate::error::RunError;
use crate::http::Identity;
use crate::scene::{Scene, scopes};
use crate::secret::Secret;

/// Lifetime of tokens when the plan does not say, in seconds: below the 10 minutes that 共通機能標準仕様書 2.1 recommends.
const TOKEN_LIFETIME_S: u64 = 300;
/// Where the token endpoint is when no profile says.
const TOKEN_PATH: &str = "/oauth/v1/token";

/// One line of JSON.
pub(super) fn provider(
    scene: &Scene<'_>,
    stand_in: &StandIn,
    work: &Path,
) -> Result<Zeroizing<Vec<u8>>, RunError> {
    Switches::new(&stand_in.id, StandInRole::Provider, &stand_in.misbehave)?;
    if stand_in.role == StandInRole::Authorization {
        return authorization(scene, stand_in, work);
    }
    let Some(api) = scene.apis.get(&stand_in.api) else {
        let known = scene.apis.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(trouble(
            stand_in,
            "api",
            Bilingual::new(
                format!("API \"{}\" がパックにありません", stand_in.api),
                format!("no API \"{}\" in the packs", stand_in.api),
            ),
            Bilingual::new(format!("あるもの: {known}"), format!("there are: {known}")),
        ));
    };
    let clients = clients(scene, stand_in)?;
    let paths = paths(scene, stand_in);
    let config = json!({
        "id": stand_in.id,
        "work": work,
        "openapi": api.document,
        "scopes": scopes(api),
        "api_path": paths.api,
        "token_path": paths.token,
        "audiences": paths.audiences,
        "clients": clients,
        "jwt_tokens": stand_in.jwt_tokens,
        "misbehave": stand_in.misbehave,
        "stop_with_stdin": true,
    });
    Ok(line(&config))
}

/// One line of JSON.
fn authorization(
    scene: &Scene<'_>,
    stand_in: &StandIn,
    work: &Path,
) -> Result<Zeroizing<Vec<u8>>, RunError> {
    let paths = paths(scene, stand_in);
    let config = json!({
        "id": stand_in.id,
        "work": work,
        "token_path": paths.token,
        "audiences": paths.audiences,
        "clients": clients(scene, stand_in)?,
        "jwt_tokens": stand_in.jwt_tokens,
        "misbehave": stand_in.misbehave,
        "stop_with_stdin": true,
    });
    Ok(line(&config))
}

/// In a run it is the harness that calls.
pub(super) fn not_in_plans(stand_in: &StandIn) -> RunError {
    trouble(
        stand_in,
        "role",
        Bilingual::new(
            "利用側の代役は計画の中では使えません",
            "a consumer stand-in cannot be part of a plan",
        ),
        Bilingual::new(
            "計画では renkei 自身が利用側として呼び出します。単独で使うには renkei mock consumer",
            "in a run renkei itself calls; to use one alone: renkei mock consumer",
        ),
    )
}

fn clients(scene: &Scene<'_>, stand_in: &StandIn) -> Result<Vec<Value>, RunError> {
    let names = stand_in.clients.iter();
    names.map(|name| client(scene, stand_in, name)).collect()
}

/// One line of JSON.
pub(super) fn receiver(
    scene: &Scene<'_>,
    stand_in: &StandIn,
    work: &Path,
    forms: &BTreeMap<String, RecordForm>,
) -> Result<Zeroizing<Vec<u8>>, RunError> {
    Switches::new(&stand_in.id, StandInRole::Receiver, &stand_in.misbehave)?;
    let place = |key: &str| format!("stand_in {}: {key}", stand_in.id);
    let files = scene
        .plan
        .cases
        .iter()
        .filter_map(|case| match &case.action {
            Action::File(file) => Some((file.name.clone(), *forms.get(&file.layout)?)),
            _ => None,
        });
    let config = ReceiverConfig {
        id: stand_in.id.clone(),
        inbox: scene.path(&stand_in.inbox, &place("inbox"))?,
        receipts: scene.path(&stand_in.receipts, &place("receipts"))?,
        store: work.join("stored").join(&stand_in.id),
        forms: files.collect(),
        misbehave: stand_in.misbehave.clone(),
        stop_with_stdin: true,
    };
    let value = serde_json::to_value(config).map_err(|e| {
        trouble(
            stand_in,
            "inbox",
            Bilingual::same(e.to_string()),
            Bilingual::new("パスを UTF-8 にしてください", "use paths in UTF-8"),
        )
    })?;
    Ok(line(&value))
}

fn line(config: &Value) -> Zeroizing<Vec<u8>> {
    let mut line = Zeroizing::new(config.to_string().into_bytes());
    line.push(b'\n');
    line
}

fn trouble(stand_in: &StandIn, key: &str, message: Bilingual, help: Bilingual) -> RunError {
    RunError::Input {
        place: format!("stand_in {}: {key}", stand_in.id),
        message,
        help,
    }
}

/// `b.main`: client `main` of party `b`.
fn client(scene: &Scene<'_>, stand_in: &StandIn, name: &str) -> Result<Value, RunError> {
    let found = name
        .split_once('.')
        .and_then(|(party, client)| Some((party, client, scene.client(party, client)?)));
    let Some((party, short, client)) = found else {
        return Err(trouble(
            stand_in,
            "clients",
            Bilingual::new(
                format!("クライアント \"{name}\" がプロファイルにありません"),
                format!("no client \"{name}\" in the profiles"),
            ),
            Bilingual::new(
                "「団体のid.クライアント名」（例 b.main）と書いてください",
                "write party id and client name, such as b.main",
            ),
        ));
    };
    let folder = scene.profile_folder(party);
    let secret = match client.proof() {
        Some(source) => Secret::read(source, &folder)?,
        None => Secret::new(""),
    };
    let certificate = match client.cert.as_str() {
        "" => String::new(),
        file => {
            let path = folder.join(scene.expand(file, "cert")?);
            let pem = std::fs::read(&path).map_err(|e| RunError::reading(&path, e))?;
            Identity::thumbprint_of(&pem).unwrap_or_default()
        }
    };
    let lifetime = stand_in.token_lifetime_s.get(short);
    Ok(json!({
        "client_id": client.client_id,
        "auth": client.auth.as_str(),
        "certificate": certificate,
        "secret": secret.expose(),
        "token_lifetime_s": lifetime.copied().unwrap_or(TOKEN_LIFETIME_S),
    }))
}

struct Paths {
    api: String,
    token: String,
    audiences: Vec<String>,
}

/// Where the profiles expect the stand-in's endpoints: what follows `{stand_in.ID.url}` in them.
fn paths(scene: &Scene<'_>, stand_in: &StandIn) -> Paths {
    let own = format!("{{stand_in.{}.url}}", stand_in.id);
    let mut paths = Paths {
        api: String::new(),
        token: TOKEN_PATH.to_owned(),
        audiences: Vec::new(),
    };
    for profile in scene.profiles.values() {
        for (key, endpoint) in &profile.endpoints {
            let Some(path) = endpoint.url.strip_prefix(&own) else {
                continue;
            };
            match key.as_str() {
                "token" if path.starts_with('/') => {
                    paths.token = path.to_owned();
                    if !endpoint.audience.is_empty() {
                        paths
                            .audiences
                            .push(endpoint.audience.replace(&own, "{url}"));
                    }
                }
                "api" => paths.api = path.trim_end_matches('/').to_owned(),
                _ => {}
            }
        }
    }
    paths
}
