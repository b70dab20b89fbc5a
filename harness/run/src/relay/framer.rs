//! Finds the borders of HTTP/1 messages in a stream, piece by piece, whatever the pieces; never holds more than one head.

use super::head::{Framing, Head, MAX_HEAD};

/// Longest chunk-size line, in bytes.
const MAX_LINE: usize = 4 * 1024;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A whole head; [`Framer::frame`] must be called next.
    Head(Head),
    /// Bytes of the body, transfer decoding done.
    Body(&'a [u8]),
    /// The trailer section of a chunked body.
    Trailers(Vec<u8>),
    /// The message is complete.
    End,
    /// Nothing after this can be read.
    Broken(&'static str),
}

/// One direction of a connection.
#[derive(Debug, Default)]
pub(crate) struct Framer {
    state: State,
}

#[derive(Debug)]
enum State {
    Head(Vec<u8>),
    Framing,
    Length(u64),
    Size(Vec<u8>),
    Chunk(u64),
    ChunkEnd(u8),
    Trailer(Vec<u8>),
    UntilClose,
    Ended,
    Opaque,
}

impl Default for State {
    fn default() -> Self {
        Self::Head(Vec::new())
    }
}

impl Framer {
    /// Tells how the body of the head just found ends.
    pub(crate) fn frame(&mut self, framing: Framing) {
        self.state = match framing {
            Framing::None => State::Ended,
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::Size(Vec::new()),
            Framing::UntilClose => State::UntilClose,
            Framing::Tunnel => State::Opaque,
        };
    }

    /// From here on bytes are only counted.
    pub(crate) fn give_up(&mut self) {
        self.state = State::Opaque;
    }

    /// True when no byte of a message is under way.
    pub(crate) fn between_messages(&self) -> bool {
        matches!(&self.state, State::Head(head) if head.iter().all(|b| matches!(b, b'\r' | b'\n')))
    }

    /// True when the message ends with the connection.
    pub(crate) fn ends_with_connection(&self) -> bool {
        matches!(self.state, State::UntilClose | State::Opaque)
    }

    /// Takes as many bytes as belong to the next piece; gives their number and the piece, if it is complete. An `End` may
    /// take no byte, so go on until nothing is taken and nothing is given.
    pub(crate) fn next<'a>(&mut self, input: &'a [u8]) -> (usize, Option<Piece<'a>>) {
        match &mut self.state {
            State::Ended => {
                self.state = State::default();
                (0, Some(Piece::End))
            }
            State::Framing | State::Opaque => (input.len(), None),
            _ if input.is_empty() => (0, None),
            State::Head(_) => self.head(input),
            State::Length(left) => {
                let (taken, piece) = take(input, left);
                if *left == 0 {
                    self.state = State::Ended;
                }
                (taken, Some(piece))
            }
            State::Chunk(left) => {
                let (taken, piece) = take(input, left);
                if *left == 0 {
                    self.state = State::ChunkEnd(0);
                }
                (taken, Some(piece))
            }
            State::UntilClose => (input.len(), Some(Piece::Body(input))),
            State::Size(_) => self.size(input),
            State::ChunkEnd(seen) => match (*seen, input.first()) {
                (0, Some(b'\r')) => {
                    *seen = 1;
                    (1, None)
                }
                (_, Some(b'\n')) => {
                    self.state = State::Size(Vec::new());
                    (1, None)
                }
                _ => self.broken(0, "a chunk is longer than its size says"),
            },
            State::Trailer(_) => self.trailer(input),
        }
    }

    fn head<'a>(&mut self, input: &'a [u8]) -> (usize, Option<Piece<'a>>) {
        let State::Head(head) = &mut self.state else {
            return (0, None);
        };
        let before = head.len();
        let room = (MAX_HEAD - before).min(input.len());
        head.extend_from_slice(input.get(..room).unwrap_or_default());
        match head_end(head, before) {
            Some(end) => {
                head.truncate(end);
                let bytes = std::mem::take(head);
                let taken = end - before;
                match Head::parse(bytes) {
                    Ok(head) => {
                        self.state = State::Framing;
                        (taken, Some(Piece::Head(head)))
                    }
                    Err(why) => self.broken(taken, why),
                }
            }
            None if head.len() >= MAX_HEAD => self.broken(room, "the head is longer than 128 KiB"),
            None if unlike_http(head) => self.broken(room, "what came does not begin like HTTP"),
            None => (room, None),
        }
    }

    /// What was collected of a head that is not complete.
    pub(crate) fn partial(&self) -> &[u8] {
        match &self.state {
            State::Head(head) => head,
            _ => &[],
        }
    }

    fn size<'a>(&mut self, input: &'a [u8]) -> (usize, Option<Piece<'a>>) {
        let State::Size(line) = &mut self.state else {
            return (0, None);
        };
        let end = memchr::memchr(b'\n', input);
        let part = input
            .get(..end.map_or(input.len(), |e| e + 1))
            .unwrap_or_default();
        line.extend_from_slice(part);
        if line.len() > MAX_LINE {
            return self.broken(part.len(), "a chunk-size line is too long");
        }
        if end.is_none() {
            return (part.len(), None);
        }
        let size = line
            .split(|b| *b == b';')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        let digits = !size.is_empty() && size.len() <= 16 && size.iter().all(u8::is_ascii_hexdigit);
        let size = std::str::from_utf8(size).ok().filter(|_| digits);
        match size.and_then(|s| u64::from_str_radix(s, 16).ok()) {
            Some(0) => self.state = State::Trailer(Vec::new()),
            Some(size) => self.state = State::Chunk(size),
            None => return self.broken(part.len(), "a chunk size is not a hexadecimal number"),
        }
        (part.len(), None)
    }

    fn trailer<'a>(&mut self, input: &'a [u8]) -> (usize, Option<Piece<'a>>) {
        let State::Trailer(lines) = &mut self.state else {
            return (0, None);
        };
        let end = memchr::memchr(b'\n', input);
        let part = input
            .get(..end.map_or(input.len(), |e| e + 1))
            .unwrap_or_default();
        let line_start = lines
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        lines.extend_from_slice(part);
        if lines.len() > MAX_HEAD {
            return self.broken(part.len(), "the trailer section is longer than 128 KiB");
        }
        let line = lines.get(line_start..).unwrap_or_default();
        if end.is_some() && matches!(line, b"\n" | b"\r\n") {
            let fields = std::mem::take(lines);
            self.state = State::Ended;
            return (part.len(), Some(Piece::Trailers(fields)));
        }
        (part.len(), None)
    }

    fn broken<'a>(&mut self, taken: usize, why: &'static str) -> (usize, Option<Piece<'a>>) {
        self.state = State::Opaque;
        (taken, Some(Piece::Broken(why)))
    }
}

fn take<'a>(input: &'a [u8], left: &mut u64) -> (usize, Piece<'a>) {
    let room = usize::try_from(*left)
        .unwrap_or(usize::MAX)
        .min(input.len());
    *left -= room as u64;
    (room, Piece::Body(input.get(..room).unwrap_or_default()))
}

/// Where the head ends, searched from `from` on (bytes before it were searched already). Line ends are CRLF or LF.
fn head_end(bytes: &[u8], from: usize) -> Option<usize> {
    let start = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n'))?;
    let search = from.saturating_sub(3).max(start);
    let tail = bytes.get(search..).unwrap_or_default();
    memchr::memchr_iter(b'\n', tail).find_map(|at| {
        let at = search + at;
        match bytes.get(at + 1..) {
            Some([b'\n', ..]) => Some(at + 2),
            Some([b'\r', b'\n', ..]) => Some(at + 3),
            _ => None,
        }
    })
}

/// A control character in the first bytes: TLS, another protocol or garbage. Told at once, because a head may never end.
fn unlike_http(head: &[u8]) -> bool {
    let start = head
        .iter()
        .position(|b| !matches!(b, b'\r' | b'\n'))
        .unwrap_or(head.len());
    let first = head.get(start..).unwrap_or_default();
    let first = first.split(|b| *b == b'\n').next().unwrap_or_default();
    first
        .strip_suffix(b"\r")
        .unwrap_or(first)
        .iter()
        .take(64)
        .any(|b| *b < 0x20 || *b == 0x7F)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a stream of requests holds, cut into pieces of `step` bytes.
    fn read(stream: &[u8], step: usize) -> Vec<String> {
        let mut framer = Framer::default();
        let mut out: Vec<String> = Vec::new();
        for part in stream.chunks(step) {
            let mut rest = part;
            loop {
                let (taken, piece) = framer.next(rest);
                rest = &rest[taken..];
                match piece {
                    Some(Piece::Head(head)) => {
                        out.push(String::from_utf8_lossy(&head.first).into_owned());
                        match head.request_framing() {
                            Ok(framing) => framer.frame(framing),
                            Err(why) => out.push(why.to_owned()),
                        }
                    }
                    Some(Piece::Body(bytes)) => match out.last_mut() {
                        Some(last) if last.starts_with('=') => {
                            last.push_str(&String::from_utf8_lossy(bytes))
                        }
                        _ => out.push(format!("={}", String::from_utf8_lossy(bytes))),
                    },
                    Some(Piece::Trailers(fields)) => out.push(format!("+{}", fields.len())),
                    Some(Piece::End) => out.push(".".to_owned()),
                    Some(Piece::Broken(why)) => out.push(format!("!{why}")),
                    None if taken == 0 => break,
                    None => {}
                }
            }
        }
        out
    }

    #[test]
    fn borders_do_not_depend_on_the_pieces() {
        let stream = b"\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc\
POST /c HTTP/1.1\nTransfer-Encoding: gzip, chunked\n\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\nGET /d HTTP/1.0\r\n\r\n";
        let expected = [
            "GET /a HTTP/1.1",
            ".",
            "POST /b HTTP/1.1",
            "=abc",
            ".",
            "POST /c HTTP/1.1",
            "=abcde",
            "+8",
            ".",
            "GET /d HTTP/1.0",
            ".",
        ];
        for step in [1, 2, 3, 5, 7, 64, 1000] {
            assert_eq!(read(stream, step), expected, "{step}");
        }
    }

    #[test]
    fn what_is_not_http_is_told_and_ends_the_reading() {
        for (stream, words) in [
            (&b"\x16\x03\x01\x02\x00\x01"[..], "does not begin like HTTP"),
            (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", "no colon"),
            (
                b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "differ",
            ),
            (
                b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "not a number",
            ),
            (
                b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "hexadecimal",
            ),
            (
                b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
                "longer than its size",
            ),
        ] {
            let told = read(stream, 1000).join("|");
            assert!(told.contains(words), "{told}");
        }
        let flood = [b"GET / HTTP/1.1\r\n".to_vec(), b"X: y\r\n".repeat(40_000)].concat();
        assert!(read(&flood, 4096).join("|").contains("128 KiB"));
    }

    #[test]
    fn lines_tell_what_they_are() {
        let head = |text: &str| Head::parse(text.as_bytes().to_vec()).unwrap_or_default();
        assert!(
            head("PRI * HTTP/2.0\r\n\r\n")
                .request_line()
                .is_err_and(|e| e.contains("HTTP/2"))
        );
        assert_eq!(
            head("GET /a b HTTP/1.1\r\n\r\n").request_line(),
            Ok(("GET", &b"/a b"[..]))
        );
        assert_eq!(
            head("HTTP/1.1 200\r\n\r\n").status_line(),
            Ok((200, "HTTP/1.1"))
        );
        assert!(head("HTTP/1.1 2000\r\n\r\n").status_line().is_err());
        assert_eq!(
            head("HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n").response_framing(204, "GET"),
            Ok(Framing::None)
        );
        assert_eq!(
            head("HTTP/1.1 200 x\r\n\r\n").response_framing(200, "HEAD"),
            Ok(Framing::None)
        );
        assert_eq!(
            head("HTTP/1.1 200 x\r\n\r\n").response_framing(200, "GET"),
            Ok(Framing::UntilClose)
        );
        assert_eq!(
            head("HTTP/1.1 101 x\r\n\r\n").response_framing(101, "GET"),
            Ok(Framing::Tunnel)
        );
    }
}
