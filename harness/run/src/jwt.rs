//! Access tokens that are JWTs (RFC 7519, RFC 9068): what they say, whether a published key confirms them, and how they are
//! forged on purpose. A token is never kept; only [`JwtFacts`] leave this module.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as B64};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use renkei_core::record::{JwtFacts, Signature};
use serde_json::{Value, json};

use crate::secret::Secret;

/// A JWT in compact form (RFC 7515 7.1), taken apart.
pub(crate) struct Jwt<'a> {
    signed: &'a str,
    signature: &'a str,
    header: Value,
    claims: Value,
}

impl<'a> Jwt<'a> {
    /// Nothing when the token is opaque: not three parts with a JSON header and JSON claims.
    pub(crate) fn read(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let object = |part: &str| {
            let bytes = B64.decode(part).ok()?;
            let value: Value = serde_json::from_slice(&bytes).ok()?;
            value.is_object().then_some(value)
        };
        Some(Self {
            signed,
            signature,
            header: object(header)?,
            claims: object(claims)?,
        })
    }

    fn text(&self, name: &str) -> &str {
        self.header
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// What may be kept of it; `keys` is the platform's key set (RFC 7517), if it was fetched.
    pub(crate) fn facts(&self, keys: Option<&JwkSet>) -> JwtFacts {
        let certificate = self.claims.pointer("/cnf/x5t#S256").and_then(Value::as_str);
        JwtFacts {
            alg: self.text("alg").to_owned(),
            certificate: certificate.map(str::to_owned),
            signature: keys.map(|keys| self.confirmed(keys)),
        }
    }

    fn confirmed(&self, keys: &JwkSet) -> Signature {
        let alg: Result<Algorithm, _> = serde_json::from_value(json!(self.text("alg")));
        let (Some(jwk), Ok(alg)) = (self.key(keys), alg) else {
            return Signature::NoKey;
        };
        let Ok(key) = DecodingKey::from_jwk(jwk) else {
            return Signature::NoKey;
        };
        if key.family() != alg.family() {
            return Signature::NoKey;
        }
        let verified =
            jsonwebtoken::crypto::verify(self.signature, self.signed.as_bytes(), &key, alg);
        match verified {
            Ok(true) => Signature::Valid,
            _ => Signature::Wrong,
        }
    }

    /// The key its header names; without a name, the only one there is.
    fn key<'k>(&self, keys: &'k JwkSet) -> Option<&'k Jwk> {
        match self.text("kid") {
            "" => match keys.keys.as_slice() {
                [only] => Some(only),
                _ => None,
            },
            kid => keys.find(kid),
        }
    }

    /// The same claims under `alg: none`, with no signature (RFC 7519 6).
    pub(crate) fn unsigned(&self) -> Secret {
        let signed = self.with_header("none", &self.claims);
        Secret::new(format!("{signed}."))
    }

    /// The same claims signed HS256 with the public key as if it were a secret. What a library takes for the key's bytes
    /// differs, so each usual form is one token: PEM with and without its last line feed, DER (RFC 8725 2.1).
    pub(crate) fn confused(&self, keys: &JwkSet) -> Vec<Secret> {
        let Some(der) = self.key(keys).and_then(public_key) else {
            return Vec::new();
        };
        let pem = pem(&der);
        let forms = [pem.as_bytes(), pem.trim_end().as_bytes(), der.as_slice()];
        let signed = self.with_header("HS256", &self.claims);
        let sign = |form: &[u8]| {
            let key = EncodingKey::from_secret(form);
            let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::HS256);
            Some(Secret::new(format!("{signed}.{}", signature.ok()?)))
        };
        forms.into_iter().filter_map(sign).collect()
    }

    /// An hour more of life under the old signature.
    pub(crate) fn tampered(&self) -> Secret {
        let mut claims = self.claims.clone();
        let ends = claims.get("exp").and_then(Value::as_i64).unwrap_or(0);
        claims["exp"] = json!(ends.saturating_add(3600));
        let signed = self.with_header(self.text("alg"), &claims);
        Secret::new(format!("{signed}.{}", self.signature))
    }

    fn with_header(&self, alg: &str, claims: &Value) -> String {
        let mut header = self.header.clone();
        header["alg"] = json!(alg);
        let part = |value: &Value| B64.encode(value.to_string());
        format!("{}.{}", part(&header), part(claims))
    }
}

/// An opaque token with other characters in its second half: one that was never issued. Kinds of characters stay.
pub(crate) fn altered(token: &str) -> Secret {
    let half = token.chars().count() / 2;
    let other = |c: char| match c {
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(c) + 1).unwrap_or(c),
        '9' => '0',
        'z' => 'a',
        'Z' => 'A',
        c => c,
    };
    let chars = token.chars().enumerate();
    Secret::new(
        chars
            .map(|(at, c)| if at < half { c } else { other(c) })
            .collect::<String>(),
    )
}

/// SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of an RSA key or of a P-256 key, in DER.
fn public_key(jwk: &Jwk) -> Option<Vec<u8>> {
    let jwk = serde_json::to_value(jwk).ok()?;
    let number = |name: &str| B64.decode(jwk.get(name)?.as_str()?).ok();
    match jwk.get("kty")?.as_str()? {
        "RSA" => {
            let key = sequence(&[integer(&number("n")?), integer(&number("e")?)]);
            // rsaEncryption, 1.2.840.113549.1.1.1, with NULL (RFC 3279 2.3.1).
            let algorithm: &[u8] = &[
                0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0,
            ];
            Some(sequence(&[algorithm.to_vec(), bits(&key)]))
        }
        "EC" if jwk.get("crv")?.as_str()? == "P-256" => {
            let point = [&[4], number("x")?.as_slice(), number("y")?.as_slice()].concat();
            // id-ecPublicKey, 1.2.840.10045.2.1, with prime256v1 (RFC 5480 2.1.1).
            let algorithm: &[u8] = &[
                0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 0x06, 0x08, 0x2a, 0x86,
                0x48, 0xce, 0x3d, 3, 1, 7,
            ];
            Some(sequence(&[algorithm.to_vec(), bits(&point)]))
        }
        _ => None,
    }
}

/// A value of DER (X.690 8.1): tag, length, content.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..=127 => out.extend(u8::try_from(short)),
        long => {
            let bytes: Vec<u8> = long
                .to_be_bytes()
                .into_iter()
                .skip_while(|b| *b == 0)
                .collect();
            out.extend(u8::try_from(0x80 | bytes.len()));
            out.extend(bytes);
        }
    }
    out.extend_from_slice(content);
    out
}

fn sequence(members: &[Vec<u8>]) -> Vec<u8> {
    der(0x30, &members.concat())
}

fn bits(content: &[u8]) -> Vec<u8> {
    der(3, &[&[0], content].concat())
}

/// Positive: a leading zero byte where the first bit is set.
fn integer(magnitude: &[u8]) -> Vec<u8> {
    let sign: &[u8] = match magnitude.first() {
        Some(first) if *first < 0x80 => &[],
        _ => &[0],
    };
    der(2, &[sign, magnitude].concat())
}

fn pem(der: &[u8]) -> String {
    let mut out = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    for line in BASE64_STANDARD.encode(der).as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out + "-----END PUBLIC KEY-----\n"
}

/// How an assertion is signed with a private key in PEM (PKCS #8): RS256 or ES256, by the kind of key.
pub(crate) fn signing_key(pem: &str) -> Result<(Algorithm, EncodingKey), String> {
    let bytes = pem.as_bytes();
    EncodingKey::from_ec_pem(bytes)
        .map(|key| (Algorithm::ES256, key))
        .or_else(|_| EncodingKey::from_rsa_pem(bytes).map(|key| (Algorithm::RS256, key)))
        .map_err(|e| format!("private key (PEM, PKCS #8, RSA or P-256): {e}"))
}

/// Another private key of the same kind, for requests that must be refused.
pub(crate) fn other_key(pem: &str) -> Result<Secret, String> {
    let (alg, _) = signing_key(pem)?;
    let key = match alg.family() {
        AlgorithmFamily::Rsa => {
            rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)
        }
        _ => rcgen::KeyPair::generate(),
    };
    key.map(|k| Secret::new(k.serialize_pem()))
        .map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(pair: &rcgen::KeyPair, alg: Algorithm) -> (EncodingKey, JwkSet) {
        let (_, key) = signing_key(&pair.serialize_pem()).unwrap_or_else(|e| panic!("{e}"));
        let mut jwk = Jwk::from_encoding_key(&key, alg).unwrap_or_else(|e| panic!("{e}"));
        jwk.common.key_id = Some("k1".to_owned());
        (key, JwkSet { keys: vec![jwk] })
    }

    fn token(key: &EncodingKey, alg: Algorithm) -> String {
        let mut header = jsonwebtoken::Header::new(alg);
        header.kid = Some("k1".to_owned());
        let claims = json!({"exp": 1000, "scope": "a:b:c", "cnf": {"x5t#S256": "abc"}});
        jsonwebtoken::encode(&header, &claims, key).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn signatures_are_confirmed_by_the_published_key_alone() {
        let rsa =
            rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048);
        for (pair, alg) in [
            (rcgen::KeyPair::generate(), Algorithm::ES256),
            (rsa, Algorithm::RS256),
        ] {
            let pair = pair.unwrap_or_else(|e| panic!("{e}"));
            let (key, set) = keys(&pair, alg);
            let text = token(&key, alg);
            let jwt = Jwt::read(&text).unwrap_or_else(|| panic!("not a JWT"));
            let facts = jwt.facts(Some(&set));
            assert_eq!(facts.signature, Some(Signature::Valid));
            assert_eq!(facts.certificate.as_deref(), Some("abc"));
            assert_eq!(jwt.facts(None).signature, None);
            let bad = jwt.tampered();
            let bad = Jwt::read(bad.expose()).map(|j| j.facts(Some(&set)).signature);
            assert_eq!(bad, Some(Some(Signature::Wrong)));
            let none = jwt.unsigned();
            let none = Jwt::read(none.expose()).map(|j| j.facts(Some(&set)));
            assert_eq!(
                none.map(|f| (f.alg, f.signature)),
                Some(("none".to_owned(), Some(Signature::NoKey)))
            );
            let other = JwkSet { keys: Vec::new() };
            assert_eq!(jwt.facts(Some(&other)).signature, Some(Signature::NoKey));
        }
    }

    /// The public key that a confused library would take as secret is exactly what OpenSSL would have written.
    #[test]
    fn confused_tokens_are_signed_with_the_public_key_itself() {
        let rsa =
            rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048);
        for (pair, alg) in [
            (rcgen::KeyPair::generate(), Algorithm::ES256),
            (rsa, Algorithm::RS256),
        ] {
            let pair = pair.unwrap_or_else(|e| panic!("{e}"));
            let (key, set) = keys(&pair, alg);
            let der = public_key(&set.keys[0]).unwrap_or_default();
            assert_eq!(
                pem(&der).split_whitespace().collect::<String>(),
                pair.public_key_pem().split_whitespace().collect::<String>()
            );
            let text = token(&key, alg);
            let forged = Jwt::read(&text)
                .map(|j| j.confused(&set))
                .unwrap_or_default();
            assert_eq!(forged.len(), 3);
            let (signed, signature) = forged[0].expose().rsplit_once('.').unwrap_or_default();
            let secret = DecodingKey::from_secret(pem(&der).as_bytes());
            let fits = jsonwebtoken::crypto::verify(
                signature,
                signed.as_bytes(),
                &secret,
                Algorithm::HS256,
            );
            assert!(fits.is_ok_and(|f| f));
        }
    }

    #[test]
    fn opaque_tokens_are_none() {
        for text in ["", "abc", "a.b.c", "e30.e30", "e30.W10.x"] {
            assert!(Jwt::read(text).is_none(), "{text}");
        }
        assert_eq!(altered("abcZ9-").expose(), "abcA0-");
        assert_ne!(altered("0123456789").expose(), "0123456789");
    }

    #[test]
    fn another_key_is_of_the_same_kind() {
        let pair = rcgen::KeyPair::generate().unwrap_or_else(|e| panic!("{e}"));
        let other = other_key(&pair.serialize_pem()).unwrap_or_else(|e| panic!("{e}"));
        assert_ne!(other.expose(), pair.serialize_pem());
        assert!(signing_key(other.expose()).is_ok_and(|(alg, _)| alg == Algorithm::ES256));
        assert!(signing_key("no key").is_err());
    }
}
