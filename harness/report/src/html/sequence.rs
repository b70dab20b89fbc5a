//! A sequence diagram as SVG. It repeats what the table below it says, for people who see a flow faster than a list.

use std::fmt::Write as _;

use minijinja::Value;
use renkei_core::model::{Lang, Level};
use renkei_core::record::{LogLine, ResultDocument};
use unicode_width::UnicodeWidthChar;

use super::escape;
use super::parts::anchor;
use super::related::Related;
use crate::{view, visible, words};

/// Distance between two lanes, in SVG units (CSS pixels at full size).
const GAP: usize = 420;
/// From the edge to the first lane.
const EDGE: usize = 112;
/// Width of a lane's head.
const LANE: usize = 210;
/// Height of one message.
const ROW: usize = 52;
/// Height of the lane heads.
const HEAD: usize = 44;
/// Columns of text that fit beside an arrow.
const TEXT: usize = 50;

/// The diagram of a case's exchanges.
pub(super) fn svg(
    doc: &ResultDocument,
    id: &str,
    title: &str,
    lines: &[&LogLine],
    related: &Related<'_>,
    lang: Lang,
) -> Value {
    let mut lanes: Vec<&str> = Vec::new();
    for party in lines
        .iter()
        .flat_map(|line| [line.from.as_str(), line.to.as_str()])
    {
        if !lanes.contains(&party) {
            lanes.push(party);
        }
    }
    let width = EDGE * 2 + GAP * lanes.len().saturating_sub(1);
    let height = HEAD + ROW * lines.len() + 16;
    let title = words::fill(lang, "html.sequence", &[("title", title)]);
    let about = words::fill(
        lang,
        "html.sequence_about",
        &[("n", &view::number(lines.len() as u64))],
    );
    let mut out = format!(
        "<figure class=\"rk-seq\" tabindex=\"0\"><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"group\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
        safe(&title),
        safe(&about),
    );
    for (at, party) in lanes.iter().enumerate() {
        lane(&mut out, at, &view::party_name(doc, party, lang), height);
    }
    for (row, line) in lines.iter().enumerate() {
        let from = lanes
            .iter()
            .position(|lane| *lane == line.from)
            .unwrap_or(0);
        let to = lanes.iter().position(|lane| *lane == line.to).unwrap_or(0);
        let bad = related
            .of_line(line)
            .iter()
            .any(|f| f.level == Level::Error);
        message(&mut out, row, from, to, line, bad, lang);
    }
    out.push_str("</svg></figure>");
    Value::from_safe_string(out)
}

fn lane(out: &mut String, at: usize, name: &str, height: usize) {
    let x = EDGE + GAP * at;
    let _ = write!(
        out,
        "<line class=\"rk-s-life\" x1=\"{x}\" y1=\"34\" x2=\"{x}\" y2=\"{height}\"/><rect class=\"rk-s-box\" x=\"{}\" \
         y=\"4\" width=\"{LANE}\" height=\"30\" rx=\"6\"/><text class=\"rk-s-lane\" x=\"{x}\" y=\"24\" \
         text-anchor=\"middle\">{}</text>",
        x - LANE / 2,
        safe(&cut(name, 26)),
    );
}

fn message(
    out: &mut String,
    row: usize,
    from: usize,
    to: usize,
    line: &LogLine,
    bad: bool,
    lang: Lang,
) {
    let kind = if bad { "bad" } else { "ok" };
    let y = HEAD + ROW * row + 30;
    let (x1, x2) = (EDGE + GAP * from, EDGE + GAP * to);
    let (left, right) = (x1.min(x2), x1.max(x2));
    if left == right {
        let _ = write!(
            out,
            "<path class=\"rk-s-{kind}\" d=\"M{x1} {y}h40v14h-34\"/>"
        );
    } else {
        // The head points away from the sender; the line ends where the head begins.
        let (end, head) = if x2 > x1 {
            (x2 - 10, -10)
        } else {
            (x2 + 10, 10)
        };
        let _ = write!(
            out,
            "<line class=\"rk-s-{kind}\" x1=\"{x1}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\"/><path class=\"rk-s-{kind}-head\" \
             d=\"M{x2} {y}l{head} -6v12z\"/>",
        );
    }
    let target = anchor(&line.id);
    let step = words::of(lang, "step", &line.step);
    let _ = write!(
        out,
        "<a href=\"#{target}\"><text x=\"{}\" y=\"{}\">{}</text></a><text x=\"{}\" y=\"{}\">{} {} ms</text>",
        left + 14,
        y - 8,
        safe(&line.id),
        left + 88,
        y - 8,
        safe(&cut(&step, 24)),
        view::number(line.duration_ms),
    );
    let (class, mark) = if bad {
        (" class=\"rk-s-badtext\"", "× ")
    } else {
        ("", "")
    };
    let _ = write!(
        out,
        "<text{class} x=\"{}\" y=\"{}\">{mark}{}</text>",
        left + 14,
        y + 16,
        safe(&cut(&line.summary, TEXT)),
    );
}

fn safe(text: &str) -> String {
    escape(&visible::line(text))
}

/// The middle of a long text is left out: its beginning says what, its end says how it went.
fn cut(text: &str, columns: usize) -> String {
    let width = |c: &char| c.width_cjk().unwrap_or(0);
    if text.chars().map(|c| width(&c)).sum::<usize>() <= columns {
        return text.to_owned();
    }
    let half = columns.saturating_sub(2) / 2;
    let take = |chars: &mut dyn Iterator<Item = char>| {
        let mut used = 0;
        let fits = chars.take_while(|c| {
            used += width(c);
            used <= half
        });
        fits.collect::<Vec<char>>()
    };
    let head: String = take(&mut text.chars()).into_iter().collect();
    let tail: String = take(&mut text.chars().rev()).into_iter().rev().collect();
    format!("{head} … {tail}")
}
