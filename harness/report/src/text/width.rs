use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::Options;

/// Display columns of a text on the terminal of the options.
pub(super) fn of(text: &str, options: &Options) -> usize {
    if options.ambiguous_wide {
        text.width_cjk()
    } else {
        text.width()
    }
}

/// `text` and as many spaces as `columns` leaves.
pub(super) fn pad(text: &str, columns: usize, options: &Options) -> String {
    let missing = columns.saturating_sub(of(text, options));
    format!("{text}{}", " ".repeat(missing))
}

/// The longest beginning of `text` that fits into `columns`; `..` marks a cut.
pub(super) fn cut(text: &str, columns: usize, options: &Options) -> String {
    if of(text, options) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(2);
    let mut used = 0;
    let mut out = String::new();
    for c in text.chars() {
        let width = if options.ambiguous_wide {
            c.width_cjk()
        } else {
            c.width()
        }
        .unwrap_or(0);
        if used + width > room {
            break;
        }
        used += width;
        out.push(c);
    }
    out.push_str(&"..".chars().take(columns).collect::<String>());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_takes_two_columns() {
        let options = Options::default();
        assert_eq!(pad("氏名", 6, &options), "氏名  ");
        assert_eq!(cut("住登外者宛名", 7, &options), "住登..");
        assert_eq!(cut("住登外", 6, &options), "住登外");
        assert_eq!(of("①", &options), 1);
        assert_eq!(
            of(
                "①",
                &Options {
                    ambiguous_wide: true,
                    ..options
                }
            ),
            2
        );
    }
}
