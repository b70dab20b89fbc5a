use std::fs::File;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use renkei_core::model::Bilingual;
use renkei_core::record::{Blob, Event, Stamped, Tool};

use super::blobs::Blobs;
use super::file::write_file;
use super::header::{Header, SCHEMA};
use super::manifest;
use crate::clock::Clock;
use crate::error::RunError;

/// The writing end of a run bundle.
#[derive(Debug)]
pub struct Tape {
    folder: PathBuf,
    id: String,
    events: File,
    /// Lines that wait to be written together.
    waiting: Vec<u8>,
    /// Length in bytes of the lines that were written whole.
    whole: u64,
    seq: u64,
    logs: u64,
    blobs: Blobs,
    clock: Clock,
}

impl Tape {
    /// Makes `runs/<run-id>/` with header and empty event list.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn create(runs: &Path, tool: Tool, clock: &Clock) -> Result<Self, RunError> {
        std::fs::create_dir_all(runs).map_err(|e| RunError::writing(runs, e))?;
        let (id, folder) = make_folder(runs, clock)?;
        for sub in ["blobs", "inputs", "work"] {
            let path = folder.join(sub);
            std::fs::create_dir(&path).map_err(|e| RunError::writing(&path, e))?;
        }
        let header = Header {
            schema: SCHEMA.to_owned(),
            tool,
            run: id.clone(),
            created_at: clock.text(),
        };
        let path = folder.join("header.json");
        let text =
            serde_json::to_vec_pretty(&header).map_err(|e| RunError::writing(&path, e.into()))?;
        write_file(&path, &text)?;
        let path = folder.join("events.jsonl");
        let events = File::options()
            .create_new(true)
            .append(true)
            .open(&path)
            .map_err(|e| RunError::writing(&path, e))?;
        Ok(Self {
            blobs: Blobs::new(folder.join("blobs")),
            folder,
            id,
            events,
            waiting: Vec::new(),
            whole: 0,
            seq: 0,
            logs: 0,
            clock: clock.clone(),
        })
    }

    /// Run id, `20261123-111500-3fa9`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Folder of the bundle.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The run's own scratch folder, absolute: the value of `{work}`.
    ///
    /// # Errors
    /// The folder is gone.
    pub fn work(&self) -> Result<PathBuf, RunError> {
        let path = self.folder.join("work");
        std::fs::canonicalize(&path).map_err(|e| RunError::reading(&path, e))
    }

    /// The bundle's blobs.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The clock of the run.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The next log number, `LOG-0001` first.
    pub fn next_log(&mut self) -> String {
        self.logs += 1;
        self.last_log()
    }

    /// The log number that was given out last.
    pub fn last_log(&self) -> String {
        format!("LOG-{:04}", self.logs)
    }

    /// Appends one event as one line.
    ///
    /// # Errors
    /// The line could not be written; what was written of it is taken back, so that the list stays readable.
    pub fn event(&mut self, event: Event) -> Result<(), RunError> {
        let milestone = matches!(event, Event::CaseEnded { .. } | Event::RunEnded { .. });
        self.event_later(event)?;
        self.write_waiting()?;
        if milestone {
            let path = self.folder.join("events.jsonl");
            self.events
                .sync_data()
                .map_err(|e| RunError::writing(&path, e))?;
        }
        Ok(())
    }

    /// Appends one event to those that [`Tape::write_waiting`] writes together: one call of the system for many events.
    ///
    /// # Errors
    /// The event has no JSON form.
    pub(crate) fn event_later(&mut self, event: Event) -> Result<(), RunError> {
        let stamped = Stamped {
            seq: self.seq + 1,
            at: self.clock.text(),
            event,
        };
        let before = self.waiting.len();
        if let Err(error) = serde_json::to_writer(&mut self.waiting, &stamped) {
            self.waiting.truncate(before);
            return Err(RunError::writing(
                &self.folder.join("events.jsonl"),
                error.into(),
            ));
        }
        self.waiting.push(b'\n');
        self.seq += 1;
        Ok(())
    }

    /// Writes the events that wait.
    ///
    /// # Errors
    /// They could not be written; what was written of them is taken back, so that the list stays readable.
    pub(crate) fn write_waiting(&mut self) -> Result<(), RunError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let written = self.events.write_all(&self.waiting);
        let length = self.waiting.len() as u64;
        let lines = self.waiting.iter().filter(|b| **b == b'\n').count() as u64;
        self.waiting.clear();
        match written {
            Ok(()) => {
                self.whole += length;
                Ok(())
            }
            Err(error) => {
                // Best effort: on a full disk cutting a file still works.
                let _ = self.events.set_len(self.whole);
                self.seq -= lines;
                Err(RunError::writing(&self.folder.join("events.jsonl"), error))
            }
        }
    }

    /// Keeps bytes.
    ///
    /// # Errors
    /// The bundle cannot be written.
    pub fn put(&self, bytes: &[u8]) -> Result<Blob, RunError> {
        self.blobs.put(bytes)
    }

    /// Keeps an exact copy of an input (plan, profile, pack file) under `inputs/`. `path` is relative, with `/`.
    ///
    /// # Errors
    /// The path leads out of the folder, or the bundle cannot be written.
    pub fn input(&self, path: &str, bytes: &[u8]) -> Result<(), RunError> {
        let inside = !path.is_empty()
            && Path::new(path)
                .components()
                .all(|part| matches!(part, Component::Normal(_)));
        if !inside {
            return Err(RunError::Input {
                place: path.to_owned(),
                message: Bilingual::new(
                    "記録の外へ出るパスは使えません",
                    "the path leads out of the bundle",
                ),
                help: Bilingual::new(
                    "計画からの相対パスで、.. を含まないものにしてください",
                    "use a relative path without ..",
                ),
            });
        }
        write_file(&self.folder.join("inputs").join(path), bytes)
    }

    /// Writes the manifest of digests and flushes everything to the medium.
    ///
    /// # Errors
    /// The bundle cannot be written.
    pub fn finish(&mut self) -> Result<(), RunError> {
        self.write_waiting()?;
        self.events
            .sync_all()
            .map_err(|e| RunError::writing(&self.folder.join("events.jsonl"), e))?;
        manifest::write(&self.folder)
    }
}

/// Ids carry the time and four random hex digits; a folder that is there already is never written into.
fn make_folder(runs: &Path, clock: &Clock) -> Result<(String, PathBuf), RunError> {
    let mut tries = 0;
    loop {
        let random = uuid::Uuid::new_v4().simple().to_string();
        let id = format!("{}-{}", clock.compact(), random.get(..4).unwrap_or("0000"));
        let folder = runs.join(&id);
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok((id, folder)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && tries < 100 => tries += 1,
            Err(e) => return Err(RunError::writing(&folder, e)),
        }
    }
}
