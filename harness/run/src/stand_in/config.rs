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
    /// Its secret.
    #[serde(deserialize_with = "secret")]
    pub secret: Secret,
    /// Lifetime of its tokens in seconds.
    pub token_lifetime_s: u64,
}

fn secret<'de, D: Deserializer<'de>>(source: D) -> Result<Secret, D::Error> {
    String::deserialize(source).map(Secret::new)
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
