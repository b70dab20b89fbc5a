//! The head of an HTTP/1 message, read without repairing anything: what cannot be read is a fact about its sender.

/// Longest head that is read, in bytes. Servers commonly accept 8 to 32 KiB (RFC 9112 3 asks for 8,000 in the first line).
pub(crate) const MAX_HEAD: usize = 128 * 1024;

/// A head as it stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// Every byte of it, the empty line included.
    pub(crate) bytes: Vec<u8>,
    /// Request line or status line, without its end.
    pub(crate) first: Vec<u8>,
    /// Names as written and values without white space around them.
    pub(crate) fields: Vec<(Vec<u8>, Vec<u8>)>,
}

/// How the end of a body is found (RFC 9112 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    None,
    Length(u64),
    Chunked,
    UntilClose,
    /// From here on the connection is another protocol's (RFC 9110 7.8, 9.3.6).
    Tunnel,
}

impl Framing {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Length(_) => "content-length",
            Self::Chunked => "chunked",
            Self::UntilClose => "until-close",
            Self::Tunnel => "tunnel",
        }
    }
}

impl Head {
    /// Reads a whole head.
    ///
    /// # Errors
    /// Why it is none, in words without its values.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, &'static str> {
        let mut lines = bytes
            .split(|b| *b == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        // RFC 9112 2.2: empty lines before a request line are passed over.
        let first = lines
            .find(|line| !line.is_empty())
            .unwrap_or_default()
            .to_vec();
        let mut fields: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        for line in lines.take_while(|line| !line.is_empty()) {
            fields.push(field(line)?);
        }
        Ok(Self {
            bytes,
            first,
            fields,
        })
    }

    /// Values of a field, by its name in lower case.
    pub(crate) fn values<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> {
        self.fields
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.as_slice())
    }

    /// Method and target of a request line.
    ///
    /// # Errors
    /// Why it is none.
    pub(crate) fn request_line(&self) -> Result<(&str, &[u8]), &'static str> {
        let mut parts = self.first.splitn(2, |b| *b == b' ');
        let (method, rest) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let (target, version) = match rest.iter().rposition(|b| *b == b' ') {
            Some(at) => (
                rest.get(..at).unwrap_or_default(),
                rest.get(at + 1..).unwrap_or_default(),
            ),
            None => return Err("the request line has no version (HTTP/0.9 or not HTTP)"),
        };
        if method == b"PRI" && version == b"HTTP/2.0" {
            return Err("HTTP/2 without negotiation; the relay speaks HTTP/1.1");
        }
        if !is_version(version) {
            return Err("the request line does not end with HTTP/1.x");
        }
        let method = std::str::from_utf8(method)
            .ok()
            .filter(|m| is_token(m.as_bytes()));
        match method {
            Some(method) if !target.is_empty() => Ok((method, target)),
            _ => Err("the request line has no method or no target"),
        }
    }

    /// Status and version of a status line.
    ///
    /// # Errors
    /// Why it is none.
    pub(crate) fn status_line(&self) -> Result<(u16, &str), &'static str> {
        let version = self.first.get(..8).unwrap_or_default();
        let code = self.first.get(9..12).unwrap_or_default();
        let apart =
            self.first.get(8) == Some(&b' ') && self.first.get(12).is_none_or(|b| *b == b' ');
        let status = std::str::from_utf8(code).ok().and_then(|c| c.parse().ok());
        match (status, std::str::from_utf8(version)) {
            (Some(status @ 100..=999), Ok(text)) if apart && is_version(version) => {
                Ok((status, text))
            }
            _ => Err("the status line is not `HTTP/1.x NNN …`"),
        }
    }

    /// How the body of a request ends.
    ///
    /// # Errors
    /// Nobody can tell.
    pub(crate) fn request_framing(&self) -> Result<Framing, &'static str> {
        match self.coded()? {
            Some(true) => Ok(Framing::Chunked),
            Some(false) => {
                Err("Transfer-Encoding of the request does not end with chunked (RFC 9112 6.3)")
            }
            None => Ok(self.length()?.map_or(Framing::None, Framing::of_length)),
        }
    }

    /// How the body of a response to `method` ends.
    ///
    /// # Errors
    /// Nobody can tell.
    pub(crate) fn response_framing(
        &self,
        status: u16,
        method: &str,
    ) -> Result<Framing, &'static str> {
        if status == 101 || (method == "CONNECT" && (200..300).contains(&status)) {
            return Ok(Framing::Tunnel);
        }
        if method == "HEAD" || status < 200 || status == 204 || status == 304 {
            return Ok(Framing::None);
        }
        Ok(match self.coded()? {
            Some(true) => Framing::Chunked,
            Some(false) => Framing::UntilClose,
            None => self
                .length()?
                .map_or(Framing::UntilClose, Framing::of_length),
        })
    }

    /// Whether Transfer-Encoding is there and ends with chunked.
    fn coded(&self) -> Result<Option<bool>, &'static str> {
        let mut last = None;
        for value in self.values("transfer-encoding") {
            let text =
                std::str::from_utf8(value).map_err(|_| "Transfer-Encoding is not readable")?;
            last = text
                .split(',')
                .map(str::trim)
                .rfind(|c| !c.is_empty())
                .map(str::to_ascii_lowercase)
                .or(last);
        }
        Ok(last.map(|coding| coding == "chunked"))
    }

    fn length(&self) -> Result<Option<u64>, &'static str> {
        let mut found = None;
        for value in self.values("content-length") {
            for one in value.split(|b| *b == b',') {
                let one = one.trim_ascii();
                let digits = !one.is_empty() && one.iter().all(u8::is_ascii_digit);
                let number = std::str::from_utf8(one)
                    .ok()
                    .filter(|_| digits)
                    .and_then(|t| t.parse().ok());
                let number: u64 = number.ok_or("Content-Length is not a number")?;
                if found.is_some_and(|known| known != number) {
                    return Err("several Content-Length values that differ (RFC 9112 6.3)");
                }
                found = Some(number);
            }
        }
        Ok(found)
    }
}

impl Framing {
    fn of_length(length: u64) -> Self {
        if length == 0 {
            Self::None
        } else {
            Self::Length(length)
        }
    }
}

fn field(line: &[u8]) -> Result<(Vec<u8>, Vec<u8>), &'static str> {
    let colon = line
        .iter()
        .position(|b| *b == b':')
        .ok_or("a header line has no colon")?;
    let name = line.get(..colon).unwrap_or_default();
    if !is_token(name) {
        return Err("a header name is not a token (RFC 9110 5.1)");
    }
    let value = line.get(colon + 1..).unwrap_or_default().trim_ascii();
    Ok((name.to_vec(), value.to_vec()))
}

/// Fields of a trailer section; lines that are none are left out.
pub(crate) fn trailers(bytes: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    bytes
        .split(|b| *b == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter_map(|line| field(line).ok())
        .collect()
}

fn is_version(bytes: &[u8]) -> bool {
    matches!(bytes, [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit())
}

fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b))
}
