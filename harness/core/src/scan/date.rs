//! Forms of dates and times, on text.

use crate::spec::layout::{FieldType, days_in};

/// True when `text` is a day or time of the type. `unknown`: 不詳日 may appear, with `00` for what is unknown.
pub(crate) fn is_valid(kind: FieldType, text: &str, unknown: bool) -> bool {
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

/// An impossible day without the person's: parts that could be anybody's become `●`, what makes it impossible stays.
/// `None` when the form is wrong, too: then the shape alone says what is wrong. What is shown by form:
/// a month that does not exist, a day that no month has, month and day where that month has no such day (29 February: the
/// year is no leap year), the year of an era that never came. A value of one digit repeated is nobody's and stays whole.
pub(super) fn impossible_part(kind: FieldType, text: &str, unknown: bool) -> Option<String> {
    let bytes = text.as_bytes();
    let digits: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes.get(*at).is_some_and(u8::is_ascii_digit))
        .collect();
    let lead = match (kind, bytes.len()) {
        (FieldType::Date, 10) if digits.len() == 8 && bytes[4] == b'-' && bytes[7] == b'-' => 4,
        (FieldType::Ymd8, 8) if digits.len() == 8 => 4,
        (FieldType::Ymd6, 6) if digits.len() == 6 => 2,
        (FieldType::Md, 4) if digits.len() == 4 => 0,
        (FieldType::Wareki, 7)
            if digits.len() >= 6 && bytes[1..].iter().all(u8::is_ascii_digit) =>
        {
            2
        }
        (FieldType::Wareki, 8) if digits.len() == 8 => 2,
        _ => return None,
    };
    let same = digits
        .windows(2)
        .all(|pair| bytes.get(pair[0]) == bytes.get(pair[1]));
    if same {
        return Some(text.to_owned());
    }
    let (rest, day_at) = digits.split_at_checked(digits.len().checked_sub(2)?)?;
    let (_, month_at) = rest.split_at_checked(rest.len().checked_sub(2)?)?;
    let value = |at: &[usize]| {
        let part: Vec<u8> = at.iter().filter_map(|at| bytes.get(*at).copied()).collect();
        number(&part)
    };
    let (month, day) = (value(month_at)?, value(day_at)?);
    let mut shown: Vec<usize> = Vec::new();
    let month_left_out = month == 0 && unknown && day == 0;
    if !(1..=12).contains(&month) && !month_left_out {
        shown.extend(month_at);
    }
    let day_left_out = day == 0 && unknown;
    if !(1..=31).contains(&day) && !day_left_out {
        shown.extend(day_at);
    }
    if shown.is_empty() {
        let of_any_year = u8::try_from(month).map_or(0, |month| days_in(4, month));
        let of_a_common_year = u8::try_from(month).map_or(0, |month| days_in(1, month));
        let four_digits = lead == 4;
        let too_late =
            day > u16::from(of_any_year) || (four_digits && day > u16::from(of_a_common_year));
        if too_late {
            shown.extend(month_at);
            shown.extend(day_at);
        } else {
            // Neither month nor day: the era and its year, and what of the rest makes them impossible.
            shown.extend(0..bytes.len().saturating_sub(4));
            shown.retain(|at| !month_at.contains(at) && !day_at.contains(at));
            if kind == FieldType::Wareki {
                match wareki_fault(bytes) {
                    Some(WarekiFault::Leap) => shown = [month_at, day_at].concat(),
                    Some(WarekiFault::Border) => shown.extend(month_at),
                    None => {}
                }
            }
        }
    }
    let hidden = |(at, c): (usize, char)| match c {
        '-' => '-',
        c if shown.contains(&at) => c,
        _ => '●',
    };
    Some(text.char_indices().map(hidden).collect())
}

/// Two digits of a year (of an era or of the Gregorian calendar), month, day: a leap day is always possible.
fn era_day(bytes: &[u8], unknown: bool) -> bool {
    let (year, rest) = bytes.split_at(2);
    number(year).is_some() && day(4, &rest[..2], &rest[2..], unknown)
}

/// An era: its codes, the year before its first one, its first and its last day as year of the era, month, day.
struct Era {
    letter: u8,
    digit: u8,
    before: u16,
    first: (u16, u16, u16),
    last: (u16, u16, u16),
}

/// 明治 1 … 令和 5 or their letters (RECALLED: layouts with other codes exist; what is none of these is judged by its form
/// only). A day on which two eras meet belongs to both: 1912-07-30 and 1926-12-25 are written either way.
const ERAS: [Era; 5] = [
    era(b'M', b'1', 1867, (1, 1, 1), (45, 7, 30)),
    era(b'T', b'2', 1911, (1, 7, 30), (15, 12, 25)),
    era(b'S', b'3', 1925, (1, 12, 25), (64, 1, 7)),
    era(b'H', b'4', 1988, (1, 1, 8), (31, 4, 30)),
    era(b'R', b'5', 2018, (1, 5, 1), (99, 12, 31)),
];

const fn era(
    letter: u8,
    digit: u8,
    before: u16,
    first: (u16, u16, u16),
    last: (u16, u16, u16),
) -> Era {
    Era {
        letter,
        digit,
        before,
        first,
        last,
    }
}

/// Last year of 明治 by the old calendar, whose months have up to 30 days and no February of its own.
const LUNAR: u16 = 1872;

/// Why a day with a month and a day that exist is none of its era.
enum WarekiFault {
    /// 29 February of a common year.
    Leap,
    /// In the first or last year of the era, before or after it.
    Border,
}

fn wareki_fault(bytes: &[u8]) -> Option<WarekiFault> {
    let rest = bytes.get(bytes.len().checked_sub(6)?..)?;
    if rest.ends_with(b"0229") {
        return Some(WarekiFault::Leap);
    }
    let year = number(rest.get(..2)?)?;
    let of = era_of(bytes.get(..bytes.len() - 6)?)?;
    (year == of.first.0 || year == of.last.0).then_some(WarekiFault::Border)
}

fn era_of(code: &[u8]) -> Option<&'static Era> {
    match code {
        [b'0', digit] => ERAS.iter().find(|era| era.digit == *digit),
        [one] => ERAS
            .iter()
            .find(|era| era.letter == *one || era.digit == *one),
        _ => None,
    }
}

/// Era code of one or two digits, or one of M T S H R, and YYMMDD.
fn wareki(bytes: &[u8], unknown: bool) -> bool {
    let Some(code_length) = bytes.len().checked_sub(6).filter(|n| matches!(n, 1 | 2)) else {
        return false;
    };
    let (code, rest) = bytes.split_at(code_length);
    let of = era_of(code);
    if of.is_none() && !code.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let (Some(year), Some(month), Some(at)) =
        (number(&rest[..2]), number(&rest[2..4]), number(&rest[4..]))
    else {
        return false;
    };
    if year == 0 {
        return unknown && era_day(rest, unknown);
    }
    let Some(of) = of else {
        return era_day(rest, unknown);
    };
    let gregorian = of.before + year;
    let possible = match (month, at) {
        (2, 30) if gregorian <= LUNAR => true,
        _ => day(gregorian, &rest[2..4], &rest[4..], unknown),
    };
    // What is not known may be any: 00 as early and as late as can be.
    let earliest = (year, month, at);
    let latest = (
        year,
        if month == 0 { 12 } else { month },
        if at == 0 { 31 } else { at },
    );
    possible && latest >= of.first && earliest <= of.last
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
    fn an_impossible_day_is_told_without_the_person_s() {
        let told = |kind, text| impossible_part(kind, text, false);
        for (kind, text, shown) in [
            (FieldType::Date, "1964-13-01", Some("●●●●-13-●●")),
            (FieldType::Date, "1964-07-45", Some("●●●●-●●-45")),
            (FieldType::Date, "1964-07-00", Some("●●●●-●●-00")),
            (FieldType::Date, "1964-06-31", Some("●●●●-06-31")),
            (FieldType::Date, "1963-02-29", Some("●●●●-02-29")),
            (FieldType::Date, "0000-00-00", Some("0000-00-00")),
            (FieldType::Date, "1964/07/01", None),
            (FieldType::Date, "1964-7-1", None),
            (FieldType::Date, "1964年7", None),
            (FieldType::Ymd8, "19641340", Some("●●●●1340")),
            (FieldType::Ymd6, "390230", Some("●●0230")),
            (FieldType::Md, "1301", Some("13●●")),
            (FieldType::Wareki, "S650107", Some("S65●●●●")),
            (FieldType::Wareki, "3390231", Some("●●●0231")),
            (FieldType::Wareki, "5050229", Some("●●●0229")),
            (FieldType::Wareki, "4310501", Some("43105●●")),
            (FieldType::Year, "19a4", None),
        ] {
            assert_eq!(told(kind, text).as_deref(), shown, "{text}");
        }
    }

    /// Leap days and the borders of eras, where the code names one of the five; other codes are judged by their form.
    #[test]
    fn days_of_eras() {
        let ok = |text| is_valid(FieldType::Wareki, text, false);
        for text in [
            "4310430", "5010501", "3640107", "4010108", "2151225", "3011225", "1450730", "2010730",
            "R060229", "S631231", "05060229", "1050230", "9050229", "9990101", "12310501",
        ] {
            assert!(ok(text), "{text}");
        }
        for text in [
            "4310501", "5010430", "3640108", "4010107", "2151226", "3011224", "1450731", "2010729",
            "R050229", "5050229", "H320101", "04310501", "5000101", "X050101", "5051301",
        ] {
            assert!(!ok(text), "{text}");
        }
        let unknown = |text| is_valid(FieldType::Wareki, text, true);
        assert!(
            unknown("4310000") && unknown("4310400") && unknown("3640100") && unknown("5010500")
        );
        assert!(!unknown("4310500") && !unknown("3640200") && !unknown("5010400"));
    }

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
