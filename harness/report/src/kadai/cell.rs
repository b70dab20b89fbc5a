//! Texts drafted by the machine, made fit for a cell of a machine-readable table.

use crate::visible;

/// One value on one line, as the rules for machine-readable tables ask: no line breaks, no spaces for layout, no ASCII
/// commas, at most one `、` and one `・`, no characters that depend on the platform.
pub(crate) fn text(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let (mut commas, mut dots) = (0, 0);
    for c in visible::line(&unbroken(source)).chars() {
        match c {
            '\u{3000}' => out.push_str("[U+3000]"),
            ',' => out.push('\u{FF0C}'),
            '、' => {
                commas += 1;
                out.push(if commas > 1 { ' ' } else { '、' });
            }
            '・' => {
                dots += 1;
                out.push(if dots > 1 { '/' } else { '・' });
            }
            c if depends_on_platform(c) => out.push_str(&format!("[U+{:04X}]", u32::from(c))),
            c => out.push(c),
        }
    }
    out.split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .replace("\u{FF0C} ", "\u{FF0C}")
}

fn unbroken(source: &str) -> String {
    source.replace("\r\n", " ").replace(['\r', '\n', '\t'], " ")
}

/// Enclosed and squared characters, roman numerals, half-width forms of layout marks: blocks that legacy encodings place
/// differently or not at all.
fn depends_on_platform(c: char) -> bool {
    matches!(u32::from(c), 0x2150..=0x218F | 0x2460..=0x24FF | 0x3200..=0x33FF | 0x301C | 0xFF5E)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_cell_holds_one_plain_value() {
        assert_eq!(
            text("  氏、名、かな・漢・字\r\n a,b,  c "),
            "氏、名 かな・漢/字 a，b，c"
        );
        assert_eq!(text("\u{3000}①～"), "[U+3000][U+2460][U+FF5E]");
        assert_eq!(text("=1+1"), "=1+1");
    }
}
