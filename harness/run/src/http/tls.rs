use std::sync::Arc;

use renkei_core::model::Bilingual;
use renkei_core::record::TlsFacts;
use renkei_core::spec::hex;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::BuilderVerifierExt;
use sha2::{Digest, Sha256};

/// Which certificates a connection accepts. TLS 1.2 and 1.3 only.
#[derive(Clone, Debug)]
pub struct Trust {
    config: Arc<ClientConfig>,
    verify: bool,
    http2: bool,
}

impl Trust {
    /// `ca_pem`: the private CA that alone is trusted; none: the system's roots. `verify` false accepts anything, and
    /// every exchange says so.
    ///
    /// # Errors
    /// The PEM holds no certificate, or the system has no roots.
    pub fn new(ca_pem: Option<&[u8]>, verify: bool) -> Result<Self, Bilingual> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|e| Bilingual::same(e.to_string()))?;
        let mut config = match (verify, ca_pem) {
            (false, _) => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Unverified(provider)))
                .with_no_client_auth(),
            (true, Some(pem)) => builder
                .with_root_certificates(roots(pem)?)
                .with_no_client_auth(),
            (true, None) => builder
                .with_platform_verifier()
                .map_err(|e| {
                    Bilingual::new(
                        format!("この機械のルート証明書を読めません（{e}）"),
                        format!("the system's root certificates cannot be read ({e})"),
                    )
                })?
                .with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            config: Arc::new(config),
            verify,
            http2: false,
        })
    }

    /// The same for a peer that HTTP/2 is spoken with, and nothing else (ALPN `h2`, RFC 9113 3.2).
    #[must_use]
    pub fn over_http2(mut self) -> Self {
        let mut config = ClientConfig::clone(&self.config);
        config.alpn_protocols = vec![b"h2".to_vec()];
        self.config = Arc::new(config);
        self.http2 = true;
        self
    }

    /// True when HTTP/2 is spoken.
    pub(super) fn http2(&self) -> bool {
        self.http2
    }

    pub(super) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.config)
    }

    /// The same with other settings of the connection.
    pub(super) fn with_config(&self, config: ClientConfig) -> Self {
        Self {
            config: Arc::new(config),
            ..self.clone()
        }
    }

    pub(super) fn facts(&self, connection: &ClientConnection) -> TlsFacts {
        let version = connection
            .protocol_version()
            .and_then(|v| v.as_str())
            .unwrap_or_default()
            .replace("TLSv1_", "TLSv1.");
        let certificate = connection.peer_certificates().and_then(<[_]>::first);
        TlsFacts {
            version,
            certificate_sha256: certificate
                .map(|c| hex(&Sha256::digest(c)))
                .unwrap_or_default(),
            verified: self.verify,
        }
    }
}

fn roots(pem: &[u8]) -> Result<RootCertStore, Bilingual> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let added = certificate
            .map_err(|e| e.to_string())
            .and_then(|c| store.add(c).map_err(|e| e.to_string()));
        added.map_err(|e| {
            Bilingual::new(
                format!("CA証明書を読めません（{e}）"),
                format!("the CA certificate cannot be read ({e})"),
            )
        })?;
    }
    if store.is_empty() {
        return Err(Bilingual::new(
            "CA証明書のファイルに PEM 形式の証明書（-----BEGIN CERTIFICATE-----）がありません",
            "the CA file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
        ));
    }
    Ok(store)
}

/// Accepts any certificate, but still checks that the peer holds its key.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
