use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::{Bilingual, Cause, CauseKind, Confidence, Location};
use crate::record::{Exchange, FaultKind, Transfer};

/// API-009
pub(super) const RULE: Rule = Rule {
    code: "API-009",
    name: "answer-incomplete",
    source: include_str!("answer_incomplete.md"),
};

/// An answer that broke off or was not HTTP; true when there is nothing else to judge.
pub(in crate::check) fn check(exchange: &Exchange, out: &mut Sink) -> bool {
    let Transfer::Http(http) = &exchange.transfer else {
        return false;
    };
    let Some(fault) = &http.fault else {
        return false;
    };
    let observed = match fault.kind {
        FaultKind::ClosedMidMessage => "closed-mid-message",
        FaultKind::ConnectionReset => "connection-reset",
        FaultKind::InvalidMessage => "not-http",
        _ => return false,
    };
    let at = Location {
        log: Some(exchange.log.clone()),
        ..Location::default()
    };
    let status = http.response.as_ref().map(|r| r.status.to_string());
    let mut hit = Hit::new(&RULE, at)
        .expected("complete HTTP response")
        .observed(observed)
        .arg("status", status.unwrap_or_else(|| "-".to_owned()))
        .key(observed);
    if fault.kind == FaultKind::ConnectionReset {
        hit = hit.cause(Cause {
            kind: CauseKind::Receiver,
            confidence: Confidence::Possible,
            proof: Bilingual::new(
                "接続が相手側の方向から切られました。途中の機器（ファイアウォール等）が切った可能性も残ります",
                "the connection was reset from the other direction; a device on the way (a firewall) may have done it too",
            ),
        });
    }
    out.push(hit);
    true
}
