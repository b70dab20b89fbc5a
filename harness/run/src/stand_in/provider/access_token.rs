//! Access tokens as JWTs (RFC 9068), and what a provider that looks at the token itself would conclude.

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use renkei_core::model::Bilingual;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Provider, Switch};
use crate::error::RunError;

/// Name of the one key.
const KID: &str = "stand-in-1";

/// What a token says.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    #[serde(default)]
    pub(super) aud: Value,
    #[serde(default)]
    pub(super) client_id: String,
    #[serde(default)]
    pub(super) scope: String,
    pub(super) exp: i64,
    #[serde(default)]
    pub(super) iat: i64,
    #[serde(default)]
    pub(super) jti: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cnf: Option<Value>,
}

/// The platform's signing key, made when it starts.
pub(super) struct Signer {
    key: EncodingKey,
    public: Jwk,
    public_pem: String,
}

impl Signer {
    pub(super) fn new(id: &str) -> Result<Self, RunError> {
        Self::make().map_err(|e| RunError::StandIn {
            id: id.to_owned(),
            message: Bilingual::new(
                format!("トークンに署名する鍵を作れません（{e}）"),
                format!("the key that signs tokens cannot be made ({e})"),
            ),
            help: Bilingual::new("再実行してください", "run it again"),
        })
    }

    fn make() -> Result<Self, Box<dyn std::error::Error>> {
        let pair = rcgen::KeyPair::generate()?;
        let key = EncodingKey::from_ec_der(&pair.serialize_der());
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
        public.common.key_id = Some(KID.to_owned());
        Ok(Self {
            key,
            public,
            public_pem: pair.public_key_pem(),
        })
    }

    /// The key set that is published (RFC 7517 5).
    pub(super) fn published(&self) -> Value {
        let set = JwkSet {
            keys: vec![self.public.clone()],
        };
        serde_json::to_value(set).unwrap_or_else(|_| json!({"keys": []}))
    }

    pub(super) fn sign(&self, claims: &Claims) -> Option<String> {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(KID.to_owned());
        jsonwebtoken::encode(&header, claims, &self.key).ok()
    }

    fn confirms(&self, token: &str) -> bool {
        let Ok(key) = DecodingKey::from_jwk(&self.public) else {
            return false;
        };
        verified(token, Algorithm::ES256, &key)
    }

    fn confuses(&self, token: &str) -> bool {
        let secret = |text: &str| DecodingKey::from_secret(text.as_bytes());
        let pem = self.public_pem.replace("\r\n", "\n");
        [pem.as_str(), pem.trim_end()]
            .iter()
            .any(|form| verified(token, Algorithm::HS256, &secret(form)))
    }
}

fn verified(token: &str, alg: Algorithm, key: &DecodingKey) -> bool {
    let mut rules = Validation::new(alg);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    jsonwebtoken::decode::<Claims>(token, key, &rules).is_ok()
}

/// What a provider with a misbehaviour believes of a token that nobody issued; nothing where it refuses it.
pub(super) fn believed(provider: &Provider, token: &str) -> Option<Claims> {
    let header = token.split('.').next()?;
    let alg = alg(header)?;
    let claims = || jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token).ok();
    let unsigned = token.ends_with('.');
    let believed = match alg.as_str() {
        "none" => unsigned && provider.on(Switch::AlgNoneAccepted),
        "HS256" => provider.on(Switch::KeyConfusionAccepted) && provider.signer.confuses(token),
        "ES256" => {
            provider.on(Switch::SignatureNotChecked)
                || (provider.on(Switch::IntrospectionSkipped) && provider.signer.confirms(token))
        }
        _ => false,
    };
    if !believed {
        return None;
    }
    // The library reads no token without signature part.
    if unsigned {
        unsigned_claims(token)
    } else {
        claims()
    }
}

fn alg(header: &str) -> Option<String> {
    Some(decoded(header)?.get("alg")?.as_str()?.to_owned())
}

fn unsigned_claims(token: &str) -> Option<Claims> {
    let part = token.split('.').nth(1)?;
    serde_json::from_value(decoded(part)?).ok()
}

fn decoded(part: &str) -> Option<Value> {
    use base64::Engine;
    let bytes = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}
