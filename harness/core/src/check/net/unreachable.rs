use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::{Bilingual, Cause, CauseKind, Confidence};
use crate::record::{Exchange, Fault, FaultKind, HttpTransfer};

/// NET-001
pub(super) const RULE: Rule = Rule {
    code: "NET-001",
    name: "unreachable",
    source: include_str!("unreachable.md"),
};

pub(super) fn check(
    exchange: &Exchange,
    http: &HttpTransfer,
    fault: &Fault,
    out: &mut Sink,
) -> bool {
    let cause = |kind, confidence, ja: &str, en: &str| Cause {
        kind,
        confidence,
        proof: Bilingual::new(ja, en),
    };
    let (observed, cause) = match fault.kind {
        FaultKind::NameNotFound => (
            "name-not-found",
            cause(
                CauseKind::Environment,
                Confidence::Probable,
                "名前を引けず、相手には1バイトも届いていません",
                "the name could not be resolved; not one byte reached the other side",
            ),
        ),
        FaultKind::ConnectionRefused => (
            "connection-refused",
            cause(
                CauseKind::Environment,
                Confidence::Probable,
                "接続を拒まれ、要求は送られていません",
                "the connection was refused; no request was sent",
            ),
        ),
        FaultKind::HostNotAllowed => (
            "host-not-in-plan",
            cause(
                CauseKind::Config,
                Confidence::Certain,
                "計画に書かれていないホストなので、試験ツールが送るのを止めました",
                "the plan does not name this host, so the harness sent nothing",
            ),
        ),
        FaultKind::Other => (
            "other",
            cause(
                CauseKind::Unknown,
                Confidence::Possible,
                "応答が得られなかった理由を特定できませんでした",
                "why no answer came could not be determined",
            ),
        ),
        _ => return false,
    };
    out.push(
        hit(exchange, &RULE, &http.request.url)
            .expected("connection")
            .observed(observed)
            .cause(cause),
    );
    true
}
