//! Dates and moments as text, compared without a calendar library: the core knows no clock.

/// True for `2026-11-23`: a day that exists in the Gregorian calendar, years 1900 to 9999.
pub fn is_date(text: &str) -> bool {
    date(text).is_some()
}

fn date(text: &str) -> Option<(i64, i64, i64)> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let (year, month, day) = (
        number(text.get(0..4)?)?,
        number(text.get(5..7)?)?,
        number(text.get(8..10)?)?,
    );
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    (year >= 1900 && (1..=days).contains(&day)).then_some((year, month, day))
}

fn number(text: &str) -> Option<i64> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// Milliseconds since 1970-01-01T00:00:00Z of an RFC 3339 time; `None` when it is not one.
pub fn moment(rfc3339: &str) -> Option<i64> {
    let (year, month, day) = date(rfc3339.get(0..10)?)?;
    let time = rfc3339.get(11..19)?;
    let (hour, minute, second) = (
        number(time.get(0..2)?)?,
        number(time.get(3..5)?)?,
        number(time.get(6..8)?)?,
    );
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let rest = rfc3339.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(tail) => {
            let end = tail.find(|c: char| !c.is_ascii_digit())?;
            tail.split_at(end)
        }
        None => ("0", rest),
    };
    let millis: i64 = format!("{fraction:0<3}").get(0..3)?.parse().ok()?;
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some((seconds - offset(zone)?) * 1_000 + millis)
}

/// Seconds east of UTC: `Z`, `+09:00`.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if zone.len() != 6 || zone.get(3..4)? != ":" {
        return None;
    }
    Some(sign * (number(zone.get(1..3)?)? * 3_600 + number(zone.get(4..6)?)? * 60))
}

/// Days since 1970-01-01, counted in years that begin in March so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let leaps = year / 4 - year / 100 + year / 400;
    // 719 468 days lie between 0000-03-01 and 1970-01-01.
    year * 365 + leaps + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_count_from_1970_in_any_zone() {
        assert_eq!(moment("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(moment("2000-03-01T00:00:00.120Z"), Some(951_868_800_120));
        assert_eq!(
            moment("2026-11-23T11:15:00.5+09:00"),
            moment("2026-11-23T02:15:00.500Z")
        );
        for wrong in [
            "",
            "2026-11-23",
            "2026-11-23T25:00:00Z",
            "2026-11-23T11:15:00",
            "２０２６-11-23T00:00:00Z",
        ] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_days_that_exist_are_dates() {
        assert!(is_date("2024-02-29") && is_date("2000-02-29"));
        for wrong in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-1-1",
            "令和8年",
            "2026/01/01",
        ] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
