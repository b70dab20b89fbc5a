//! How one answer differs from another that was recorded, after what was declared to be allowed to differ.

use serde_json::Value;

use super::pointer_step;

/// What may differ. Pointers are JSON Pointers (RFC 6901) into the answer's body; `*` stands for every element or member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normal {
    /// Whatever stands there, and below.
    pub ignore: Vec<String>,
    /// Any value of the same kind.
    pub any: Vec<String>,
    /// Times: their distance from the exchange's own time may differ by so many seconds.
    pub within: Vec<(String, i64)>,
    /// Header fields that are compared, lower case.
    pub headers: Vec<String>,
}

/// A place where an answer differs. Values are shown by kind and size only: they may be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// JSON Pointer, `header:NAME`, `status` or `body`.
    pub place: String,
    /// What was recorded.
    pub recorded: String,
    /// What came now.
    pub replayed: String,
}

/// Differences are told up to this many; a body that is another altogether is one finding, not thousands.
const MOST: usize = 50;

/// Compares two bodies. `at`: when each exchange was, RFC 3339.
pub fn drift(
    recorded: &[u8],
    replayed: &[u8],
    normal: &Normal,
    at: (&str, &str),
) -> Vec<Difference> {
    let mut found = Vec::new();
    match (
        serde_json::from_slice::<Value>(recorded),
        serde_json::from_slice::<Value>(replayed),
    ) {
        (Ok(old), Ok(new)) => walk("", &old, &new, normal, at, 0, &mut found),
        (old, new) if recorded != replayed && !matches(&normal.ignore, "") => {
            found.push(Difference {
                place: "body".to_owned(),
                recorded: whole(recorded, old.is_ok()),
                replayed: whole(replayed, new.is_ok()),
            })
        }
        _ => {}
    }
    found
}

fn whole(bytes: &[u8], json: bool) -> String {
    match (bytes.len(), json) {
        (0, _) => "empty".to_owned(),
        (n, true) => format!("JSON, {n} bytes"),
        (n, false) => format!("{n} bytes"),
    }
}

fn walk(
    place: &str,
    old: &Value,
    new: &Value,
    normal: &Normal,
    at: (&str, &str),
    depth: usize,
    out: &mut Vec<Difference>,
) {
    // serde_json reads at most 128 levels, so this ends by itself; the bound says so.
    if old == new || out.len() >= MOST || depth > 200 || matches(&normal.ignore, place) {
        return;
    }
    let same_kind = std::mem::discriminant(old) == std::mem::discriminant(new);
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                let below = format!("{place}/{}", pointer_step(name));
                match b.get(name) {
                    Some(other) => walk(&below, value, other, normal, at, depth + 1, out),
                    None => push(&below, kind(value), "absent".to_owned(), normal, out),
                }
            }
            for (name, value) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
                let below = format!("{place}/{}", pointer_step(name));
                push(&below, "absent".to_owned(), kind(value), normal, out);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() && !matches(&normal.any, place) {
                push(place, kind(old), kind(new), normal, out);
            }
            for (i, (x, y)) in a.iter().zip(b).enumerate() {
                walk(&format!("{place}/{i}"), x, y, normal, at, depth + 1, out);
            }
        }
        _ if same_kind && matches(&normal.any, place) => {}
        (Value::String(a), Value::String(b)) if near(place, a, b, normal, at) => {}
        _ => {
            let (mut a, mut b) = (kind(old), kind(new));
            if a == b {
                // Of two values that must not be shown it can only be said that they differ.
                a.push_str(" one value");
                b.push_str(" another value");
            }
            push(place, a, b, normal, out);
        }
    }
}

fn push(
    place: &str,
    recorded: String,
    replayed: String,
    normal: &Normal,
    out: &mut Vec<Difference>,
) {
    if !matches(&normal.ignore, place) && out.len() < MOST {
        let place = if place.is_empty() { "body" } else { place }.to_owned();
        out.push(Difference {
            place,
            recorded,
            replayed,
        });
    }
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(text) => format!("string({})", text.chars().count()),
        Value::Array(items) => format!("array({})", items.len()),
        Value::Object(members) => format!("object({})", members.len()),
    }
}

/// True when a declared pointer names the place.
pub fn matches(pointers: &[String], place: &str) -> bool {
    pointers.iter().any(|pointer| fits(pointer, place))
}

fn fits(pointer: &str, place: &str) -> bool {
    let mut wanted = pointer.split('/');
    let mut given = place.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(w), Some(g)) if w == "*" || w == g => {}
            _ => return false,
        }
    }
}

fn near(place: &str, old: &str, new: &str, normal: &Normal, at: (&str, &str)) -> bool {
    let declared = normal
        .within
        .iter()
        .find(|(pointer, _)| fits(pointer, place));
    let Some((_, seconds)) = declared else {
        return false;
    };
    let distance = |value: &str, at: &str| {
        let at = Moment::parse(at)?;
        let value = Moment::parse(value)?;
        Some(value.seconds_from(&at))
    };
    match (distance(old, at.0), distance(new, at.1)) {
        // A time of day without a date may lie on the other side of midnight.
        (Some(a), Some(b)) => {
            (a - b).abs() <= *seconds || (86_400 - (a - b).abs()).abs() <= *seconds
        }
        _ => false,
    }
}

/// A date, a time or both, as far as the text says.
struct Moment {
    day: Option<i64>,
    second: i64,
    offset: Option<i64>,
}

impl Moment {
    fn parse(text: &str) -> Option<Self> {
        let (date, rest) = match text.get(..10).and_then(day_number) {
            Some(day) => (
                Some(day),
                text.get(10..)?.trim_start_matches(['T', 't', ' ']),
            ),
            None => (None, text),
        };
        if rest.is_empty() {
            return date.map(|day| Self {
                day: Some(day),
                second: 0,
                offset: None,
            });
        }
        let two = |at: usize| -> Option<i64> { rest.get(at..at + 2)?.parse().ok() };
        let apart = rest.get(2..3) == Some(":") && rest.get(5..6) == Some(":");
        let second = if apart {
            two(0)? * 3600 + two(3)? * 60 + two(6)?
        } else {
            return None;
        };
        let zone = rest
            .get(8..)?
            .trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        let offset = match zone {
            "" => None,
            "Z" | "z" => Some(0),
            _ => {
                let sign = if zone.starts_with('-') { -1 } else { 1 };
                let hours: i64 = zone.get(1..3)?.parse().ok()?;
                let minutes: i64 = zone.get(zone.len().checked_sub(2)?..)?.parse().ok()?;
                Some(sign * (hours * 3600 + minutes * 60))
            }
        };
        Some(Self {
            day: date,
            second,
            offset,
        })
    }

    /// Seconds from `at` to this; what this does not say is taken from `at`.
    fn seconds_from(&self, at: &Self) -> i64 {
        let absolute = |day: i64, m: &Self, offset: i64| day * 86_400 + m.second - offset;
        let offset = at.offset.unwrap_or(0);
        let day = at.day.unwrap_or(0);
        absolute(self.day.unwrap_or(day), self, self.offset.unwrap_or(offset))
            - absolute(day, at, offset)
    }
}

/// Days since 0000-03-01 of `YYYY-MM-DD` or `YYYY/MM/DD`.
fn day_number(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| -> Option<i64> { text.get(from..to)?.parse().ok() };
    let apart = |at: usize| matches!(text.get(at..=at), Some("-" | "/"));
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !apart(4) || !apart(7) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    Some(
        year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (month * 153 + 2) / 5
            + day,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: (&str, &str) = (
        "2026-11-23T10:00:00.000+09:00",
        "2026-12-01T23:59:59.000+09:00",
    );

    fn places(old: &str, new: &str, normal: &Normal) -> Vec<String> {
        let found = drift(old.as_bytes(), new.as_bytes(), normal, AT);
        found
            .into_iter()
            .map(|d| format!("{} {}→{}", d.place, d.recorded, d.replayed))
            .collect()
    }

    #[test]
    fn undeclared_differences_are_told_and_declared_ones_are_not() {
        let old = r#"{"id":"1","a":[{"n":1},{"n":2}],"x":null,"gone":true}"#;
        let new = r#"{"id":"2","a":[{"n":1},{"n":"2"}],"x":"","more":1}"#;
        assert_eq!(
            places(old, new, &Normal::default()),
            [
                "/id string(1) one value→string(1) another value",
                "/a/1/n number→string(1)",
                "/x null→string(0)",
                "/gone boolean→absent",
                "/more absent→number",
            ]
        );
        let normal = Normal {
            any: vec!["/id".to_owned()],
            ignore: ["/a/*/n", "/x", "/gone", "/more"]
                .map(str::to_owned)
                .to_vec(),
            ..Normal::default()
        };
        assert_eq!(places(old, new, &normal), Vec::<String>::new());
        assert_eq!(
            places("[1]", "[1,2]", &Normal::default()),
            ["body array(1)→array(2)"]
        );
        assert_eq!(
            places("abc", "abd", &Normal::default()),
            ["body 3 bytes→3 bytes"]
        );
    }

    #[test]
    fn times_are_compared_by_their_distance_from_the_exchange() {
        let normal = Normal {
            within: vec![("/t".to_owned(), 5)],
            ..Normal::default()
        };
        let t = |v: &str| format!(r#"{{"t":"{v}"}}"#);
        for (old, new, same) in [
            ("2026-11-23T10:00:01+09:00", "2026-12-01T15:00:02Z", true),
            ("2026-11-23T10:00:01+09:00", "2026-12-01T15:00:12Z", false),
            ("10:00:01", "00:00:01", true),
            ("10:00:01", "00:00:31", false),
            ("2026-11-23", "2026-12-01", false),
            ("soon", "later", false),
        ] {
            assert_eq!(
                places(&t(old), &t(new), &normal).is_empty(),
                same,
                "{old} {new}"
            );
        }
    }
}
