//! The one change that may be declared: the Host field names the provider instead of the relay. Everything else of the
//! stream stays, byte for byte.

use super::framer::{Framer, Piece};

/// Rewrites the Host field of every request of a connection.
pub(crate) struct HostRewriter {
    framer: Framer,
    host: Vec<u8>,
    /// Of a head that is not complete.
    held: Vec<u8>,
    off: bool,
}

impl HostRewriter {
    pub(crate) fn new(host: &str) -> Self {
        Self {
            framer: Framer::default(),
            host: host.as_bytes().to_vec(),
            held: Vec::new(),
            off: false,
        }
    }

    /// What goes on in place of `bytes`. A head is held back until it is whole; what is not HTTP goes on as it is.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + 32);
        let mut rest = bytes;
        loop {
            if self.off {
                out.append(&mut self.held);
                out.extend_from_slice(rest);
                return out;
            }
            let (taken, piece) = self.framer.next(rest);
            let (eaten, after) = rest.split_at(taken.min(rest.len()));
            rest = after;
            match piece {
                Some(Piece::Head(head)) => {
                    self.held.extend_from_slice(eaten);
                    let held = std::mem::take(&mut self.held);
                    match (head.request_line(), head.request_framing()) {
                        (Ok(_), Ok(framing)) => {
                            self.framer.frame(framing);
                            out.extend_from_slice(&self.rewrite(&held));
                        }
                        _ => {
                            self.off = true;
                            out.extend_from_slice(&held);
                        }
                    }
                    // What follows may be another protocol's. An offer of HTTP/2 is common and hardly ever taken.
                    let offers = |v: &[u8]| !v.eq_ignore_ascii_case(b"h2c");
                    self.off |=
                        head.values("upgrade").any(offers) || head.first.starts_with(b"CONNECT ");
                }
                Some(Piece::Broken(_)) => {
                    self.held.extend_from_slice(eaten);
                    self.off = true;
                }
                None if self.framer.partial().is_empty() => {
                    out.extend_from_slice(eaten);
                    if taken == 0 {
                        return out;
                    }
                }
                None => {
                    self.held.extend_from_slice(eaten);
                    if taken == 0 {
                        return out;
                    }
                }
                Some(_) => out.extend_from_slice(eaten),
            }
        }
    }

    /// What is still held when the connection ends.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    fn rewrite(&self, head: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(head.len() + self.host.len());
        for line in head.split_inclusive(|b| *b == b'\n') {
            let colon = line.iter().position(|b| *b == b':');
            let name = colon.and_then(|at| line.get(..at)).unwrap_or_default();
            if name.eq_ignore_ascii_case(b"host") {
                let end = line
                    .iter()
                    .rposition(|b| !matches!(b, b'\r' | b'\n'))
                    .map_or(0, |at| at + 1);
                out.extend_from_slice(name);
                out.extend_from_slice(b": ");
                out.extend_from_slice(&self.host);
                out.extend_from_slice(line.get(end..).unwrap_or_default());
            } else {
                out.extend_from_slice(line);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_changes_whatever_the_pieces() {
        let stream = b"\r\nGET /a HTTP/1.1\r\nhost:  relay:1\r\nX-Host: relay:1\r\n\r\nPOST /b HTTP/1.1\r\nHost: relay:1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhost:x\r\n0\r\nHost: y\r\n\r\nGET /c HTTP/1.1\r\nHost: relay:1\r\n\r\n\xFF";
        let text = String::from_utf8_lossy(stream);
        let expected = text
            .replace("host:  relay:1", "host: up:2")
            .replace("\r\nHost: relay:1", "\r\nHost: up:2");
        for step in [1, 2, 3, 7, 50, 1000] {
            let mut rewriter = HostRewriter::new("up:2");
            let mut out = Vec::new();
            for part in stream.chunks(step) {
                out.extend(rewriter.push(part));
            }
            out.extend(rewriter.rest());
            assert_eq!(String::from_utf8_lossy(&out), expected, "{step}");
        }
    }

    #[test]
    fn what_is_not_http_goes_on_as_it_is() {
        let mut rewriter = HostRewriter::new("up:2");
        let stream = b"\x16\x03\x01Host: a\r\n\r\n";
        let mut out = rewriter.push(stream);
        out.extend(rewriter.push(b"Host: b\r\n"));
        assert_eq!(out, [&stream[..], b"Host: b\r\n"].concat());
    }
}
