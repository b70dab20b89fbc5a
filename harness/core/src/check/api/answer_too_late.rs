use super::place;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;

/// API-008
pub(super) const RULE: Rule = Rule {
    code: "API-008",
    name: "answer-too-late",
    source: include_str!("answer_too_late.md"),
};

/// An answer that came, but after the time that the pack names. No answer at all is NET-003's.
pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    let guide_s = view
        .agreed_answer_s
        .unwrap_or(view.api.rules.time.answer_guide_s);
    let took_ms = view.exchange.duration_ms;
    if guide_s == 0 || took_ms <= guide_s.saturating_mul(1000) {
        return;
    }
    let (whole, tenths) = (took_ms / 1000, took_ms % 1000 / 100);
    out.push(
        place::hit(view, &RULE, view.place())
            .expected(format!("{guide_s} s"))
            .observed(format!("{whole}.{tenths} s")),
    );
}
