//! Horizontal bars of a few parts each, told apart by pattern as well as by colour; a table beside them holds the numbers.

use std::fmt::Write as _;

use crate::html::safe;

/// Height of a bar with its gap.
const ROW: usize = 26;
/// Width of the longest bar in SVG units.
const AXIS: u64 = 580;
/// Width of a legend's entry.
const ENTRY: usize = 130;

/// What the parts of bars look like: class of the style sheet, and the lines over it.
#[derive(Clone, Copy)]
pub(super) enum Look {
    Grey,
    Plain,
    Dots,
    Stripes,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Grey => "rk-w1",
            Self::Plain => "rk-w2",
            Self::Dots => "rk-w3",
            Self::Stripes => "rk-w4",
        }
    }

    /// The pattern over the colour; none for the plain one.
    fn pattern(self) -> Option<&'static str> {
        Some(match self {
            Self::Plain => return None,
            Self::Grey => "<path d=\"M3 0V8\"/>",
            Self::Dots => "<circle cx=\"4\" cy=\"4\" r=\"1.2\"/>",
            Self::Stripes => "<path d=\"M-2 2L2 -2M0 8L8 0M6 10L10 6\"/>",
        })
    }
}

/// A drawing.
pub(super) struct Bars<'a> {
    /// Begins every id in it.
    pub(super) id: &'a str,
    /// Its title and description, for those who do not see it.
    pub(super) title: String,
    /// See `title`.
    pub(super) about: String,
    /// Width of the labels before the bars.
    pub(super) label: u64,
    /// What the parts are, from left to right.
    pub(super) parts: Vec<(Look, String)>,
    /// Label and parts of each bar.
    pub(super) rows: Vec<(String, Vec<u64>)>,
}

impl Bars<'_> {
    /// As SVG; nothing where no bar has a length.
    pub(super) fn svg(&self) -> Option<String> {
        let total = |parts: &[u64]| parts.iter().fold(0u64, |a, b| a.saturating_add(*b));
        let longest = self
            .rows
            .iter()
            .map(|(_, parts)| total(parts))
            .max()
            .filter(|n| *n > 0)?;
        let (width, height) = (self.label + AXIS + 10, ROW * (self.rows.len() + 1) + 8);
        let id = self.id;
        let mut out = format!(
            "<figure class=\"rk-seq\" tabindex=\"0\"><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
            safe(&self.title),
            safe(&self.about),
        );
        self.patterns(&mut out);
        self.legend(&mut out);
        for (row, (label, parts)) in self.rows.iter().enumerate() {
            let y = ROW * (row + 1) + 4;
            let _ = write!(out, "<text x=\"4\" y=\"{}\">{}</text>", y + 15, safe(label));
            let mut x = self.label;
            for (part, (look, _)) in parts.iter().zip(&self.parts) {
                // In 128 bits: a recorded time may be any number.
                let wide = u128::from(*part) * u128::from(AXIS) / u128::from(longest);
                let wide = u64::try_from(wide).unwrap_or(AXIS);
                if wide > 0 {
                    self.bar(&mut out, *look, (x, y), (wide, 18));
                }
                x += wide;
            }
        }
        out.push_str("</svg></figure>");
        Some(out)
    }

    fn patterns(&self, out: &mut String) {
        out.push_str("<defs>");
        for (look, _) in &self.parts {
            if let Some(lines) = look.pattern() {
                let _ = write!(
                    out,
                    "<pattern id=\"{}-{}\" class=\"rk-w-over\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">{lines}</pattern>",
                    self.id,
                    look.class()
                );
            }
        }
        out.push_str("</defs>");
    }

    fn legend(&self, out: &mut String) {
        for (at, (look, word)) in self.parts.iter().enumerate() {
            let x = self.label + (at * ENTRY) as u64;
            self.bar(out, *look, (x, 4), (22, 14));
            let _ = write!(out, "<text x=\"{}\" y=\"16\">{}</text>", x + 28, safe(word));
        }
    }

    fn bar(&self, out: &mut String, look: Look, (x, y): (u64, usize), (wide, high): (u64, u64)) {
        let place = format!("x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\"");
        let _ = write!(out, "<rect class=\"{}\" {place}/>", look.class());
        if look.pattern().is_some() {
            let _ = write!(
                out,
                "<rect fill=\"url(#{}-{})\" {place}/>",
                self.id,
                look.class()
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_differs_by_more_than_its_colour() {
        let looks = [Look::Grey, Look::Plain, Look::Dots, Look::Stripes];
        let bars = Bars {
            id: "x",
            title: "<t>".into(),
            about: "d".into(),
            label: 100,
            parts: looks.iter().map(|look| (*look, "w".to_owned())).collect(),
            rows: vec![("a".into(), vec![1, 2, 0, u64::MAX])],
        };
        let drawn = bars.svg().unwrap();
        let patterns: std::collections::BTreeSet<Option<&str>> =
            looks.iter().map(|l| l.pattern()).collect();
        assert_eq!(patterns.len(), looks.len());
        assert_eq!(drawn.matches("<pattern ").count(), 3);
        assert!(drawn.contains("fill=\"url(#x-rk-w4)\"") && drawn.contains("&lt;t&gt;"));
        assert!(
            Bars {
                rows: vec![("a".into(), vec![0])],
                ..bars
            }
            .svg()
            .is_none()
        );
    }
}
