//! What a session asks of the authorization platform: tokens, wrong on purpose where a case wants that, introspection,
//! revocation, keys, metadata. Every exchange is written down like any other.

use hyper::Method;
use hyper::header::{ACCEPT, HeaderValue};
use jsonwebtoken::jwk::JwkSet;
use renkei_core::agreement::{Client, ClientAuth};
use renkei_core::model::Bilingual;
use renkei_core::record::TokenFacts;
use url::Url;

use crate::error::RunError;
use crate::http::{Answer, BodyKind, Identity, Limits, Outgoing};
use crate::jwt::Jwt;
use crate::scene::Place;
use crate::secret::Secret;
use crate::session::{Asked, Broke, Session, Step, TokenCall};
use crate::token::{self, Asking, Twist};

/// Who a client is and how it proves that.
pub(crate) struct Credentials<'a> {
    pub(crate) client: &'a Client,
    pub(crate) secret: Secret,
    pub(crate) identity: Option<Identity>,
}

impl Credentials<'_> {
    /// Characters of the secret; a private key has no length that the standard speaks of.
    fn secret_chars(&self) -> Option<u64> {
        match self.client.auth {
            ClientAuth::ClientSecretJwt | ClientAuth::ClientSecretBasic => {
                Some(self.secret.chars())
            }
            ClientAuth::PrivateKeyJwt | ClientAuth::TlsClientAuth => None,
        }
    }
}

/// `alg` of the assertion in a token request.
fn assertion_alg(form: &[u8]) -> Option<String> {
    let (_, assertion) =
        url::form_urlencoded::parse(form).find(|(name, _)| name == "client_assertion")?;
    Jwt::read(&assertion).map(|jwt| jwt.facts(None).alg)
}

/// A token request that is ready to be sent, with what is needed to read its answer.
pub(crate) struct Prepared<'a> {
    pub(crate) outgoing: Outgoing,
    credentials: Credentials<'a>,
    /// Without its certificate, where the case wants that.
    pub(crate) shown: Option<Identity>,
}

impl<'a> Session<'a> {
    /// Reads what a client of a profile proves itself with.
    ///
    /// # Errors
    /// A file or variable that the profile names cannot be used.
    pub(crate) fn credentials(
        &self,
        party: &str,
        name: &str,
    ) -> Result<Option<Credentials<'a>>, RunError> {
        let Some(client) = self.scene.client(party, name) else {
            return Ok(None);
        };
        let folder = self.scene.profile_folder(party);
        let secret = match client.proof() {
            Some(source) => Secret::read(source, &folder)?,
            None => Secret::new(""),
        };
        let identity = match (&client.key, client.cert.as_str()) {
            (Some(key), cert) if !cert.is_empty() => {
                let path = folder.join(self.scene.expand(cert, "cert")?);
                let chain = std::fs::read(&path).map_err(|e| RunError::reading(&path, e))?;
                let key = Secret::read(key, &folder)?;
                let identity = Identity::new(&chain, key.expose().as_bytes());
                Some(identity.map_err(|words| unusable_certificate(party, name, words))?)
            }
            _ => None,
        };
        Ok(Some(Credentials {
            client,
            secret,
            identity,
        }))
    }

    /// The certificate of a client, for calls with tokens that are bound to it.
    pub(crate) fn identity(&self, party: &str, name: &str) -> Result<Option<Identity>, RunError> {
        let declared = self.scene.client(party, name);
        if declared.is_none_or(|client| client.cert.is_empty()) {
            return Ok(None);
        }
        Ok(self.credentials(party, name)?.and_then(|c| c.identity))
    }

    /// A token request, ready to be sent.
    pub(crate) fn prepared(
        &self,
        call: TokenCall<'_>,
        twist: &Twist<'_>,
    ) -> Result<Prepared<'a>, Broke> {
        let credentials = self
            .credentials(call.party, call.client)?
            .ok_or_else(|| crate::session::no_client(call))?;
        let outgoing = self.asking(call, &credentials, |asking, clock| {
            let twist = Twist {
                kid: &credentials.client.kid,
                ..*twist
            };
            token::twisted(asking, &twist, clock, self.vault())
        })?;
        Ok(Prepared {
            shown: credentials.identity.clone(),
            outgoing,
            credentials,
        })
    }

    fn asking<T>(
        &self,
        call: TokenCall<'_>,
        credentials: &Credentials<'_>,
        make: impl FnOnce(&Asking<'_>, &crate::clock::Clock) -> Result<T, String>,
    ) -> Result<T, Broke> {
        let end = self
            .end(call.at)
            .ok_or_else(|| crate::session::not_ready(call.at))?;
        let asking = Asking {
            url: &end.url,
            audience: &end.audience,
            auth: credentials.client.auth,
            client_id: &credentials.client.client_id,
            secret: &credentials.secret,
            scope: call.scope,
        };
        make(&asking, self.tape.clock()).map_err(|e| crate::session::unsigned(call, &e).into())
    }

    /// Sends a token request and writes it down as `step`.
    pub(crate) async fn asked(
        &mut self,
        call: TokenCall<'_>,
        step: &str,
        prepared: &Prepared<'_>,
    ) -> Result<Asked, Broke> {
        let keys = self.key_set(call).await?;
        let log = self.tape.next_log();
        let limits = self.settings.limits;
        let shown = prepared.shown.as_ref();
        let outgoing = &prepared.outgoing;
        let answer = self.send_as(call.at, shown, outgoing, &limits).await?;
        let clock = self.tape.clock().clone();
        let (token, mut facts) = token::read(&answer, &clock, self.vault());
        if let Some(token) = &token
            && let (Some(facts), Some(jwt)) = (&mut facts, Jwt::read(token.value.expose()))
        {
            facts.jwt = Some(jwt.facts(keys.as_ref()));
        }
        if let Some(facts) = &mut facts {
            facts.secret_chars = prepared.credentials.secret_chars();
            facts.assertion_alg = assertion_alg(&outgoing.body);
            facts.certificate = shown.map(|identity| identity.thumbprint().to_owned());
        }
        self.written(call, step, &log, outgoing, &answer, facts.clone())?;
        self.go_on()?;
        Ok(Asked {
            token,
            facts,
            answer,
            log,
        })
    }

    fn written(
        &mut self,
        call: TokenCall<'_>,
        step: &str,
        log: &str,
        outgoing: &Outgoing,
        answer: &Answer,
        facts: Option<TokenFacts>,
    ) -> Result<(), RunError> {
        let step = Step {
            case: call.case,
            name: step,
            from: call.party,
            to: call.at.party,
        };
        self.keep(step, log, BodyKind::Token, outgoing, answer, facts)
    }

    /// Asks introspection or revocation about a token; without client authentication when `by_nobody`.
    pub(crate) async fn about(
        &mut self,
        call: TokenCall<'_>,
        key: &'static str,
        step: &str,
        token: &Secret,
        by_nobody: bool,
    ) -> Result<Answer, Broke> {
        let at = self
            .scene
            .beside(call.at, key)
            .ok_or_else(|| crate::session::not_ready(call.at))?;
        let url = match self.end(at) {
            Some(end) => end.url.clone(),
            None => return Err(crate::session::not_ready(at).into()),
        };
        let credentials = self
            .credentials(call.party, call.client)?
            .ok_or_else(|| crate::session::no_client(call))?;
        let (mut outgoing, shown) = if by_nobody {
            (token::about_by_nobody(&url, token, self.vault()), None)
        } else {
            let kid = &credentials.client.kid;
            let made = self.asking(call, &credentials, |asking, clock| {
                token::about(asking, token, kid, clock, self.vault())
            })?;
            (made, credentials.identity.as_ref())
        };
        outgoing.url = url;
        let log = self.tape.next_log();
        let limits = self.settings.limits;
        let answer = self.send_as(at, shown, &outgoing, &limits).await?;
        self.written(call, step, &log, &outgoing, &answer, None)?;
        self.go_on()?;
        Ok(answer)
    }

    /// The platform's public keys, where its profile declares them; fetched once for each platform.
    pub(crate) async fn key_set(&mut self, call: TokenCall<'_>) -> Result<Option<JwkSet>, Broke> {
        let Some(at) = self.scene.beside(call.at, "jwks") else {
            return Ok(None);
        };
        if let Some(known) = self.keys.get(at.party) {
            return Ok(known.clone());
        }
        let Some(url) = self.end(at).map(|end| end.url.clone()) else {
            return Ok(None);
        };
        let (_, answer) = self.got(call, at, "jwks", url).await?;
        let reply = answer.reply.filter(|r| r.status.is_success());
        let keys: Option<JwkSet> = reply.and_then(|r| serde_json::from_slice(&r.body).ok());
        self.keys.insert(at.party.to_owned(), keys.clone());
        Ok(keys)
    }

    /// Gets something public of the platform and writes it down.
    async fn got(
        &mut self,
        call: TokenCall<'_>,
        at: Place<'_>,
        step: &str,
        url: Url,
    ) -> Result<(String, Answer), Broke> {
        let log = self.tape.next_log();
        let answer = self.fetched(at, &url).await?;
        self.public(call, step, &log, url, &answer)?;
        Ok((log, answer))
    }

    /// Fetches without writing: what it is called depends on the answer.
    pub(crate) async fn fetched(&self, at: Place<'_>, url: &Url) -> Result<Answer, Broke> {
        let limits: Limits = self.settings.limits;
        Ok(self.send(at, &getting(url.clone()), &limits).await?)
    }

    /// Writes down what was fetched.
    pub(crate) fn public(
        &mut self,
        call: TokenCall<'_>,
        step: &str,
        log: &str,
        url: Url,
        answer: &Answer,
    ) -> Result<(), Broke> {
        let step = Step {
            case: call.case,
            name: step,
            from: call.party,
            to: call.at.party,
        };
        self.keep(step, log, BodyKind::Data, &getting(url), answer, None)?;
        self.go_on()
    }
}

fn getting(url: Url) -> Outgoing {
    Outgoing {
        method: Method::GET,
        url,
        headers: vec![(ACCEPT, HeaderValue::from_static("application/json"))],
        body: Vec::new(),
    }
}

fn unusable_certificate(party: &str, name: &str, words: Bilingual) -> RunError {
    RunError::Input {
        place: format!("clients.{name} ({party})"),
        message: words,
        help: Bilingual::new(
            "profile.toml の cert と key（PEM）を確かめてください",
            "check cert and key (PEM) in profile.toml",
        ),
    }
}
