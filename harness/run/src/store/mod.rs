//! The run bundle on disk: `header.json`, `events.jsonl`, `blobs/<sha256>`, `inputs/…`, `work/`.
//!
//! Written so that a crash at any moment leaves a readable bundle: events are whole lines, everything else is written
//! beside its place and renamed into it.

mod blobs;
mod bundle;
mod file;
mod header;
mod later;
mod manifest;
mod tape;

pub use blobs::{Blobs, PutError, digest_of_file as digest_of};
pub use bundle::{Bundle, Events, Verified};
pub(crate) use file::beside;
pub use file::write_file;
pub use header::{Header, SCHEMA};
pub(crate) use later::Later;
pub use tape::Tape;

#[cfg(test)]
pub(crate) mod tests_support {
    /// A folder that disappears after the test.
    pub(crate) fn scratch() -> tempfile::TempDir {
        tempfile::tempdir().unwrap_or_else(|e| panic!("no scratch folder: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use renkei_core::record::{Event, Tool};

    use super::tests_support::scratch;
    use super::*;
    use crate::clock::Clock;
    use crate::error::RunError;

    fn tool() -> Tool {
        Tool {
            name: "renkei".to_owned(),
            version: "0.0.0".to_owned(),
        }
    }

    fn started(case: &str) -> Event {
        Event::CaseStarted {
            case: case.to_owned(),
        }
    }

    #[test]
    fn what_was_written_is_read_back() -> Result<(), RunError> {
        let dir = scratch();
        let mut tape = Tape::create(&dir.path().join("runs"), tool(), &Clock::system())?;
        tape.event(started("C-001"))?;
        tape.event(Event::RunEnded { interrupted: false })?;
        tape.input("packs/p/pack.toml", b"id = 1")?;
        tape.put(b"bytes")?;
        assert_eq!(
            (tape.next_log(), tape.next_log()),
            ("LOG-0001".into(), "LOG-0002".into())
        );
        tape.finish()?;
        let bundle = Bundle::open(tape.folder())?;
        assert_eq!(bundle.header().run, tape.id());
        let events = bundle.events()?;
        assert_eq!(events.remark, None);
        assert_eq!(
            events.events.iter().map(|e| e.seq).collect::<Vec<_>>(),
            [1, 2]
        );
        assert_eq!(
            bundle.inputs()?.get("packs/p/pack.toml"),
            Some(&b"id = 1"[..])
        );
        let verified = bundle.verify()?;
        assert_eq!((verified.files, verified.differences.len()), (4, 0));
        Ok(())
    }

    #[test]
    fn a_torn_last_line_is_left_out_and_said() -> Result<(), RunError> {
        let dir = scratch();
        let mut tape = Tape::create(dir.path(), tool(), &Clock::system())?;
        tape.event(started("C-001"))?;
        tape.event(started("C-002"))?;
        let path = tape.folder().join("events.jsonl");
        let bytes = std::fs::read(&path).unwrap_or_default();
        let first = bytes.iter().position(|b| *b == b'\n').unwrap_or(0) + 1;
        for cut in first + 1..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).map_err(|e| RunError::writing(&path, e))?;
            let events = Bundle::open(tape.folder())?.events()?;
            assert_eq!(events.events.len(), 1, "cut at {cut}");
            assert!(events.remark.is_some());
        }
        Ok(())
    }

    #[test]
    fn damage_is_told_with_its_place() -> Result<(), RunError> {
        let dir = scratch();
        let mut tape = Tape::create(dir.path(), tool(), &Clock::system())?;
        let blob = tape.put(b"evidence")?;
        tape.event(started("C-001"))?;
        tape.finish()?;
        let path = tape.folder().join("events.jsonl");
        let mut file = std::fs::File::options()
            .append(true)
            .open(&path)
            .map_err(|e| RunError::writing(&path, e))?;
        file.write_all(b"{}\n{}\n")
            .map_err(|e| RunError::writing(&path, e))?;
        let bundle = Bundle::open(tape.folder())?;
        let told = bundle.events().err().map(|e| e.message().en);
        assert!(told.is_some_and(|t| t.contains("line 2 is damaged")));
        std::fs::write(&path, b"").map_err(|e| RunError::writing(&path, e))?;
        let stored = tape.folder().join("blobs").join(&blob.sha256);
        std::fs::write(&stored, b"evidencf").map_err(|e| RunError::writing(&stored, e))?;
        let differences = bundle.verify()?.differences;
        assert_eq!(differences.len(), 2, "{differences:?}");
        Ok(())
    }

    #[test]
    fn bundles_of_another_schema_and_other_folders_are_refused() -> Result<(), RunError> {
        let dir = scratch();
        assert!(Bundle::open(dir.path()).is_err_and(|e| e.is_input()));
        let header = dir.path().join("header.json");
        write_file(&header, br#"{"schema":"renkei.run/v2","future":[]}"#)?;
        let told = Bundle::open(dir.path()).err().map(|e| e.message().en);
        assert!(told.is_some_and(|t| t.contains("renkei.run/v2")));
        Ok(())
    }

    #[test]
    fn inputs_stay_in_the_bundle() -> Result<(), RunError> {
        let dir = scratch();
        let tape = Tape::create(dir.path(), tool(), &Clock::system())?;
        for path in ["../x", "/etc/x", "a/../../x", ""] {
            assert!(tape.input(path, b"").is_err(), "{path}");
        }
        Ok(())
    }

    #[test]
    fn a_file_in_the_way_of_the_runs_folder_is_told() {
        let dir = scratch();
        let path = dir.path().join("runs");
        assert!(write_file(&path, b"").is_ok());
        let error = Tape::create(&path, tool(), &Clock::system()).err();
        assert!(error.is_some_and(|e| e.help().en.contains("in the way")));
    }
}
