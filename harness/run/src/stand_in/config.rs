use std::path::PathBuf;

use renkei_core::agreement::ClientAuth;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::records::RecordForm;
use crate::secret::Secret;

/// What a provider is started with. Arrives on stdin, so that no secret is ever seen in a list of processes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// Id in the plan.
    pub id: String,
    /// Folder for the test CA, absolute.
    pub work: PathBuf,
    /// Port on 127.0.0.1; 0: the system picks one.
    #[serde(default)]
    pub port: u16,
    /// The OpenAPI document of the API it serves.
    pub openapi: Value,
    /// Scope by `operationId`.
    pub scopes: std::collections::BTreeMap<String, String>,
    /// Path in front of the API's own paths; may be empty.
    #[serde(default)]
    pub api_path: String,
    /// Path of the token endpoint.
    pub token_path: String,
    /// Audiences it accepts beside the URL of its token endpoint; `{url}` stands for its own base URL.
    #[serde(default)]
    pub audiences: Vec<String>,
    /// Clients it knows.
    pub clients: Vec<ClientConfig>,
    /// True: access tokens are JWTs (RFC 9068), else they are opaque.
    #[serde(default)]
    pub jwt_tokens: bool,
    /// Named misbehaviours.
    #[serde(default)]
    pub misbehave: Vec<String>,
    /// True: it ends when its stdin is closed.
    #[serde(default)]
    pub stop_with_stdin: bool,
}

/// A client a provider knows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientConfig {
    /// `client_id`.
    pub client_id: String,
    /// How it authenticates.
    pub auth: ClientAuth,
    /// Its secret; for `private_key_jwt` its key in PEM, of which only the public half is used.
    #[serde(deserialize_with = "secret")]
    pub secret: Secret,
    /// `x5t#S256` of its certificate: it authenticates with it, or its tokens are bound to it; empty for none.
    #[serde(default)]
    pub certificate: String,
    /// Lifetime of its tokens in seconds.
    pub token_lifetime_s: u64,
}

fn secret<'de, D: Deserializer<'de>>(source: D) -> Result<Secret, D::Error> {
    String::deserialize(source).map(Secret::new)
}

/// What an authorization platform is started with: the provider's platform without an API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformConfig {
    /// Id; names its CA file.
    #[serde(default = "platform_id")]
    pub id: String,
    /// Folder for the test CA, absolute.
    pub work: PathBuf,
    /// Port on 127.0.0.1; 0: the system picks one.
    #[serde(default)]
    pub port: u16,
    /// Path of the token endpoint; the other endpoints stand beside it.
    #[serde(default = "token_path")]
    pub token_path: String,
    /// Audiences it accepts beside the URL of its token endpoint and its own; `{url}` stands for its own base URL.
    #[serde(default)]
    pub audiences: Vec<String>,
    /// Clients it knows.
    pub clients: Vec<ClientConfig>,
    /// True: access tokens are JWTs (RFC 9068), else they are opaque.
    #[serde(default)]
    pub jwt_tokens: bool,
    /// Named misbehaviours.
    #[serde(default)]
    pub misbehave: Vec<String>,
    /// True: it ends when its stdin is closed.
    #[serde(default)]
    pub stop_with_stdin: bool,
}

fn platform_id() -> String {
    "authorization".to_owned()
}

fn token_path() -> String {
    "/oauth/v1/token".to_owned()
}

impl From<PlatformConfig> for ProviderConfig {
    fn from(config: PlatformConfig) -> Self {
        let nothing = serde_json::json!({
            "openapi": "3.0.3",
            "info": {"title": "authorization platform", "version": "1"},
            "paths": {},
        });
        Self {
            id: config.id,
            work: config.work,
            port: config.port,
            openapi: nothing,
            scopes: Default::default(),
            api_path: String::new(),
            token_path: config.token_path,
            audiences: config.audiences,
            clients: config.clients,
            jwt_tokens: config.jwt_tokens,
            misbehave: config.misbehave,
            stop_with_stdin: config.stop_with_stdin,
        }
    }
}

/// What a receiver is started with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiverConfig {
    /// Id in the plan.
    pub id: String,
    /// Folder it watches, absolute.
    pub inbox: PathBuf,
    /// Folder it writes receipts to, absolute.
    pub receipts: PathBuf,
    /// Folder it stores files in, absolute.
    pub store: PathBuf,
    /// How to count the records of the files it expects, by file name.
    #[serde(default)]
    pub forms: std::collections::BTreeMap<String, RecordForm>,
    /// Named misbehaviours.
    #[serde(default)]
    pub misbehave: Vec<String>,
    /// True: it ends when its stdin is closed.
    #[serde(default)]
    pub stop_with_stdin: bool,
}

/// The line a stand-in writes when it can be met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Always true.
    pub ready: bool,
    /// Provider: its base URL without trailing slash.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Provider: PEM file of the CA that issued its certificate, absolute.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ca: String,
}
