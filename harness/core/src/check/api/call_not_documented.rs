use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::mask::wire;
use crate::model::{Bilingual, Cause, CauseKind, Confidence, Location};
use crate::record::{Exchange, HttpTransfer};

/// API-050
pub(super) const RULE: Rule = Rule {
    code: "API-050",
    name: "call-not-documented",
    source: include_str!("call_not_documented.md"),
};

/// A call of the consumer's own that fits no operation. `methods`: those documented for the path; empty: no such path.
/// Who is wrong shows in the answer: a provider that serves the call offers more than its document says.
pub(in crate::check) fn check(
    exchange: &Exchange,
    http: &HttpTransfer,
    path: &str,
    methods: &[String],
    out: &mut Sink,
) {
    let path = wire::path(path);
    let status = http.response.as_ref().map(|r| r.status);
    let served = status.is_some_and(|s| (200..300).contains(&s));
    let (kind, confidence, proof) = if served {
        (
            CauseKind::Spec,
            Confidence::Possible,
            Bilingual::new(
                "提供側はこの呼出しに成功を返しました。仕様書に書かれていない操作が動いています",
                "the provider answered the call with success: it serves something its document does not name",
            ),
        )
    } else {
        (
            CauseKind::Sender,
            Confidence::Probable,
            Bilingual::new(
                "要求は中継点で受け取ったバイト列のままです。提供側も成功を返していません",
                "the request is what arrived at the relay, byte for byte; the provider did not answer it with success either",
            ),
        )
    };
    let (expected, observed) = if methods.is_empty() {
        ("a documented path".to_owned(), path.clone())
    } else {
        (methods.join(" | "), http.request.method.clone())
    };
    let at = Location {
        log: Some(exchange.log.clone()),
        ..Location::default()
    };
    out.push(
        Hit::new(&RULE, at)
            .expected(expected)
            .observed(observed)
            .arg("call", format!("{} {path}", http.request.method))
            .key(format!("{} {path}", http.request.method))
            .cause(Cause {
                kind,
                confidence,
                proof,
            }),
    );
}
