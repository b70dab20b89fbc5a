//! Every sample of every bundled layout, through the real engine: `pass-…` raises nothing, `fail-<RULE>-…` raises exactly
//! its rule.
#![expect(clippy::disallowed_methods, reason = "the samples are files")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use renkei_core::check::Sink;
use renkei_core::mask::Mask;
use renkei_core::model::Problems;
use renkei_core::scan::{self, InMemory, Job};
use renkei_core::spec::layout::{CodeList, Date, Layout};

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).map_or(Vec::new(), |all| all.map(|e| e.unwrap().path()).collect());
    found.sort();
    found
}

fn code_lists(pack: &Path, problems: &mut Problems) -> BTreeMap<String, CodeList> {
    let mut lists = BTreeMap::new();
    for path in entries(&pack.join("codes")) {
        let list = CodeList::load(
            &fs::read(&path).unwrap(),
            &path.display().to_string(),
            problems,
        );
        lists.insert(
            path.file_stem().unwrap().to_string_lossy().into_owned(),
            list,
        );
    }
    lists
}

#[test]
fn every_sample_does_as_its_name_says() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let mut faults = Vec::new();
    let mut count = 0;
    for pack in entries(&specs)
        .iter()
        .filter(|p| p.is_dir())
        .flat_map(|p| entries(p))
    {
        let mut problems = Problems::new();
        let lists = code_lists(&pack, &mut problems);
        for folder in entries(&pack.join("layouts")) {
            let text = fs::read_to_string(folder.join("layout.toml")).unwrap();
            let fields = fs::read(folder.join("fields.csv")).unwrap();
            let layout = Layout::load(&text, &fields, ("layout.toml", "fields.csv"), &mut problems);
            assert_eq!(problems, [], "{}", folder.display());
            let layout = layout.unwrap();
            for sample in entries(&folder.join("samples")) {
                count += 1;
                faults.extend(judge(&layout, &lists, &sample));
            }
        }
    }
    assert!(count > 30, "samples found: {count}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn judge(layout: &Layout, lists: &BTreeMap<String, CodeList>, sample: &Path) -> Option<String> {
    let name = sample.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = fs::read(sample).unwrap();
    let mut sink = Sink::new(scan::policy(layout, &layout.file));
    let job = Job {
        layout,
        settings: &layout.file,
        code_lists: lists,
        file_name: &name,
        mask: Mask::default(),
        as_of: Date::new(2026, 11, 1).unwrap(),
        threads: 1,
        scratch: &InMemory,
        occurrences: None,
    };
    scan::check(job, bytes.as_slice(), &mut sink).unwrap();
    let findings = sink.into_findings();
    let mut raised: Vec<&str> = findings.iter().map(|f| f.rule.as_str()).collect();
    raised.dedup();
    let expected: Vec<String> = match name.strip_prefix("fail-") {
        Some(rest) => vec![rest.split('-').take(2).collect::<Vec<_>>().join("-")],
        None => Vec::new(),
    };
    let told: Vec<String> = findings
        .iter()
        .map(|f| format!("{} {} @{:?}", f.rule, f.message.ja, f.location.record))
        .collect();
    (raised != expected).then(|| format!("{name}: {}", told.join("; ")))
}
