use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::{Bilingual, Cause, CauseKind, Confidence, Location};
use crate::plan::Expect;

/// SEQ-006
pub(super) const RULE: Rule = Rule {
    code: "SEQ-006",
    name: "expectation-not-held",
    source: include_str!("expectation_not_held.md"),
};

/// Holds one expectation of a step against what is there. `fill` puts captured values into a text and gives nothing when
/// one of them was never captured: then the step before has its own finding. `incoming`: the other side called us.
pub fn check(
    step: &str,
    (log, incoming): (&str, bool),
    expect: &Expect,
    found: Option<&str>,
    fill: &dyn Fn(&str) -> Option<String>,
    out: &mut Sink,
) {
    let filled = |text: &Option<String>| text.as_deref().and_then(fill);
    let (expected, observed) = match (
        expect.present,
        filled(&expect.equals),
        filled(&expect.differs),
        found,
    ) {
        (Some(true), _, _, None) => ("present", "absent"),
        (Some(false), _, _, Some(_)) => ("absent", "present"),
        (_, Some(_), _, None) => ("the expected value", "absent"),
        (_, Some(wanted), _, Some(found)) if wanted != found => {
            ("the expected value", "another value")
        }
        (_, _, Some(wanted), Some(found)) if wanted == found => ("another value", "the same value"),
        _ => return,
    };
    let at = Location {
        log: Some(log.to_owned()),
        pointer: Some(expect.at.clone()),
        ..Location::default()
    };
    let mut hit = Hit::new(&RULE, at)
        .expected(expected)
        .observed(observed)
        .arg("step", step.to_owned())
        .key(step.to_owned());
    if incoming {
        hit = hit.cause(Cause {
            kind: CauseKind::Sender,
            confidence: Confidence::Probable,
            proof: Bilingual::new(
                "届いた呼出しは、受け取ったバイト列のままで比べました",
                "the call that came in was compared byte for byte as received",
            ),
        });
    }
    out.push(hit);
}
