//! When the parts of each call of a case happened, as bars; the table below repeats the numbers.

use std::fmt::Write as _;

use renkei_core::record::LogLine;

use crate::html::safe;

/// Width of the drawing's time axis in SVG units.
const AXIS: u64 = 640;
/// Width of the labels before it.
const LABEL: u64 = 110;
/// Height of a bar with its gap.
const ROW: usize = 26;

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
pub(super) fn svg(lines: &[&LogLine], title: &str, about: &str) -> Option<String> {
    let longest = lines
        .iter()
        .map(|line| parts(line).iter().fold(0u64, |a, b| a.saturating_add(*b)))
        .max()
        .filter(|longest| *longest > 0)?;
    let (width, height) = (LABEL + AXIS + 10, ROW * lines.len() + 8);
    let mut out = format!(
        "<figure class=\"rk-seq\"><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-labelledby=\"waterfall-t waterfall-d\"><title id=\"waterfall-t\">{}</title><desc id=\"waterfall-d\">{}</desc>",
        safe(title),
        safe(about),
    );
    for (row, line) in lines.iter().enumerate() {
        let y = ROW * row + 4;
        let _ = write!(
            out,
            "<text x=\"4\" y=\"{}\">{}</text>",
            y + 15,
            safe(&line.id)
        );
        let mut x = LABEL;
        for (part, class) in parts(line)
            .into_iter()
            .zip(["rk-w1", "rk-w2", "rk-w3", "rk-w4"])
        {
            // In 128 bits: a recorded time may be any number.
            let wide = u128::from(part) * u128::from(AXIS) / u128::from(longest);
            let wide = u64::try_from(wide).unwrap_or(AXIS);
            if wide > 0 {
                let _ = write!(
                    out,
                    "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"18\"/>"
                );
            }
            x += wide;
        }
    }
    out.push_str("</svg></figure>");
    Some(out)
}
