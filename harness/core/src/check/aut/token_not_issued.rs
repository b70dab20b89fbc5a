use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-001
pub(super) const RULE: Rule = Rule {
    code: "AUT-001",
    name: "token-not-issued",
    source: include_str!("token_not_issued.md"),
};

/// The endpoint answered, but not with a token.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    if view.issued() {
        return;
    }
    let status = view.status().unwrap_or_default();
    let error = view.facts().and_then(|f| f.error.as_deref()).map(shown);
    let observed = match &error {
        Some(error) => format!("{status} {error}"),
        None => status.to_string(),
    };
    out.push(
        hit(view, &RULE)
            .expected("access_token")
            .observed(observed)
            .arg("error", error.unwrap_or_else(|| "-".to_owned()))
            .key(view.asked_scope),
    );
}

/// Error codes are printable ASCII without quotes (RFC 6749 5.2); anything else is not shown.
fn shown(error: &str) -> String {
    let printable = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    if error.len() <= 40 && error.bytes().all(printable) {
        error.to_owned()
    } else {
        format!("string({})", error.chars().count())
    }
}
