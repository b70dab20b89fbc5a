//! The file engine beside a yardstick: encoding_rs that merely decodes the same bytes, in the same run.
//!
//! `cargo bench -p renkei-core --bench file_engine [-- RECORDS]`. CPU seconds of the thread (Linux), the best of several
//! rounds in which measured and yardstick take turns; wall seconds where several threads work.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench measures and prints"
)]

mod data;

use std::collections::BTreeMap;
use std::time::Instant;

use renkei_core::check::Sink;
use renkei_core::encoding::Encoding;
use renkei_core::mask::Mask;
use renkei_core::model::Problems;
use renkei_core::scan::{self, Job, Options, Scratch};
use renkei_core::spec::layout::{CodeList, Date, Layout};

const ROUNDS: usize = 11;

fn lists() -> BTreeMap<String, CodeList> {
    let list = |values: &[&str]| {
        let text = values.iter().fold("value,name_ja\n".to_owned(), |text, v| {
            format!("{text}{v},\n")
        });
        CodeList::load(text.as_bytes(), "bench", &mut Problems::new())
    };
    [
        ("sex", list(&["0", "1", "2"])),
        (
            "relation",
            list(&["02", "11", "12", "20", "21", "22", "31"]),
        ),
        ("reason", list(&["10", "11", "20", "30", "40"])),
    ]
    .into_iter()
    .map(|(name, list)| (name.to_owned(), list))
    .collect()
}

fn layout(form: &str, encoding: Encoding, fields: &str) -> Layout {
    let toml = format!(
        "id = \"bench\"\ntitle = {{ ja = \"b\", en = \"b\" }}\n{form}\n[file]\nencoding = \"{}\"\nrepertoire = \"{}\"\n",
        encoding.name(),
        "cp932"
    );
    let mut problems = Problems::new();
    let layout = Layout::load(&toml, fields.as_bytes(), ("l", "f"), &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    layout.expect("no problems")
}

/// CPU seconds of this thread so far; wall time where the system does not tell.
fn cpu_seconds(start: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanos.map_or_else(|| start.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn timed(work: &mut dyn FnMut()) -> (f64, f64) {
    let start = Instant::now();
    let before = cpu_seconds(start);
    work();
    (cpu_seconds(start) - before, start.elapsed().as_secs_f64())
}

fn decode(bytes: &[u8], encoding: &'static encoding_rs::Encoding) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = vec![0u8; 1 << 18];
    for piece in bytes.chunks(1 << 18) {
        let mut rest = piece;
        loop {
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(rest, &mut out, false);
            std::hint::black_box(&out[..written]);
            rest = &rest[read..];
            match result {
                encoding_rs::DecoderResult::InputEmpty => break,
                encoding_rs::DecoderResult::OutputFull => {}
                encoding_rs::DecoderResult::Malformed(..) => {}
            }
        }
    }
}

struct Case<'a> {
    name: &'a str,
    layout: &'a Layout,
    bytes: &'a [u8],
    options: Options<'a>,
    threads: usize,
    clean: bool,
}

struct DiskScratch;

impl Scratch for DiskScratch {
    fn create(&self) -> std::io::Result<Box<dyn scan::ScratchStream>> {
        let path = std::env::temp_dir().join(format!("renkei-bench-{}", std::process::id()));
        let file = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)?;
        std::fs::remove_file(&path)?;
        Ok(Box::new(file))
    }
}

fn check(case: &Case<'_>, lists: &BTreeMap<String, CodeList>) {
    let mut sink = Sink::new(scan::policy(case.layout, &case.layout.file));
    let job = Job {
        layout: case.layout,
        settings: &case.layout.file,
        code_lists: lists,
        file_name: "bench.csv",
        mask: Mask::default(),
        as_of: Date::new(2026, 4, 1).expect("a day"),
        threads: case.threads,
        scratch: &DiskScratch,
        occurrences: None,
    };
    let facts = scan::check_with(job, &case.options, case.bytes, &mut sink).expect("in memory");
    let findings = sink.into_findings();
    assert!(facts.records > 0);
    let told: Vec<String> = findings
        .iter()
        .map(|f| format!("{} {:?}", f.rule, f.location))
        .take(5)
        .collect();
    assert_eq!(findings.is_empty(), case.clean, "{}: {told:?}", case.name);
}

fn measure(
    case: &Case<'_>,
    lists: &BTreeMap<String, CodeList>,
    yardstick: &mut dyn FnMut(),
) -> f64 {
    let (mut cpu, mut wall, mut base) = (f64::MAX, f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        base = base.min(timed(yardstick).0);
        let (c, w) = timed(&mut || check(case, lists));
        cpu = cpu.min(c);
        wall = wall.min(w);
    }
    let taken = if case.threads > 1 { wall } else { cpu };
    let speed = case.bytes.len() as f64 / 1e6 / taken;
    println!(
        "{:<44} {taken:7.3} s {speed:8.0} MB/s   {:5.2} x decode",
        case.name,
        base / taken
    );
    taken
}

fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM"))
        .unwrap_or("");
    line.split_whitespace()
        .nth(1)
        .and_then(|n| n.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}

/// A file that is made while it is read, so that memory is the engine's alone; every record has its own 世帯番号.
struct Endless {
    block: Vec<u8>,
    records: Vec<usize>,
    number: u64,
    at: usize,
    left: usize,
}

impl Endless {
    fn new(times: usize) -> Self {
        let block = data::csv(20_000, Encoding::Cp932, false);
        let ends = block
            .windows(2)
            .enumerate()
            .filter(|(_, w)| *w == b"\r\n")
            .map(|(at, _)| at + 2);
        let records = std::iter::once(0)
            .chain(ends)
            .filter(|at| *at < block.len())
            .collect();
        let at = block.len();
        Self {
            block,
            records,
            number: 0,
            at,
            left: times,
        }
    }
}

impl std::io::Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.block.len() {
            if self.left == 0 {
                return Ok(0);
            }
            for start in &self.records {
                self.number += 1;
                // 団体コード and 宛名番号 have fixed lengths.
                self.block[start + 23..start + 38]
                    .copy_from_slice(format!("{:015}", self.number).as_bytes());
            }
            self.left -= 1;
            self.at = 0;
        }
        let n = out.len().min(self.block.len() - self.at);
        out[..n].copy_from_slice(&self.block[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

fn memory(lists: &BTreeMap<String, CodeList>, unique: bool, times: usize) {
    let fields = data::FIELDS
        .replace(",15,,1,required,atenabango", ",15,,,required,atenabango")
        .replace("setaibango,X,15,,,", "setaibango,X,15,,1,");
    let layout = layout("form = \"delimited\"", Encoding::Cp932, &fields);
    let input = Endless::new(times);
    let before = peak_mib();
    let mut sink = Sink::default();
    let job = Job {
        layout: &layout,
        settings: &layout.file,
        code_lists: lists,
        file_name: "bench.csv",
        mask: Mask::default(),
        as_of: Date::new(2026, 4, 1).expect("a day"),
        threads: 1,
        scratch: &DiskScratch,
        occurrences: None,
    };
    let options = Options {
        unique,
        ..Options::default()
    };
    let facts = scan::check_with(job, &options, input, &mut sink).expect("scratch");
    let findings = sink.into_findings().len();
    println!(
        "memory: {} records, {} MB, unique {unique}: peak {:.0} MiB ({before:.0} MiB before), {findings} findings",
        facts.records,
        facts.bytes / 1_000_000,
        peak_mib()
    );
}

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    let records = args.first().and_then(|a| a.parse().ok()).unwrap_or(300_000);
    let lists = lists();
    match args.get(1).map(String::as_str) {
        Some("memory") => memory(&lists, args.get(2).is_some(), records / 20_000),
        Some("once") => once(records, &lists, args.get(2).map_or("csv", String::as_str)),
        Some("write") => write(records, &lists, args.get(2).map_or(".", String::as_str)),
        Some("threads") => threads(&Sample::new("csv", records), &lists, 1.0),
        _ => speed(records, &lists),
    }
}

const PLAIN: Options<'_> = Options {
    repertoires: &[],
    chunk_size: scan::CHUNK,
    digest: false,
    unique: false,
    quick: None,
    collect: &[],
};
const WITH_KEYS: Options<'_> = Options {
    unique: true,
    ..PLAIN
};

/// A file of the bench with its layout.
struct Sample {
    layout: Layout,
    bytes: Vec<u8>,
    clean: bool,
}

impl Sample {
    fn new(name: &str, records: usize) -> Self {
        let delimited = |encoding, broken| Self {
            layout: layout("form = \"delimited\"", encoding, data::FIELDS),
            bytes: data::csv(records, encoding, broken),
            clean: !broken,
        };
        match name {
            "utf8" => delimited(Encoding::Utf8, false),
            "broken" => delimited(Encoding::Cp932, true),
            "fixed" => {
                let (fields, length) = data::fixed_fields();
                let form = format!("form = \"fixed\"\nrecord_length = {length}");
                Self {
                    layout: layout(&form, Encoding::Cp932, &fields),
                    bytes: data::fixed(records),
                    clean: true,
                }
            }
            _ => delimited(Encoding::Cp932, false),
        }
    }

    fn case<'a>(&'a self, name: &'a str, options: Options<'a>, threads: usize) -> Case<'a> {
        Case {
            name,
            layout: &self.layout,
            bytes: &self.bytes,
            options,
            threads,
            clean: self.clean,
        }
    }
}

/// Several checks of one file, for profilers: `csv`, `keys`, `utf8`, `fixed`, `broken`.
fn once(records: usize, lists: &BTreeMap<String, CodeList>, name: &str) {
    let sample = Sample::new(name, records);
    let options = if name == "keys" { WITH_KEYS } else { PLAIN };
    for _ in 0..10 {
        check(&sample.case(name, options, 1), lists);
    }
}

/// Files for `peers.py`, and what the engine takes for them.
fn write(records: usize, lists: &BTreeMap<String, CodeList>, folder: &str) {
    std::fs::create_dir_all(folder).expect("a folder");
    let mut told = String::new();
    for (name, file) in [("csv", "clean.cp932.csv"), ("utf8", "clean.utf8.csv")] {
        let sample = Sample::new(name, records);
        std::fs::write(format!("{folder}/{file}"), &sample.bytes).expect("room");
        let case = sample.case(file, WITH_KEYS, 1);
        let taken = (0..3).map(|_| timed(&mut || check(&case, lists)).0);
        let taken = taken.fold(f64::MAX, f64::min);
        told.push_str(&format!(
            "renkei {file} {records} records {taken:.2} CPU s\n"
        ));
    }
    std::fs::write(format!("{folder}/renkei.txt"), told).expect("room");
}

fn speed(records: usize, lists: &BTreeMap<String, CodeList>) {
    let csv = Sample::new("csv", records);
    println!(
        "{records} records, {} bytes a record (CSV CP932)",
        csv.bytes.len() / records
    );
    let sjis = encoding_rs::SHIFT_JIS;
    let mut decode_csv = || decode(&csv.bytes, sjis);
    let one = measure(&csv.case("CSV CP932", PLAIN, 1), lists, &mut decode_csv);
    let case = csv.case("CSV CP932, keys unique", WITH_KEYS, 1);
    let keys = measure(&case, lists, &mut decode_csv);
    let case = csv.case("CSV CP932, keys unique, SHA-256", Options::default(), 1);
    measure(&case, lists, &mut decode_csv);
    {
        let utf8 = Sample::new("utf8", records);
        let taken = measure(&utf8.case("CSV UTF-8", PLAIN, 1), lists, &mut decode_csv);
        println!(
            "UTF-8 / CP932 in bytes a second: {:.2}",
            utf8.bytes.len() as f64 / taken / (csv.bytes.len() as f64 / one)
        );
    }
    {
        let fixed = Sample::new("fixed", records);
        let mut decode_fixed = || decode(&fixed.bytes, sjis);
        measure(
            &fixed.case("fixed CP932", PLAIN, 1),
            lists,
            &mut decode_fixed,
        );
    }
    let broken = Sample::new("broken", records);
    let case = broken.case("CSV CP932, a fault in every field", PLAIN, 1);
    let bad = measure(&case, lists, &mut decode_csv);
    println!(
        "a fault in every field costs {:.2} x clean (per byte), {:.2} x per record",
        bad / broken.bytes.len() as f64 / (one / csv.bytes.len() as f64),
        bad / one
    );
    threads(&csv, lists, keys / one);
}

/// How much sooner two threads decode what one decodes: cores that share caches and memory give less than twice the work.
fn ceiling(bytes: &[u8]) -> f64 {
    let sjis = encoding_rs::SHIFT_JIS;
    let (front, back) = bytes.split_at(bytes.len() / 2);
    let mut together = || {
        std::thread::scope(|scope| {
            scope.spawn(|| decode(front, sjis));
            decode(back, sjis);
        });
    };
    let (mut one, mut two) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        one = one.min(timed(&mut || decode(bytes, sjis)).1);
        two = two.min(timed(&mut together).1);
    }
    one / two
}

fn threads(csv: &Sample, lists: &BTreeMap<String, CodeList>, keys: f64) {
    let wall = |threads| {
        let case = csv.case("", WITH_KEYS, threads);
        timed(&mut || check(&case, lists)).1
    };
    let (mut one, mut two) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        one = one.min(wall(1));
        two = two.min(wall(2));
    }
    println!(
        "keys cost {keys:.2} x; two threads: {:.2} x one (wall {two:.3} s); what this machine gives two decoders: {:.2} x",
        one / two,
        ceiling(&csv.bytes)
    );
    println!(
        "peak memory of this process with its data: {:.0} MiB",
        peak_mib()
    );
}
