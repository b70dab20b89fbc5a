//! A request as a command that repeats it, for a POSIX shell and for PowerShell. Secrets were replaced when the request was
//! captured, so the reader must put them in; a body is named by its digest and lies under `blobs/`.

use crate::record::{Header, HttpRequest};

/// Headers that curl makes itself, or that would describe another connection.
const NOT_REPEATED: [&str; 6] = [
    "host",
    "content-length",
    "accept-encoding",
    "connection",
    "transfer-encoding",
    "expect",
];

/// For sh, bash, zsh.
pub(super) fn posix(request: &HttpRequest) -> String {
    command(request, "curl", quote, " \\\n  ", "$TOKEN", "$SECRET")
}

/// For PowerShell, where `curl` may be another program and quotes double.
pub(super) fn powershell(request: &HttpRequest) -> String {
    command(
        request,
        "curl.exe",
        quote_powershell,
        " `\n  ",
        "$env:TOKEN",
        "$env:SECRET",
    )
}

fn command(
    request: &HttpRequest,
    program: &str,
    quote: fn(&str) -> String,
    join: &str,
    token: &str,
    secret: &str,
) -> String {
    let method = &request.method;
    let plain = !method.is_empty() && method.bytes().all(|b| b.is_ascii_alphanumeric());
    let method = if plain { method.clone() } else { quote(method) };
    let mut parts = vec![format!("{program} -i -X {method}"), quote(&request.url)];
    for Header { name, value } in &request.headers {
        let lower = name.to_ascii_lowercase();
        if NOT_REPEATED.contains(&lower.as_str()) {
            continue;
        }
        let scheme = value.split(' ').next().unwrap_or_default();
        parts.push(
            if lower == "authorization" && is_word(scheme) && scheme != value {
                format!("-H \"{name}: {scheme} {token}\"")
            } else if lower == "authorization" {
                format!("-H \"{name}: Bearer {token}\"")
            } else if value.starts_with("sha256:") && is_word(name) {
                format!("-H \"{name}: {secret}\"")
            } else {
                format!("-H {}", quote(&format!("{name}: {value}")))
            },
        );
    }
    if let Some(body) = &request.body {
        // An @ at the start of a word means something else to PowerShell.
        parts.push(format!(
            "--data-binary {}",
            quote(&format!("@blobs/{}", body.sha256))
        ));
    }
    parts.join(join)
}

/// Letters, digits and dashes: safe within double quotes of either shell.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn quote(text: &str) -> String {
    format!("'{}'", visible(text).replace('\'', r"'\''"))
}

fn quote_powershell(text: &str) -> String {
    // Windows PowerShell hands double quotes on only when they are escaped for the program's own parser.
    format!(
        "'{}'",
        visible(text).replace('\'', "''").replace('"', "\\\"")
    )
}

/// Control characters would run or hide something on the terminal of whoever pastes the command.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Blob;

    fn header(name: &str, value: &str) -> Header {
        Header {
            name: name.into(),
            value: value.into(),
        }
    }

    fn request() -> HttpRequest {
        HttpRequest {
            method: "POST".into(),
            url: "https://h/a?b='c'&d=$(x)".into(),
            headers: vec![
                header("authorization", "Bearer sha256:0123456789ab"),
                header("content-type", "application/json"),
                header("x-note", "it's \"quoted\" $HOME `id`"),
                header("x-api-key", "sha256:0123456789ab"),
                header("host", "h"),
            ],
            body: Some(Blob {
                sha256: "ab".into(),
                bytes: 2,
            }),
        }
    }

    #[test]
    fn a_command_holds_no_secret_and_quotes_what_it_is_given() {
        insta::assert_snapshot!(format!(
            "{}\n\n{}",
            posix(&request()),
            powershell(&request())
        ));
    }

    #[test]
    fn basic_stays_basic_and_a_bare_value_is_a_bearer() {
        let mut request = request();
        request.headers = vec![header("Authorization", "Basic sha256:0123456789ab")];
        assert!(posix(&request).contains("-H \"Authorization: Basic $TOKEN\""));
        request.headers = vec![header("authorization", "sha256:0123456789ab")];
        assert!(posix(&request).contains("-H \"authorization: Bearer $TOKEN\""));
    }
}
