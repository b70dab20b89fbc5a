use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::{Bilingual, Cause, CauseKind, Confidence, Location};
use crate::record::{Broke, Exchange, FaultKind, HttpTransfer};

/// API-052
pub(super) const RULE: Rule = Rule {
    code: "API-052",
    name: "request-broke-off",
    source: include_str!("request_broke_off.md"),
};

/// What broke off on the consumer's side; true when there is nothing else to judge.
pub(in crate::check) fn check(exchange: &Exchange, http: &HttpTransfer, out: &mut Sink) -> bool {
    let Some(broke) = http.wire.as_ref().and_then(|w| w.broke) else {
        return false;
    };
    let kind = http.fault.as_ref().map(|f| f.kind);
    let observed = match (broke, kind) {
        (Broke::ConsumerMidRequest, Some(FaultKind::InvalidMessage)) => "not-http",
        (Broke::ConsumerMidRequest, Some(FaultKind::TimedOut)) => "request-stalled",
        (Broke::ConsumerMidRequest, Some(FaultKind::Tls)) => return false,
        (Broke::ConsumerMidRequest, _) => "request-cut-off",
        (Broke::ConsumerBeforeAnswer, _) => "consumer-left-before-answer",
        (Broke::Relay, _) => return true, // the operator stopped the relay; nothing is said about a product
        (Broke::Provider, _) => return false,
    };
    let at = Location {
        log: Some(exchange.log.clone()),
        ..Location::default()
    };
    let mut hit = Hit::new(&RULE, at)
        .expected("complete HTTP request, answer awaited")
        .observed(observed)
        .key(observed);
    if broke == Broke::ConsumerBeforeAnswer {
        let waited = exchange.duration_ms / 1000;
        hit = hit.cause(Cause {
            kind: CauseKind::Unknown,
            confidence: Confidence::Possible,
            proof: Bilingual::new(
                format!("利用側は要求を送り終え、{waited}秒待って、応答が終わる前に接続を閉じました。利用側の打切りが早いのか、提供側が遅いのかは待った時間で判断します"),
                format!("the consumer sent its request, waited {waited} s and closed before the answer was complete; whether it gave up early or the provider is slow depends on that time"),
            ),
        });
    }
    out.push(hit);
    true
}
