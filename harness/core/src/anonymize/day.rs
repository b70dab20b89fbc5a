//! Days of birth moved back by a number of days that the key gives: days that were possible stay possible, the order of two
//! moved days stays, and impossible ones stay impossible in the same part.

use crate::mask::Key;
use crate::scan::is_valid_day;
use crate::spec::layout::{FieldType, days_in};

/// Days are moved back by 1 to this many.
const REACH: u64 = 1_000;

/// The text with its day moved; `None` when it does not have the form of the type.
pub(super) fn moved(key: Key, kind: FieldType, unknown: bool, text: &str) -> Option<String> {
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
            turned(kind, unknown, (head, tail), back)
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

/// Month and day without a full year go round among those that are as possible in that year of that era; no day stays. A part
/// that no calendar has (month 13, day 00) stays what it is.
fn turned(kind: FieldType, unknown: bool, (head, tail): (&str, &str), by: u64) -> Option<String> {
    if !is_form(tail, "9999") {
        return None;
    }
    let (m, d): (u64, u64) = (tail.get(..2)?.parse().ok()?, tail.get(2..)?.parse().ok()?);
    let months = if (1..=12).contains(&m) { 1..=12 } else { m..=m };
    let days = if (1..=31).contains(&d) { 1..=31 } else { d..=d };
    let text = format!("{head}{tail}");
    let possible = is_valid_day(kind, &text, unknown);
    let all: Vec<String> = months
        .flat_map(|m| days.clone().map(move |d| (m, d)))
        .map(|(m, d)| format!("{head}{m:02}{d:02}"))
        .filter(|day| is_valid_day(kind, day, unknown) == possible)
        .collect();
    let at = all.iter().position(|day| *day == text)?;
    let others = (all.len() as u64).saturating_sub(1).max(1);
    let step = usize::try_from(1 + by % others).unwrap_or(1);
    all.get((at + step) % all.len()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_move_together_and_stay_what_they_are() {
        let key = Key::new([7; 32]);
        let date = |text| moved(key, FieldType::Date, false, text);
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
        let wareki = moved(key, FieldType::Wareki, false, "S390701").unwrap_or_default();
        assert!(wareki.starts_with("S39") && wareki.len() == 7 && wareki != "S390701");
    }

    #[test]
    fn days_of_eras_stay_within_them_and_none_stays_itself() {
        for n in 0..40 {
            let key = Key::new([n; 32]);
            for (text, possible) in [
                ("S640105", true),
                ("S640108", false),
                ("4010131", true),
                ("4320501", false),
                ("5050229", false),
                ("S391231", true),
            ] {
                let new = moved(key, FieldType::Wareki, false, text).unwrap_or_default();
                assert_ne!(new, text);
                assert_eq!(
                    is_valid_day(FieldType::Wareki, &new, false),
                    possible,
                    "{new}"
                );
            }
        }
    }
}
