//! Forms of dates and times, on text.

use crate::spec::layout::{FieldType, days_in};

/// True when `text` is a day or time of the type. `unknown`: 不詳日 may appear, with `00` for what is unknown.
pub(super) fn is_valid(kind: FieldType, text: &str, unknown: bool) -> bool {
    let bytes = text.as_bytes();
    match kind {
        FieldType::Year => bytes.len() == 4 && bytes.iter().all(u8::is_ascii_digit),
        FieldType::Date => match bytes {
            [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => {
                number(y).is_some_and(|year| day(year, &[*m1, *m2], &[*d1, *d2], unknown))
            }
            _ => false,
        },
        FieldType::Ymd8 => {
            bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit) && {
                let (year, rest) = bytes.split_at(4);
                // Filled with 0 or 9: open range.
                bytes.iter().all(|b| *b == b'9')
                    || number(year).is_some_and(|year| day(year, &rest[..2], &rest[2..], unknown))
            }
        }
        FieldType::Ymd6 => bytes.len() == 6 && era_day(bytes, unknown),
        FieldType::Md => bytes.len() == 4 && day(4, &bytes[..2], &bytes[2..], unknown),
        FieldType::Wareki => wareki(bytes, unknown),
        FieldType::Time => time(bytes),
        _ => true,
    }
}

/// Two digits of a year (of an era or of the Gregorian calendar), month, day: a leap day is always possible.
fn era_day(bytes: &[u8], unknown: bool) -> bool {
    let (year, rest) = bytes.split_at(2);
    number(year).is_some() && day(4, &rest[..2], &rest[2..], unknown)
}

/// Era code of one or two digits, or one of M T S H R, and YYMMDD. 明治 1 … 令和 5 (RECALLED: the code differs by layout, so
/// only its form is judged).
fn wareki(bytes: &[u8], unknown: bool) -> bool {
    let Some(code_length) = bytes.len().checked_sub(6).filter(|n| matches!(n, 1 | 2)) else {
        return false;
    };
    let (code, rest) = bytes.split_at(code_length);
    let letter = matches!(code, [b'M' | b'T' | b'S' | b'H' | b'R']);
    if !letter && !code.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let era = match code {
        [b'M'] | [b'1'] | [b'0', b'1'] => 45,
        [b'T'] | [b'2'] | [b'0', b'2'] => 15,
        [b'S'] | [b'3'] | [b'0', b'3'] => 64,
        [b'H'] | [b'4'] | [b'0', b'4'] => 31,
        _ => 99,
    };
    let year = number(&rest[..2]);
    let in_era = year.is_some_and(|y| (1..=era).contains(&y) || (y == 0 && unknown));
    in_era && era_day(rest, unknown)
}

fn day(year: u16, month: &[u8], day: &[u8], unknown: bool) -> bool {
    let (Some(month), Some(day)) = (number(month), number(day)) else {
        return false;
    };
    match (month, day) {
        (0, 0) => unknown,
        (1..=12, 0) => unknown,
        _ => {
            let last = u8::try_from(month).map_or(0, |month| days_in(year, month));
            (1..=u16::from(last)).contains(&day)
        }
    }
}

fn time(bytes: &[u8]) -> bool {
    let part = |a: u8, b: u8, end: u16| number(&[a, b]).is_some_and(|n| n < end);
    match *bytes {
        [h1, h2, b':', m1, m2] => part(h1, h2, 24) && part(m1, m2, 60),
        [h1, h2, b':', m1, m2, b':', s1, s2] => {
            part(h1, h2, 24) && part(m1, m2, 60) && part(s1, s2, 60)
        }
        _ => false,
    }
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0u16, |n, d| {
        d.is_ascii_digit()
            .then(|| n.saturating_mul(10) + u16::from(d - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times() {
        let ok = |kind, text| is_valid(kind, text, false);
        for text in ["0000-01-01", "9999-12-31", "2024-02-29", "1964-07-01"] {
            assert!(ok(FieldType::Date, text), "{text}");
        }
        for text in [
            "2023-02-29",
            "1964-7-01",
            "1964/07/01",
            "1964-13-01",
            "0000-00-00",
            "1964-07-00",
            "19640701",
            "１９６４-07-01",
        ] {
            assert!(!ok(FieldType::Date, text), "{text}");
        }
        assert!(
            is_valid(FieldType::Date, "1964-00-00", true)
                && is_valid(FieldType::Date, "1964-07-00", true)
        );
        assert!(!is_valid(FieldType::Date, "1964-00-01", true));
        assert!(
            ok(FieldType::Time, "09:00:00")
                && ok(FieldType::Time, "23:59")
                && !ok(FieldType::Time, "24:00:00")
        );
        assert!(!ok(FieldType::Time, "9:00:00") && !ok(FieldType::Time, "09:60"));
        assert!(
            ok(FieldType::Md, "0229") && ok(FieldType::Md, "1130") && !ok(FieldType::Md, "1131")
        );
        assert!(
            ok(FieldType::Ymd8, "99999999")
                && ok(FieldType::Ymd8, "20241231")
                && !ok(FieldType::Ymd8, "20241301")
        );
        assert!(
            ok(FieldType::Wareki, "5060401")
                && ok(FieldType::Wareki, "S640107")
                && !ok(FieldType::Wareki, "S650107")
        );
        assert!(ok(FieldType::Year, "0000") && !ok(FieldType::Year, "20a0"));
    }
}
