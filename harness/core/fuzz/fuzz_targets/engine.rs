//! What the targets of the file engine share: a layout, and a check with chunks of some size.

use std::collections::BTreeMap;

use renkei_core::check::Sink;
use renkei_core::mask::Mask;
use renkei_core::model::{Finding, Problems};
use renkei_core::scan::{self, FileFacts, InMemory, Job, Options};
use renkei_core::spec::layout::{Date, Layout};

/// Reads a layout that is right.
pub fn layout(toml: &str, fields: &str) -> Layout {
    let mut problems = Problems::new();
    let layout = Layout::load(toml, fields.as_bytes(), ("layout.toml", "fields.csv"), &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    layout.expect("no problems")
}

/// Checks bytes in chunks of a size, with or without the quick path.
pub fn check(layout: &Layout, bytes: &[u8], chunk_size: usize, quick: bool) -> (Vec<Finding>, FileFacts) {
    let lists = BTreeMap::new();
    let mut sink = Sink::default();
    let job = Job {
        layout,
        settings: &layout.file,
        code_lists: &lists,
        file_name: "fuzz",
        mask: Mask::default(),
        as_of: Date::new(2026, 4, 1).expect("a day"),
        threads: 1,
        scratch: &InMemory,
        occurrences: None,
    };
    let options = Options { chunk_size, quick: Some(quick), ..Options::default() };
    let facts = scan::check_with(job, &options, bytes, &mut sink).expect("in memory");
    (sink.into_findings(), facts)
}

/// The findings depend neither on chunks nor on the quick path. Its tables take a thousand times as long as a small input, so
/// it runs for one chunk size in eight.
pub fn judge(layout: &Layout, data: &[u8]) {
    let Some((size, bytes)) = data.split_first() else { return };
    let whole = check(layout, bytes, 1 << 20, false);
    assert_eq!(check(layout, bytes, usize::from(*size).max(1), false), whole);
    if size % 8 == 7 {
        assert_eq!(check(layout, bytes, 1 << 20, true), whole);
        assert_eq!(check(layout, bytes, usize::from(*size), true), whole);
    }
}
