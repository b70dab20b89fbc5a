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

const ROUNDS: usize = 5;

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
    let cp932 = layout("form = \"delimited\"", Encoding::Cp932, data::FIELDS);
    if args.get(1).is_some_and(|a| a == "memory") {
        memory(&lists, args.get(2).is_some(), records / 20_000);
        return;
    }
    speed(records, &cp932, &lists);
}

#[expect(clippy::too_many_lines, reason = "one measurement after another")]
fn speed(records: usize, cp932: &Layout, lists: &BTreeMap<String, CodeList>) {
    let utf8 = layout("form = \"delimited\"", Encoding::Utf8, data::FIELDS);
    let (fields, length) = data::fixed_fields();
    let fixed = layout(
        &format!("form = \"fixed\"\nrecord_length = {length}"),
        Encoding::Cp932,
        &fields,
    );
    let csv = data::csv(records, Encoding::Cp932, false);
    let csv_utf8 = data::csv(records, Encoding::Utf8, false);
    let csv_broken = data::csv(records, Encoding::Cp932, true);
    let fixed_bytes = data::fixed(records);
    println!(
        "{records} records, {} bytes a record (CSV CP932)",
        csv.len() / records
    );
    let plain = Options {
        digest: false,
        unique: false,
        ..Options::default()
    };
    let with_keys = Options {
        digest: false,
        ..Options::default()
    };
    let sjis = encoding_rs::SHIFT_JIS;
    let mut decode_csv = || decode(&csv, sjis);
    let case = |name, layout, bytes, options, threads| Case {
        name,
        layout,
        bytes,
        options,
        threads,
        clean: true,
    };
    let one = measure(
        &case("CSV CP932", cp932, &csv, plain, 1),
        lists,
        &mut decode_csv,
    );
    let keys = measure(
        &case("CSV CP932, keys unique", cp932, &csv, with_keys, 1),
        lists,
        &mut decode_csv,
    );
    measure(
        &case(
            "CSV CP932, keys unique, SHA-256",
            cp932,
            &csv,
            Options::default(),
            1,
        ),
        lists,
        &mut decode_csv,
    );
    let utf = measure(
        &case("CSV UTF-8", &utf8, &csv_utf8, plain, 1),
        lists,
        &mut decode_csv,
    );
    let mut decode_fixed = || decode(&fixed_bytes, sjis);
    measure(
        &case("fixed CP932", &fixed, &fixed_bytes, plain, 1),
        lists,
        &mut decode_fixed,
    );
    let broken = Case {
        clean: false,
        ..case(
            "CSV CP932, a fault in every field",
            cp932,
            &csv_broken,
            plain,
            1,
        )
    };
    let bad = measure(&broken, lists, &mut decode_csv);
    let wall = |threads| {
        let case = Case {
            threads,
            ..case("", cp932, &csv, with_keys, threads)
        };
        (0..ROUNDS)
            .map(|_| timed(&mut || check(&case, lists)).1)
            .fold(f64::MAX, f64::min)
    };
    let (one_wall, two_wall) = (wall(1), wall(2));
    println!(
        "UTF-8 / CP932 in bytes a second: {:.2}",
        csv_utf8.len() as f64 / utf / (csv.len() as f64 / one)
    );
    println!(
        "a fault in every field costs {:.2} x clean (per byte)",
        bad / csv_broken.len() as f64 / (one / csv.len() as f64)
    );
    println!(
        "keys cost {:.2} x; two threads: {:.2} x one (wall {two_wall:.3} s)",
        keys / one,
        one_wall / two_wall
    );
    println!(
        "peak memory of this process with its data: {:.0} MiB",
        peak_mib()
    );
}
