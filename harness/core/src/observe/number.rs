//! Whether a number as written survives a reader that holds numbers as doubles (RFC 8259 6).

/// True when reading `text`, a JSON number, into a double and writing it again gives another number.
pub(super) fn loses_precision(text: &str) -> bool {
    let Ok(double) = text.parse::<f64>() else {
        return false;
    };
    // The shortest notation of the double that reads back as the same double: if that is another decimal number
    // than the one written, digits were lost.
    normal(text) != normal(&format!("{double:e}"))
}

/// Significant digits without zeros at the ends, and the exponent of the first digit.
fn normal(text: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return (false, String::new(), 0);
    }
    let skipped = i64::try_from(digits.len() - significant.len()).unwrap_or(i64::MAX);
    let first = i64::try_from(whole.len()).unwrap_or(i64::MAX) - 1 - skipped;
    (
        negative,
        significant.trim_end_matches('0').to_owned(),
        first.saturating_add(exponent),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lost_digits_count() {
        for kept in [
            "0",
            "-0",
            "1",
            "0.1",
            "1.10",
            "9007199254740992",
            "100e-2",
            "1e308",
            "123456789012345",
            "-5.0",
        ] {
            assert!(!loses_precision(kept), "{kept}");
        }
        for lost in [
            "9007199254740993",
            "0.12345678901234567890",
            "123456789012345678901",
            "1e-400",
        ] {
            assert!(loses_precision(lost), "{lost}");
        }
    }
}
