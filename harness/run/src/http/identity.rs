//! The certificate with which the harness shows who it is (mutual TLS).

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use renkei_core::model::Bilingual;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use sha2::{Digest, Sha256};

use super::tls::Trust;

/// A client certificate and its key.
#[derive(Clone, Debug)]
pub struct Identity {
    key: Arc<CertifiedKey>,
    thumbprint: String,
}

impl Identity {
    /// From PEM texts: the certificate with its chain, and the private key.
    ///
    /// # Errors
    /// One of them cannot be read, or they do not belong together.
    pub fn new(chain: &[u8], key: &[u8]) -> Result<Self, Bilingual> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
        let chain = chain.map_err(|e| unreadable("cert", &e))?;
        let Some(leaf) = chain.first() else {
            return Err(unreadable("cert", &"no certificate in PEM form"));
        };
        let thumbprint = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(leaf));
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| unreadable("key", &e))?;
        let key = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider())
            .map_err(|e| unreadable("cert, key", &e))?;
        Ok(Self {
            key: Arc::new(key),
            thumbprint,
        })
    }

    /// The digest of the first certificate of a PEM text.
    pub fn thumbprint_of(chain: &[u8]) -> Option<String> {
        let leaf = CertificateDer::pem_slice_iter(chain).next()?.ok()?;
        Some(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&leaf)))
    }

    /// `x5t#S256` (RFC 8705 3.1): SHA-256 of the certificate, base64url.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }
}

impl Trust {
    /// The same trust, showing a certificate to peers that ask for one.
    #[must_use]
    pub fn showing(&self, identity: &Identity) -> Self {
        let mut config = ClientConfig::clone(&self.config());
        config.client_auth_cert_resolver =
            Arc::new(SingleCertAndKey::from(Arc::clone(&identity.key)));
        // A session that was resumed would show the certificate of the earlier one.
        config.resumption = rustls::client::Resumption::disabled();
        self.with_config(config)
    }
}

fn unreadable(what: &str, error: &dyn std::fmt::Display) -> Bilingual {
    Bilingual::new(
        format!("クライアント証明書か秘密鍵を読めません（{what}: {error}）"),
        format!("the client certificate or its key cannot be read ({what}: {error})"),
    )
}
