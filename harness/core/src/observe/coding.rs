//! Content codings (RFC 9110 8.4): a plain copy to look into; what was sent stays as it is.

use std::borrow::Cow;
use std::io::Read;

use flate2::Compression;
use flate2::read::{DeflateDecoder, GzEncoder, MultiGzDecoder, ZlibDecoder, ZlibEncoder};

/// Longest plain copy, in bytes. renkei's own limit.
const MOST: u64 = 16 * 1024 * 1024;
/// So many plain bytes for each coded one …
const RATIO: u64 = 500;
/// … are suspicious once this many have come out. renkei's own limits; deflate itself reaches about 1,030.
const RATIO_FROM: u64 = 1024 * 1024;
/// Codings one over the other.
const DEPTH: usize = 3;

/// Why there is no plain copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodingFault {
    /// A coding that the harness cannot undo.
    Unknown(String),
    /// The bytes are not what the header says: their sender's fault.
    Broken(String),
    /// The plain copy would be longer than the harness reads.
    TooLarge(String),
}

impl CodingFault {
    /// In neutral notation.
    pub fn word(&self) -> String {
        match self {
            Self::Unknown(coding) => format!("content-encoding {coding}"),
            Self::Broken(coding) => format!("bytes that are not {coding}"),
            Self::TooLarge(coding) => {
                format!("unpacked beyond the limits, content-encoding {coding}")
            }
        }
    }
}

/// The bytes without the codings of a Content-Encoding header; borrowed when there is none.
///
/// # Errors
/// See [`CodingFault`].
pub fn plain<'b>(header: Option<&str>, bytes: &'b [u8]) -> Result<Cow<'b, [u8]>, CodingFault> {
    let codings = codings(header.unwrap_or_default());
    if codings.len() > DEPTH {
        return Err(CodingFault::Unknown(short(header.unwrap_or_default())));
    }
    let mut here = Cow::Borrowed(bytes);
    // The last one named was put on last (RFC 9110 8.4).
    for coding in codings.iter().rev() {
        here = Cow::Owned(undone(coding, &here)?);
    }
    Ok(here)
}

/// The codings of a header in the order in which they were put on.
fn codings(header: &str) -> Vec<String> {
    let names = header.split(',').map(|c| c.trim().to_ascii_lowercase());
    names.filter(|c| !c.is_empty() && c != "identity").collect()
}

/// Puts the codings of a header on: what [`plain`] undoes. A coding that it cannot undo is left out.
pub fn coded(header: &str, bytes: Vec<u8>) -> Vec<u8> {
    codings(header).iter().fold(bytes, |here, coding| {
        let level = Compression::default();
        let written = match coding.as_str() {
            "gzip" | "x-gzip" => read_all(GzEncoder::new(here.as_slice(), level)),
            "deflate" => read_all(ZlibEncoder::new(here.as_slice(), level)),
            _ => return here,
        };
        written.unwrap_or_default() // reading from memory does not fail
    })
}

fn read_all(mut coder: impl Read) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    coder.read_to_end(&mut out)?;
    Ok(out)
}

fn undone(coding: &str, bytes: &[u8]) -> Result<Vec<u8>, CodingFault> {
    match coding {
        "gzip" | "x-gzip" => read(coding, bytes, MultiGzDecoder::new(bytes)),
        // RFC 9110 8.4.1.2: zlib is meant; some senders leave its frame out.
        "deflate" => match read(coding, bytes, ZlibDecoder::new(bytes)) {
            Err(CodingFault::Broken(_)) => read(coding, bytes, DeflateDecoder::new(bytes)),
            other => other,
        },
        other => Err(CodingFault::Unknown(short(other))),
    }
}

fn read(coding: &str, coded: &[u8], mut plain: impl Read) -> Result<Vec<u8>, CodingFault> {
    let mut out = Vec::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = plain
            .read(&mut piece)
            .map_err(|_| CodingFault::Broken(coding.to_owned()))?;
        if read == 0 {
            return Ok(out);
        }
        out.extend_from_slice(piece.get(..read).unwrap_or_default());
        let length = out.len() as u64;
        let bomb = length > RATIO_FROM && length / RATIO > coded.len() as u64;
        if length > MOST || bomb {
            return Err(CodingFault::TooLarge(coding.to_owned()));
        }
    }
}

fn short(coding: &str) -> String {
    coding
        .chars()
        .filter(|c| !c.is_control())
        .take(40)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut coder = GzEncoder::new(Vec::new(), Compression::fast());
        coder.write_all(bytes).expect("written");
        coder.finish().expect("finished")
    }

    #[test]
    fn codings_come_off_in_turn() {
        let text = b"{\"a\":1}".repeat(9);
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(&text).expect("written");
        let zlib = zlib.finish().expect("finished");
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(&text).expect("written");
        let raw = raw.finish().expect("finished");
        let twice = gzip(&zlib);
        for (header, bytes) in [
            (None, text.clone()),
            (Some("identity"), text.clone()),
            (Some("GZIP"), gzip(&text)),
            (Some("deflate"), zlib.clone()),
            (Some("deflate"), raw),
            (Some("deflate, gzip"), twice),
        ] {
            assert_eq!(plain(header, &bytes).as_deref(), Ok(&*text), "{header:?}");
        }
    }

    #[test]
    fn what_cannot_be_undone_says_whose_fault_it_is() {
        let told = |header: &str, bytes: &[u8]| plain(Some(header), bytes).err();
        assert_eq!(told("br", b"x"), Some(CodingFault::Unknown("br".into())));
        let broken = Some(CodingFault::Broken("gzip".into()));
        assert_eq!(told("gzip", b"{}"), broken);
        let whole = gzip(&b"abc".repeat(500));
        assert_eq!(told("gzip", &whole[..whole.len() - 4]), broken);
        let bomb = gzip(&vec![b'['; 40_000_000]);
        assert_eq!(
            told("gzip", &bomb),
            Some(CodingFault::TooLarge("gzip".into()))
        );
        assert!(told("gzip,gzip,gzip,gzip", b"").is_some());
    }
}
