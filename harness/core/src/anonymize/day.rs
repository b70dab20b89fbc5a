//! Days of birth moved back by a number of days that the key gives: days that were possible stay possible, the order of two
//! moved days stays, and impossible ones stay impossible in the same part.

use crate::mask::Key;
use crate::spec::layout::{FieldType, days_in};

/// Days are moved back by 1 to this many.
const REACH: u64 = 1_000;

/// The text with its day moved; `None` when it does not have the form of the type.
pub(super) fn moved(key: Key, kind: FieldType, text: &str) -> Option<String> {
    if !text.is_ascii() || open_end(text) {
        return (text.is_ascii() && !text.is_empty()).then(|| text.to_owned());
    }
    let back = draw(key) % REACH + 1;
    match kind {
        FieldType::Date if is_form(text, "9999-99-99") => {
            let (y, m, d) = (text.get(..4)?, text.get(5..7)?, text.get(8..)?);
            let (y, m, d) = shifted(y, m, d, back)?;
            Some(format!("{y:04}-{m:02}-{d:02}"))
        }
        FieldType::Ymd8 if is_form(text, "99999999") => {
            let (y, m, d) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
            let (y, m, d) = shifted(y, m, d, back)?;
            Some(format!("{y:04}{m:02}{d:02}"))
        }
        FieldType::Year if is_form(text, "9999") => {
            let year: u64 = text.parse().ok()?;
            Some(format!("{:04}", year.saturating_sub(1 + back / 365)))
        }
        FieldType::Ymd6 | FieldType::Md | FieldType::Wareki => {
            let (head, tail) = text.split_at_checked(text.len().checked_sub(4)?)?;
            let turned = turned(tail, back)?;
            Some(format!("{head}{turned}"))
        }
        _ => None,
    }
}

fn draw(key: Key) -> u64 {
    let digest = key.digest(&[b"days"]);
    digest
        .first_chunk::<8>()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// Values that stand for "no day" or "for ever" are nobody's.
fn open_end(text: &str) -> bool {
    let mut digits = text.bytes().filter(u8::is_ascii_digit);
    let first = digits.next();
    digits.all(|d| Some(d) == first)
        || matches!(text, "0000-01-01" | "9999-12-31" | "00000101" | "99991231")
}

fn is_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(t, f)| match f {
            b'9' => t.is_ascii_digit(),
            other => t == other,
        })
}

/// A day of the calendar moves by days. What is no day moves by whole leap cycles of four years, so that 29 February of a
/// common year stays one and an unknown month stays unknown.
fn shifted(year: &str, month: &str, day: &str, back: u64) -> Option<(u64, u64, u64)> {
    let (y, m, d): (u64, u64, u64) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let last = u8::try_from(m).map_or(0, |m| days_in(u16::try_from(y).unwrap_or(0), m));
    if !(1..=u64::from(last)).contains(&d) || y < 10 {
        let years = 4 * (1 + back / 1_461);
        return Some((y.saturating_sub(years), m, d));
    }
    let (mut y, mut m, mut d, mut left) = (y, m, d, back);
    while left >= d {
        left -= d;
        (y, m) = if m == 1 { (y - 1, 12) } else { (y, m - 1) };
        let last = u8::try_from(m).map_or(0, |m| days_in(u16::try_from(y).unwrap_or(0), m));
        d = u64::from(last);
    }
    Some((y, m, d - left))
}

/// Month and day without a full year: both go round, the day within 1 to 28, so that every month has it.
fn turned(text: &str, by: u64) -> Option<String> {
    if !is_form(text, "9999") {
        return None;
    }
    let (m, d): (u64, u64) = (text.get(..2)?.parse().ok()?, text.get(2..)?.parse().ok()?);
    let short = (1..=28).contains(&d);
    let m = if (1..=12).contains(&m) && short {
        (m - 1 + by) % 12 + 1
    } else {
        m
    };
    let d = if short {
        (d - 1 + by / 12 + 1) % 28 + 1
    } else {
        d
    };
    Some(format!("{m:02}{d:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_move_together_and_stay_what_they_are() {
        let key = Key::new([7; 32]);
        let date = |text| moved(key, FieldType::Date, text);
        let first = date("1964-07-01").unwrap_or_default();
        let second = date("1964-07-02").unwrap_or_default();
        assert!(first < second && second.as_str() < "1964-07-02" && first.len() == 10);
        assert_eq!(date("9999-12-31").as_deref(), Some("9999-12-31"));
        assert_eq!(
            date("1964-13-01").map(|d| d.ends_with("-13-01")),
            Some(true)
        );
        let common = date("1963-02-29").unwrap_or_default();
        assert!(common.ends_with("-02-29") && common != "1963-02-29");
        assert_eq!(date("1964/07/01"), None);
        let wareki = moved(key, FieldType::Wareki, "S390701").unwrap_or_default();
        assert!(wareki.starts_with("S39") && wareki.len() == 7 && wareki != "S390701");
    }
}
