//! What lay beside a file: a mark that it is complete, its digest.

use super::file::Arrived;
use super::{Look, Seen};

/// A file that lay beside the data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::judge) struct Beside {
    /// Its name.
    pub(in crate::judge) name: String,
    /// Its length in bytes.
    pub(in crate::judge) bytes: u64,
    /// The SHA-256 that it states in hex, lower case; nothing when it states none.
    pub(in crate::judge) sha256: Option<String>,
}

impl Beside {
    /// Reads the beginning of such a file. A digest is 64 hex digits at the start, as `sha256sum` writes it.
    pub(in crate::judge) fn of(name: &str, bytes: u64, head: &[u8]) -> Self {
        let digits: Vec<u8> = head
            .iter()
            .copied()
            .take_while(u8::is_ascii_hexdigit)
            .collect();
        let text = String::from_utf8(digits).unwrap_or_default();
        Self {
            name: name.to_owned(),
            bytes,
            sha256: (text.len() == 64).then(|| text.to_ascii_lowercase()),
        }
    }
}

/// How the end of writing is told: by a file without bytes, by one that says something. A new name and an event leave
/// nothing beside the file.
pub(super) fn completion(look: &mut Look<'_>, file: Arrived<'_>) {
    let Some(beside) = file.beside else { return };
    let marks: Vec<&Beside> = beside.iter().filter(|b| b.sha256.is_none()).collect();
    let (value, fits): (_, &[&str]) = match marks.as_slice() {
        [] => ("none", &["none", "rename", "event"]),
        marks if marks.iter().any(|b| b.bytes == 0) => ("zero-byte", &["zero-byte"]),
        _ => ("control-file", &["control-file"]),
    };
    look.note("transfer.completion", value, fits, &["FIL-003"]);
}

/// Whether a digest goes with the file. Whether it is the file's own is judged by its rule.
pub(super) fn digest(look: &mut Look<'_>, file: Arrived<'_>) {
    let Some(beside) = file.beside else { return };
    let there = beside.iter().any(|b| b.sha256.is_some());
    let value = if there { "sha-256" } else { "none" };
    look.add(Seen {
        setting: "transfer.digest",
        value: value.to_owned(),
        deviates: look.deviates("transfer.digest", &[value]),
        judged_by: &["FIL-003"],
        ..Seen::default()
    });
}

/// At what time of the day the file was put there, where a window such as `02:00-03:00` was agreed. Times are those of Japan,
/// as in the standard (日本標準時).
pub(super) fn window(look: &mut Look<'_>, file: Arrived<'_>) {
    let Some(minute) = file.changed.and_then(minute_in_japan) else {
        return;
    };
    let shown = format!("{:02}:{:02}", minute / 60, minute % 60);
    let agreed = look.agreed("transfer.window").and_then(span);
    let deviates = agreed.is_some_and(|(from, to)| match from <= to {
        true => !(from..=to).contains(&minute),
        // Over midnight.
        false => minute < from && minute > to,
    });
    look.add(Seen {
        setting: "transfer.window",
        value: shown,
        deviates,
        ..Seen::default()
    });
}

/// Minutes since midnight in Japan of an RFC 3339 time in UTC.
fn minute_in_japan(at: &str) -> Option<u32> {
    let time = at.split_once('T')?.1.strip_suffix('Z')?;
    Some((minute(time.get(..5)?)? + 9 * 60) % (24 * 60))
}

fn span(agreed: &str) -> Option<(u32, u32)> {
    let (from, to) = agreed.split_once('-')?;
    Some((minute(from)?, minute(to)?))
}

fn minute(time: &str) -> Option<u32> {
    let (hour, minute) = time.trim().split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_japan() {
        assert_eq!(
            minute_in_japan("2026-11-22T17:13:05.12Z"),
            Some(2 * 60 + 13)
        );
        assert_eq!(minute_in_japan("2026-11-22"), None);
        assert_eq!(span("23:30-01:00"), Some((23 * 60 + 30, 60)));
        assert_eq!(span("daily"), None);
    }

    #[test]
    fn a_digest_is_known_by_its_digits() {
        let hex = "AB".repeat(32);
        assert_eq!(
            Beside::of("a", 64, hex.as_bytes()).sha256,
            Some(hex.to_lowercase())
        );
        assert_eq!(
            Beside::of("a", 66, format!("{hex} *a").as_bytes()).sha256,
            Some(hex.to_lowercase())
        );
        assert_eq!(Beside::of("a", 2, b"ab").sha256, None);
    }
}
