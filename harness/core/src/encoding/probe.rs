//! 文字変換プローブ: a small UTF-8 file of contentious characters that a vendor sends through its real exporter, and the
//! reading of what comes out. Lines are ASCII but for the character itself, so that any converter leaves the labels alone.

use super::fingerprint::{Identification, Wrote, identify, probe_characters};

/// The probe file, UTF-8 without BOM, CRLF: `P01 U+FF5E [～]` a line. Control characters are left out: exporters stop at
/// them or drop them for other reasons than conversion.
pub fn make_probe() -> String {
    let mut text = String::new();
    for (number, c) in (1..).zip(printable()) {
        text.push_str(&format!("P{number:02} U+{:04X} [{c}]\r\n", u32::from(c)));
    }
    text
}

fn printable() -> impl Iterator<Item = char> {
    probe_characters()
        .iter()
        .copied()
        .filter(|c| !c.is_control())
}

/// What came out of an exporter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeReading {
    /// What was written, by character, in the order of the file.
    pub seen: Vec<(char, Wrote)>,
    /// Characters of the probe whose line was not found.
    pub missing: Vec<char>,
    /// Lines that hold the UTF-8 bytes of their character: nothing was converted.
    pub unconverted: usize,
    /// Who may have written it.
    pub identification: Identification,
}

/// Reads what came out of an exporter. Lines may stand in any order; others are ignored.
pub fn read_probe(bytes: &[u8]) -> ProbeReading {
    let mut seen: Vec<(char, Wrote)> = Vec::new();
    let mut unconverted = 0;
    for (c, cell) in bytes.split(|b| *b == b'\n').filter_map(line) {
        if seen.iter().any(|(known, _)| *known == c) {
            continue;
        }
        unconverted += usize::from(!c.is_ascii() && cell == c.encode_utf8(&mut [0; 4]).as_bytes());
        seen.push((c, Wrote::from_cell(cell)));
    }
    let missing = printable()
        .filter(|c| !seen.iter().any(|(known, _)| known == c))
        .collect();
    let identification = identify(&seen);
    ProbeReading {
        seen,
        missing,
        unconverted,
        identification,
    }
}

/// The character that a line is about, and the bytes between its brackets. The line's code point names the character, so
/// that a lost one is still known.
fn line(line: &[u8]) -> Option<(char, &[u8])> {
    let line = line.strip_suffix(b"\r").unwrap_or(line).trim_ascii_end();
    let start = line.windows(3).position(|w| w == b" U+")?;
    let rest = line.get(start + 3..)?;
    let open = rest.windows(2).position(|w| w == b" [")?;
    let hex = std::str::from_utf8(rest.get(..open)?).ok()?;
    let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
    let cell = rest.get(open + 2..)?.strip_suffix(b"]")?;
    probe_characters().contains(&c).then_some((c, cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::fingerprint::{Converter, converters};

    /// What a converter of the table makes of the probe file.
    fn through(converter: &Converter) -> Vec<u8> {
        let mut out = Vec::new();
        for text in make_probe().split_inclusive("\r\n") {
            let (label, rest) = text.split_once('[').unwrap_or((text, ""));
            out.extend_from_slice(label.as_bytes());
            out.push(b'[');
            let c = rest.chars().next().unwrap_or('?');
            out.extend_from_slice(converter.writes(c).flatten().unwrap_or(b"?"));
            out.extend_from_slice(b"]\r\n");
        }
        out
    }

    /// Without the control characters, three groups of converters are left that write everything else alike.
    #[test]
    fn every_converter_is_found_by_its_output() {
        let mut groups = std::collections::BTreeMap::<Vec<&str>, usize>::new();
        for converter in converters() {
            let reading = read_probe(&through(converter));
            assert!(reading.missing.is_empty());
            let names: Vec<&str> = reading
                .identification
                .candidates
                .iter()
                .map(|c| c.name)
                .collect();
            assert!(names.contains(&converter.name), "{}", converter.name);
            *groups.entry(names).or_default() += 1;
        }
        assert!(groups.keys().all(|names| names.len() <= 2), "{groups:?}");
        assert!(groups.len() >= 20, "{groups:?}");
    }

    #[test]
    fn an_exporter_that_converts_nothing_is_seen() {
        let reading = read_probe(make_probe().as_bytes());
        assert!(reading.unconverted > 40 && reading.identification.candidates.is_empty());
        let nothing = read_probe(b"no probe");
        assert_eq!(
            (nothing.seen.len(), nothing.missing.len()),
            (0, printable().count())
        );
    }
}
