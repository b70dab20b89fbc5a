//! The secret of a project: keyed digests that nobody without it can repeat.

use sha2::{Digest, Sha256};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Block of SHA-256 in bytes (FIPS 180-4).
const BLOCK: usize = 64;

/// A key. It cannot be printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; KEY_BYTES]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// A key of these bytes. The caller draws them at random and keeps them apart from reports.
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// A key written as 64 hexadecimal digits, with or without a newline at its end.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end();
        if text.len() != KEY_BYTES * 2 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; KEY_BYTES];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// HMAC-SHA-256 (RFC 2104) over the parts; each part is preceded by its length, so that no two lists run together.
    pub fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut message = Vec::new();
        for part in parts {
            message.extend((part.len() as u64).to_be_bytes());
            message.extend_from_slice(part);
        }
        hmac(&self.0, &message)
    }

    /// Names the key without giving it away: eight hexadecimal digits of a digest.
    pub fn name(&self) -> String {
        let digest = self.digest(&[b"name of the key"]);
        digest.iter().take(4).map(|b| format!("{b:02x}")).collect()
    }
}

/// HMAC-SHA-256 with a key of at most one block.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; BLOCK];
        for (byte, k) in block.iter_mut().zip(key) {
            *byte ^= k;
        }
        block
    };
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(pad(0x5C))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn the_published_vectors_hold() {
        // RFC 4231, test cases 1 and 2.
        assert_eq!(
            hex(&hmac(&[0x0B; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex(&hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_key_is_read_and_never_printed() {
        let text = "0f".repeat(32);
        let key = Key::parse(&format!("{text}\n"));
        assert_eq!(key, Some(Key::new([0x0F; 32])));
        assert_eq!(format!("{key:?}"), "Some(Key(..))");
        for wrong in ["", "0f", &"0g".repeat(32), &"é".repeat(32)] {
            assert_eq!(Key::parse(wrong), None);
        }
        let key = Key::new([1; 32]);
        assert_ne!(key.digest(&[b"ab", b"c"]), key.digest(&[b"a", b"bc"]));
    }
}
