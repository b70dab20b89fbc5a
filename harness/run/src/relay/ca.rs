//! `renkei relay ca`: a CA for the test, a certificate for the relay's listening side and one for a client, as PEM files.

use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use renkei_core::model::Bilingual;

use crate::error::RunError;
use crate::store::write_file;

/// Makes the files in `out`: `ca.pem`, `server.pem` and `server.key`, `client.pem` and `client.key`. The CA's own key is not
/// kept: nobody can issue further certificates with it. `names` are the names that consumers connect to.
///
/// # Errors
/// A name cannot stand in a certificate, files of these names are there already, or the folder cannot be written.
pub fn make_ca(out: &Path, names: &[String]) -> Result<Vec<PathBuf>, RunError> {
    let files = [
        "ca.pem",
        "server.pem",
        "server.key",
        "client.pem",
        "client.key",
    ];
    if let Some(there) = files.iter().map(|f| out.join(f)).find(|p| p.exists()) {
        return Err(RunError::Input {
            place: there.display().to_string(),
            message: Bilingual::new("すでにあります", "is there already"),
            help: Bilingual::new(
                "配った証明書を上書きしないよう、別のフォルダを指定してください",
                "name another folder, so that certificates that were handed out are not overwritten",
            ),
        });
    }
    let made = make(names).map_err(|e| RunError::Input {
        place: names.join(", "),
        message: Bilingual::new(
            format!("証明書を作れません（{e}）"),
            format!("the certificates cannot be made ({e})"),
        ),
        help: Bilingual::new(
            "--name にはホスト名かIPアドレスを指定してください",
            "give host names or addresses as --name",
        ),
    })?;
    let mut written = Vec::new();
    for (name, content) in files.iter().zip(made) {
        let path = out.join(name);
        if name.ends_with(".key") {
            write_key(&path, content.as_bytes())?;
        } else {
            write_file(&path, content.as_bytes())?;
        }
        written.push(path);
    }
    Ok(written)
}

fn make(names: &[String]) -> Result<[String; 5], rcgen::Error> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
        .distinguished_name
        .push(DnType::CommonName, "renkei relay test CA");
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let leaf =
        |names: Vec<String>, common: &str, usage| -> Result<(String, String), rcgen::Error> {
            let mut params = CertificateParams::new(names)?;
            params.use_authority_key_identifier_extension = true;
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![usage];
            params.distinguished_name.push(DnType::CommonName, common);
            let key = KeyPair::generate()?;
            Ok((params.signed_by(&key, &issuer)?.pem(), key.serialize_pem()))
        };
    let server = leaf(
        names.to_vec(),
        "renkei relay",
        ExtendedKeyUsagePurpose::ServerAuth,
    )?;
    let client = leaf(
        Vec::new(),
        "renkei test client",
        ExtendedKeyUsagePurpose::ClientAuth,
    )?;
    Ok([issuer.pem(), server.0, server.1, client.0, client.1])
}

/// A key is readable for its owner only.
fn write_key(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    use std::io::Write;
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(|e| RunError::writing(path, e))?;
    file.write_all(bytes)
        .map_err(|e| RunError::writing(path, e))
}
