//! Comparing headings: width of letters, spaces and line breaks inside a cell carry no meaning.

use unicode_normalization::UnicodeNormalization;

/// The form in which two headings that people read as the same are equal: NFKC, no white space, lower case,
/// and one of the many signs that are used as a hyphen or a separator.
pub fn fold(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' => '-',
            c => c,
        })
        .collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}')
}

/// True when both read the same.
pub fn is_same_heading(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_spaces_and_breaks_do_not_matter() {
        assert!(is_same_heading(
            "データ項目(ﾛｰﾏ字)",
            "データ項目\n（ローマ字）"
        ));
        assert!(is_same_heading("桁　数", "桁数"));
        assert!(is_same_heading("ＩＤ", "id"));
        assert!(!is_same_heading("データ項目", "データ項目ID"));
    }
}
