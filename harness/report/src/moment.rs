//! Times of a run as people read them. A time that cannot be read is shown as it was written.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SpanRound, Timestamp, Unit};

use crate::Options;

/// `2026-11-22 14:03:05`, in the zone of the options; the zone is named once, by [`zone`].
pub(crate) fn minute(rfc3339: &str, options: &Options) -> String {
    local(rfc3339, options).map_or_else(
        || rfc3339.to_owned(),
        |t| t.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    )
}

/// `14:03:05.120`, for lines of one run.
pub(crate) fn clock(rfc3339: &str, options: &Options) -> String {
    local(rfc3339, options).map_or_else(
        || rfc3339.to_owned(),
        |t| t.strftime("%H:%M:%S%.3f").to_string(),
    )
}

/// The same moment in UTC, `2026-11-22T05:03:01.25Z`, for formats that ask for it.
pub(crate) fn utc(rfc3339: &str) -> String {
    let at: Result<Timestamp, _> = rfc3339.parse();
    at.map_or_else(|_| rfc3339.to_owned(), |at| at.to_string())
}

/// Date and time in the zone of the options.
pub(crate) fn local(rfc3339: &str, options: &Options) -> Option<DateTime> {
    let at: Timestamp = rfc3339.parse().ok()?;
    let offset = Offset::from_seconds(options.utc_offset_minutes.checked_mul(60)?).ok()?;
    Some(at.to_zoned(TimeZone::fixed(offset)).datetime())
}

/// `JST` for Japan, else `UTC+hh:mm`.
pub(crate) fn zone(options: &Options) -> String {
    if options.utc_offset_minutes == 540 {
        return "JST".to_owned();
    }
    let sign = if options.utc_offset_minutes < 0 {
        '-'
    } else {
        '+'
    };
    let minutes = options.utc_offset_minutes.unsigned_abs();
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Time between two moments in seconds with one decimal, `12.3`; empty when one of them cannot be read.
pub(crate) fn seconds_between(from: &str, to: &str) -> String {
    let (Ok(from), Ok(to)) = (from.parse::<Timestamp>(), to.parse::<Timestamp>()) else {
        return String::new();
    };
    let span = from
        .until(to)
        .and_then(|span| span.round(SpanRound::new().smallest(Unit::Millisecond)));
    span.and_then(|span| span.total(Unit::Second))
        .map(|s| format!("{s:.1}"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_the_zone_asked_for() {
        let options = Options::default();
        assert_eq!(
            minute("2026-11-22T23:30:05.120Z", &options),
            "2026-11-23 08:30:05"
        );
        assert_eq!(clock("2026-11-22T23:30:05.120Z", &options), "08:30:05.120");
        assert_eq!(minute("yesterday", &options), "yesterday");
        assert_eq!(
            utc("2026-11-23T08:30:05.12+09:00"),
            "2026-11-22T23:30:05.12Z"
        );
        assert_eq!(zone(&options), "JST");
        assert_eq!(
            zone(&Options {
                utc_offset_minutes: -90,
                ..Options::default()
            }),
            "UTC-01:30"
        );
        assert_eq!(
            seconds_between("2026-11-22T23:30:05.120Z", "2026-11-22T23:30:17.460Z"),
            "12.3"
        );
    }
}
