use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use renkei_core::model::{Finding, Level, Verdict};

use crate::Options;

/// `text` in a style, or as it is when colours are off.
pub(super) fn paint(style: Style, text: impl Display, options: &Options) -> String {
    if options.colour {
        format!("{style}{text}{style:#}")
    } else {
        text.to_string()
    }
}

/// The style of a verdict's word. Colour only supports the word; it never carries the meaning alone.
pub(super) fn of_verdict(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Pass => AnsiColor::Green,
        Verdict::Fail => AnsiColor::Red,
        Verdict::Review => AnsiColor::Magenta,
        Verdict::Inconclusive => AnsiColor::Yellow,
        Verdict::ToolError => AnsiColor::BrightRed,
        Verdict::NotApplicable | Verdict::NotRun => return Style::new().dimmed(),
    };
    Style::new().fg_color(Some(colour.into())).bold()
}

/// The style of a finding's headline word and caret.
pub(super) fn of_finding(finding: &Finding) -> Style {
    match finding.level {
        Level::Error => of_verdict(finding.effect),
        Level::Warning => Style::new().fg_color(Some(AnsiColor::Yellow.into())).bold(),
        Level::Notice | Level::Off => Style::new().fg_color(Some(AnsiColor::Cyan.into())).bold(),
    }
}

/// Labels in the margin.
pub(super) fn label() -> Style {
    Style::new().fg_color(Some(AnsiColor::Blue.into())).bold()
}

/// Headlines.
pub(super) fn strong() -> Style {
    Style::new().bold()
}
