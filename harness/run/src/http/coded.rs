//! Bodies in a content coding (RFC 9110 8.4): a secret inside is as readable as one outside, so they are looked into as well.

use std::borrow::Cow;

use renkei_core::observe::{coded, plain};

/// Takes secrets out of a body. `coding` is its Content-Encoding. What holds none stays byte for byte; what does is coded
/// again, so that the header stays true. `opaque`: what is kept of a body that nobody can look into.
pub(crate) fn cleaned<'b>(
    coding: Option<&str>,
    bytes: &'b [u8],
    clean: impl Fn(&[u8]) -> Vec<u8>,
    opaque: impl FnOnce(&'b [u8]) -> Cow<'b, [u8]>,
) -> Cow<'b, [u8]> {
    let shown = match plain(coding, bytes) {
        Ok(Cow::Borrowed(_)) => clean(bytes),
        Ok(Cow::Owned(inside)) => {
            let shown = clean(&inside);
            if shown == inside {
                return Cow::Borrowed(bytes);
            }
            coded(coding.unwrap_or_default(), shown)
        }
        Err(_) => return opaque(bytes),
    };
    if shown == bytes {
        Cow::Borrowed(bytes)
    } else {
        Cow::Owned(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::redact::token_body;

    const ANSWER: &[u8] = br#"{"access_token":"CANARY-0123456789","expires_in":600}"#;

    #[test]
    fn a_token_in_a_coded_answer_is_taken_out_and_the_rest_stays() {
        for coding in ["gzip", "deflate", "GZIP, deflate"] {
            let sent = coded(coding, ANSWER.to_vec());
            let kept = cleaned(Some(coding), &sent, token_body, Cow::Borrowed);
            let inside = plain(Some(coding), &kept).expect("still coded");
            let text = String::from_utf8_lossy(&inside);
            assert!(!text.contains("CANARY"), "{coding}: {text}");
            assert!(text.contains("\"expires_in\":600"), "{coding}: {text}");
        }
        let other = coded("gzip", b"{\"a\":1}".to_vec());
        let kept = cleaned(Some("gzip"), &other, token_body, Cow::Borrowed);
        assert!(matches!(kept, Cow::Borrowed(same) if same == other));
    }

    #[test]
    fn what_cannot_be_looked_into_is_left_to_the_caller() {
        let kept = cleaned(Some("br"), ANSWER, token_body, |_| Cow::Borrowed(b""));
        assert!(kept.is_empty());
    }
}
