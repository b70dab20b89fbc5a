//! What every planted test needs: random numbers from a seed, a scan, and what it told.

use std::collections::BTreeMap;

use renkei_core::check::Sink;
use renkei_core::encoding::{Encoding, Target, encode};
use renkei_core::mask::Mask;
use renkei_core::model::{Finding, Problems};
use renkei_core::scan::{self, InMemory, Job, Options};
use renkei_core::spec::layout::digits::{self, Digit};
use renkei_core::spec::layout::{CodeList, Date, Layout};

/// Xorshift: the same numbers on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

/// One place that was told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) rule: String,
    pub(crate) record: Option<u64>,
    pub(crate) field: Option<String>,
    pub(crate) at: u64,
    pub(crate) length: u64,
}

pub(crate) fn layout(toml: &str, fields: &str) -> Layout {
    let mut problems = Problems::new();
    let toml = format!("id = \"t\"\ntitle = {{ ja = \"t\", en = \"t\" }}\n{toml}");
    let layout = Layout::load(&toml, fields.as_bytes(), ("l", "f"), &mut problems);
    assert_eq!(problems, []);
    layout.expect("no problems")
}

pub(crate) fn code_list(text: &str) -> CodeList {
    let mut problems = Problems::new();
    let list = CodeList::load(text.as_bytes(), "codes", &mut problems);
    assert_eq!(problems, []);
    list
}

/// Everything that was told about a file, place by place, and the findings. Scanned whole on one thread, in small pieces
/// and on two threads: all must say the same.
pub(crate) fn scan_all(
    layout: &Layout,
    lists: &BTreeMap<String, CodeList>,
    bytes: &[u8],
) -> (Vec<Told>, Vec<Finding>) {
    let whole = scan_once(layout, lists, bytes, (1 << 20, 1));
    for how in [(4_099, 1), (65_536, 2)] {
        let other = scan_once(layout, lists, bytes, how);
        let places = |f: &[Finding]| -> Vec<_> {
            f.iter()
                .map(|f| (f.rule.clone(), f.count, f.samples.clone()))
                .collect()
        };
        assert_eq!(places(&whole.1), places(&other.1), "pieces {how:?}");
    }
    whole
}

pub(crate) fn scan_once(
    layout: &Layout,
    lists: &BTreeMap<String, CodeList>,
    bytes: &[u8],
    (chunk_size, threads): (usize, usize),
) -> (Vec<Told>, Vec<Finding>) {
    let mut sink = Sink::new(scan::policy(layout, &layout.file));
    let mut occurrences = Vec::new();
    let job = Job {
        layout,
        settings: &layout.file,
        code_lists: lists,
        file_name: "planted",
        mask: Mask::default(),
        as_of: Date::new(2026, 4, 1).unwrap(),
        threads,
        scratch: &InMemory,
        occurrences: Some(&mut occurrences),
    };
    let options = Options {
        chunk_size,
        ..Options::default()
    };
    scan::check_with(job, &options, bytes, &mut sink).expect("the file can be read");
    let told = String::from_utf8(occurrences).unwrap();
    let told = told.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        Told {
            rule: line["rule"].as_str().unwrap().to_owned(),
            record: line["record"].as_u64(),
            field: line["field"].as_str().map(str::to_owned),
            at: line["byte_offset"].as_u64().unwrap(),
            length: line["byte_length"].as_u64().unwrap(),
        }
    });
    (told.collect(), sink.into_findings())
}

/// Text in an encoding.
pub(crate) fn bytes(text: &str, encoding: Encoding) -> Vec<u8> {
    encode(text, Target::new(encoding)).unwrap_or_else(|e| panic!("{text}: {}", e.what))
}

/// `body` with the check digit behind it that makes it right.
pub(crate) fn with_digit(body: &str, of: fn(&[u8]) -> Digit) -> Option<String> {
    (0..10)
        .map(|d| format!("{body}{d}"))
        .find(|n| of(n.as_bytes()) == Digit::Right)
}

/// A number that no list, file or person has: right digit, wrong digit.
pub(crate) fn number(dice: &mut Dice, digits_before: usize, of: fn(&[u8]) -> Digit) -> String {
    loop {
        let body: String = (0..digits_before)
            .map(|at| {
                char::from(b'1' + u8::try_from(dice.roll(if at == 0 { 8 } else { 9 })).unwrap())
            })
            .collect();
        if let Some(number) = with_digit(&body, of) {
            return number;
        }
    }
}

/// The same number with another last digit.
pub(crate) fn spoilt(number: &str) -> String {
    let (body, last) = number.split_at(number.len() - 1);
    let last: u8 = last.parse().unwrap();
    (1..10)
        .map(|n| format!("{body}{}", (last + n) % 10))
        .find(|n| {
            matches!(digits::individual_number(n.as_bytes()), Digit::Wrong(_))
                || matches!(digits::addressee_number(n.as_bytes()), Digit::Wrong(_))
                || matches!(digits::municipality_code(n.as_bytes()), Digit::Wrong(_))
                || matches!(digits::corporate_number(n.as_bytes()), Digit::Wrong(_))
        })
        .unwrap()
}
