use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Where times come from: handed in, so that tests and re-runs can fix it.
#[derive(Clone, Debug)]
pub struct Clock {
    now: fn() -> Timestamp,
    zone: TimeZone,
}

impl Clock {
    /// The machine's clock in its own zone (`TZ`, then the system's setting, then UTC).
    pub fn system() -> Self {
        Self {
            now: Timestamp::now,
            zone: TimeZone::try_system().unwrap_or(TimeZone::UTC),
        }
    }

    /// Any clock in any zone.
    pub fn new(now: fn() -> Timestamp, zone: TimeZone) -> Self {
        Self { now, zone }
    }

    /// The instant.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// The instant as RFC 3339 with milliseconds and offset, `2026-11-23T11:15:00.123+09:00`.
    pub fn text(&self) -> String {
        self.text_before(std::time::Duration::ZERO)
    }

    /// The instant that lies so long ago, in the form of [`Clock::text`].
    pub(crate) fn text_before(&self, ago: std::time::Duration) -> String {
        let now = self.now();
        let then = now.checked_sub(ago).unwrap_or(now);
        let zoned = then.to_zoned(self.zone.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }

    /// The instant by a strftime pattern; none when the pattern is none.
    pub(crate) fn format(&self, pattern: &str) -> Option<String> {
        let zoned = self.now().to_zoned(self.zone.clone());
        jiff::fmt::strtime::format(pattern, &zoned).ok()
    }

    /// The instant as it stands in run ids, `20261123-111500`.
    pub(crate) fn compact(&self) -> String {
        let zoned = self.now().to_zoned(self.zone.clone());
        zoned.strftime("%Y%m%d-%H%M%S").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_milliseconds_and_the_offset_of_the_zone() {
        fn fixed() -> Timestamp {
            Timestamp::from_millisecond(1_795_400_100_120).unwrap_or_default()
        }
        let jst = TimeZone::get("Asia/Tokyo").unwrap_or(TimeZone::UTC);
        let clock = Clock::new(fixed, jst);
        assert_eq!(clock.text(), "2026-11-23T11:15:00.120+09:00");
        assert_eq!(clock.compact(), "20261123-111500");
    }
}
