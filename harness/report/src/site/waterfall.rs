//! When the parts of each call of a case happened, as bars; the table below repeats the numbers.

use renkei_core::model::Lang;
use renkei_core::record::LogLine;

use super::bars::{Bars, Look};
use crate::words;

/// Parts of a call in microseconds from its start: connecting, sending, waiting, receiving.
pub(super) fn parts(line: &LogLine) -> [u64; 4] {
    let Some(timing) = &line.timing else {
        return [0, 0, line.duration_ms.saturating_mul(1000), 0];
    };
    let connected = timing
        .connect_us
        .unwrap_or(0)
        .saturating_add(timing.tls_us.unwrap_or(0));
    let sent = timing.sent_us.unwrap_or(connected).max(connected);
    let first = timing.first_byte_us.unwrap_or(sent).max(sent);
    let done = timing.done_us.unwrap_or(first).max(first);
    [connected, sent - connected, first - sent, done - first]
}

/// The drawing; nothing without calls.
pub(super) fn svg(lines: &[&LogLine], lang: Lang) -> Option<String> {
    let looks = [Look::Grey, Look::Plain, Look::Dots, Look::Stripes];
    let words =
        ["connecting", "sending", "waiting", "receiving"].map(|key| words::of(lang, "site", key));
    Bars {
        id: "waterfall",
        title: words::get(lang, "site.times"),
        about: words::get(lang, "site.times_about"),
        label: 110,
        parts: looks.into_iter().zip(words).collect(),
        rows: lines
            .iter()
            .map(|line| (line.id.clone(), parts(line).to_vec()))
            .collect(),
    }
    .svg()
}
