//! Ends of TLS where others connect to us, and the far leg of the relay, which is an end of both handshakes: it cannot be
//! otherwise for somebody who must read what passes. HTTP/1.1 is agreed by ALPN, so that clients that prefer HTTP/2 fall back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use renkei_core::model::Bilingual;
use renkei_core::record::TlsFacts;
use renkei_core::spec::hex;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, CommonState, RootCertStore, ServerConfig};
use rustls_platform_verifier::BuilderVerifierExt;
use sha2::{Digest, Sha256};

use crate::error::RunError;

/// A certificate chain with its key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Certificates, the own one first.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Where others connect to us: the relay's leg of the consumer, the listener of a scenario.
///
/// # Errors
/// A file cannot be read or used.
pub(crate) fn listening(
    identity: &Identity,
    client_ca: Option<&Path>,
) -> Result<Arc<ServerConfig>, RunError> {
    let place = identity.certificate.display().to_string();
    let (chain, key) = load(identity)?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| unusable(&place, &e.to_string()))?;
    let builder = match client_ca {
        Some(path) => {
            let roots = Arc::new(roots(path)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider)
                .build()
                .map_err(|e| unusable(&path.display().to_string(), &e.to_string()))?;
            builder.with_client_cert_verifier(verifier)
        }
        None => builder.with_no_client_auth(),
    };
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|e| unusable(&place, &e.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The relay's leg of the provider: verified by the CA in `ca`, else by the system's roots.
///
/// # Errors
/// A file cannot be read or used.
pub(crate) fn calling(
    ca: Option<&Path>,
    identity: Option<&Identity>,
) -> Result<Arc<ClientConfig>, RunError> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| unusable("TLS", &e.to_string()))?;
    let builder = match ca {
        Some(path) => builder.with_root_certificates(roots(path)?),
        None => builder
            .with_platform_verifier()
            .map_err(|e| unusable("TLS", &e.to_string()))?,
    };
    let mut config = match identity {
        Some(identity) => {
            let (chain, key) = load(identity)?;
            builder.with_client_auth_cert(chain, key).map_err(|e| {
                unusable(&identity.certificate.display().to_string(), &e.to_string())
            })?
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// What a handshake showed of the other end.
pub(crate) fn facts(connection: &CommonState) -> TlsFacts {
    let version = connection
        .protocol_version()
        .and_then(|v| v.as_str())
        .unwrap_or_default();
    let certificate = connection.peer_certificates().and_then(<[_]>::first);
    TlsFacts {
        version: version.replace("TLSv1_", "TLSv1."),
        certificate_sha256: certificate
            .map(|c| hex(&Sha256::digest(c)))
            .unwrap_or_default(),
        verified: true,
    }
}

/// The name that the provider's certificate must carry.
///
/// # Errors
/// The host is no name that a certificate can carry.
pub(crate) fn server_name(host: &url::Host<String>) -> Result<ServerName<'static>, RunError> {
    match host {
        url::Host::Ipv4(ip) => Ok(ServerName::IpAddress(std::net::IpAddr::V4(*ip).into())),
        url::Host::Ipv6(ip) => Ok(ServerName::IpAddress(std::net::IpAddr::V6(*ip).into())),
        url::Host::Domain(name) => {
            ServerName::try_from(name.clone()).map_err(|e| unusable(name, &e.to_string()))
        }
    }
}

type Loaded = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn load(identity: &Identity) -> Result<Loaded, RunError> {
    let place = identity.certificate.display().to_string();
    let bytes = read(&identity.certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let chain = chain.map_err(|e| unusable(&place, &e.to_string()))?;
    if chain.is_empty() {
        return Err(unusable(&place, "no -----BEGIN CERTIFICATE-----"));
    }
    let key_place = identity.key.display().to_string();
    let key = PrivateKeyDer::from_pem_slice(&read(&identity.key)?)
        .map_err(|e| unusable(&key_place, &e.to_string()))?;
    Ok((chain, key))
}

fn roots(path: &Path) -> Result<RootCertStore, RunError> {
    let place = path.display().to_string();
    let mut store = RootCertStore::empty();
    let bytes = read(path)?;
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let certificate = certificate.map_err(|e| unusable(&place, &e.to_string()))?;
        store
            .add(certificate)
            .map_err(|e| unusable(&place, &e.to_string()))?;
    }
    if store.is_empty() {
        return Err(unusable(&place, "no -----BEGIN CERTIFICATE-----"));
    }
    Ok(store)
}

fn read(path: &Path) -> Result<Vec<u8>, RunError> {
    std::fs::read(path).map_err(|e| RunError::Input {
        place: path.display().to_string(),
        message: Bilingual::new(format!("読めません（{e}）"), format!("cannot be read ({e})")),
        help: Bilingual::new(
            "証明書と鍵のパスと権限を確かめてください。試験用は renkei relay ca --out DIR で作れます",
            "check path and permissions of certificate and key; `renkei relay ca --out DIR` makes some for tests",
        ),
    })
}

fn unusable(place: &str, why: &str) -> RunError {
    RunError::Input {
        place: place.to_owned(),
        message: Bilingual::new(
            format!("証明書または鍵として使えません（{why}）"),
            format!("cannot be used as certificate or key ({why})"),
        ),
        help: Bilingual::new(
            "PEM形式の証明書と秘密鍵を指定してください。.p12 は openssl pkcs12 -in X.p12 -nodes -out X.pem で変えられます",
            "give certificates and keys as PEM; openssl pkcs12 -in X.p12 -nodes -out X.pem converts a .p12",
        ),
    }
}
