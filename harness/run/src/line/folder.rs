use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use renkei_core::record::{Blob, Fault, FaultKind};

use super::{Look, MoveError};
use crate::error::RunError;
use crate::store::{Blobs, PutError};

/// A folder.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// It belongs to the run's own scratch folder and is made when it is missing. A vendor's folder never is.
    pub own: bool,
}

const CHUNK: usize = 256 * 1024;
/// How often a file is read anew when it changed meanwhile.
const TRIES: usize = 3;
/// A file that was not changed for so long is taken to be complete.
const QUIET: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
/// A file that changes for longer than these looks take is read as it is, and then found to have changed.
const LOOKS: usize = 100;

impl Folder {
    pub(super) fn take(
        &self,
        name: &str,
        blobs: &Blobs,
        stopped: impl Fn() -> bool,
    ) -> Result<Result<Blob, Fault>, MoveError> {
        for _ in 0..TRIES {
            // Looking first keeps us from opening a pipe or a device, which could block for ever.
            let before = match self.look(name) {
                Ok(look) => look,
                Err(fault) => return Ok(Err(fault)),
            };
            let file = match File::open(self.path.join(name)) {
                Ok(file) => file,
                Err(e) => return Ok(Err(fault(&e))),
            };
            let blob = match blobs.put_reader(file, &stopped) {
                Ok(blob) => blob,
                Err(PutError::Source(e)) => return Ok(Err(fault(&e))),
                Err(PutError::Stopped) => return Err(MoveError::Stopped),
                Err(PutError::Store(e)) => return Err(MoveError::Store(e)),
            };
            if self.look(name) == Ok(before) && blob.bytes == before.bytes {
                return Ok(Ok(blob));
            }
        }
        Ok(Err(Fault {
            kind: FaultKind::FileAccess,
            detail: "it changed again and again while it was read".to_owned(),
        }))
    }

    pub(super) fn settle(&self, name: &str, stopped: impl Fn() -> bool) {
        for _ in 0..LOOKS {
            let age = self
                .look(name)
                .ok()
                .and_then(|look| look.changed?.elapsed().ok());
            match age {
                Some(age) if age < QUIET && !stopped() => {
                    std::thread::sleep((QUIET - age).min(BETWEEN_LOOKS));
                }
                _ => return,
            }
        }
    }

    pub(super) fn put(
        &self,
        name: &str,
        blob: &Blob,
        blobs: &Blobs,
        stopped: impl Fn() -> bool,
    ) -> Result<Result<(), Fault>, MoveError> {
        let source = blobs
            .open(blob)
            .map_err(|e| MoveError::Store(Box::new(e)))?;
        if self.own
            && let Err(e) = fs::create_dir_all(&self.path)
        {
            return Err(self.own_trouble(e));
        }
        let part = self.path.join(format!("{name}.part"));
        let outcome = copy(source, &part, stopped).and_then(|whole| {
            if whole {
                fs::rename(&part, self.path.join(name)).map(|()| true)
            } else {
                Ok(false)
            }
        });
        if !matches!(outcome, Ok(true)) {
            // What is half there must not stay; that it cannot be removed changes nothing for the receiver.
            let _ = fs::remove_file(&part);
        }
        match outcome {
            Ok(true) => Ok(Ok(())),
            Ok(false) => Err(MoveError::Stopped),
            Err(e) if self.own => Err(self.own_trouble(e)),
            Err(e) => Ok(Err(fault(&e))),
        }
    }

    /// What goes wrong with the run's own folder is nobody's fault but the harness's (a full disk, say).
    fn own_trouble(&self, error: io::Error) -> MoveError {
        MoveError::Store(Box::new(RunError::writing(&self.path, error)))
    }

    pub(super) fn look(&self, name: &str) -> Result<Look, Fault> {
        let meta = fs::metadata(self.path.join(name)).map_err(|e| fault(&e))?;
        if !meta.is_file() {
            return Err(Fault {
                kind: FaultKind::FileAccess,
                detail: if meta.is_dir() {
                    "a folder, not a file"
                } else {
                    "neither a file nor a folder"
                }
                .to_owned(),
            });
        }
        Ok(Look {
            bytes: meta.len(),
            changed: meta.modified().ok(),
        })
    }
}

/// False when it was stopped on the way.
fn copy(mut source: File, to: &Path, stopped: impl Fn() -> bool) -> io::Result<bool> {
    let mut target = File::create(to)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        if stopped() {
            return Ok(false);
        }
        let read = source.read(&mut chunk)?;
        if read == 0 {
            target.sync_all()?;
            return Ok(true);
        }
        target.write_all(chunk.get(..read).unwrap_or_default())?;
    }
}

fn fault(error: &io::Error) -> Fault {
    Fault {
        kind: match error.kind() {
            io::ErrorKind::NotFound => FaultKind::FileMissing,
            _ => FaultKind::FileAccess,
        },
        detail: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Line;
    use crate::store::tests_support::scratch;

    fn line(path: PathBuf, own: bool) -> Line {
        Line::Folder(Folder { path, own })
    }

    #[test]
    fn the_bytes_that_were_taken_are_the_bytes_that_are_put() {
        let dir = scratch();
        let blobs = Blobs::new(dir.path().to_owned());
        let content = b"\x8f\x5a,\xff\r\n".repeat(100_000);
        assert!(fs::write(dir.path().join("out.csv"), &content).is_ok());
        let blob = line(dir.path().to_owned(), false).take("out.csv", &blobs, || false);
        let Ok(Ok(blob)) = blob else {
            panic!("{blob:?}")
        };
        assert_eq!(blob.bytes, content.len() as u64);
        let inbox = line(dir.path().join("b/inbox"), true);
        assert!(matches!(
            inbox.put("in.csv", &blob, &blobs, || false),
            Ok(Ok(()))
        ));
        assert_eq!(
            fs::read(dir.path().join("b/inbox/in.csv")).ok(),
            Some(content)
        );
        assert_eq!(
            fs::read_dir(dir.path().join("b/inbox"))
                .map(Iterator::count)
                .ok(),
            Some(1)
        );
        assert!(matches!(
            inbox.put("in.csv", &blob, &blobs, || true),
            Err(MoveError::Stopped)
        ));
        assert_eq!(
            fs::read_dir(dir.path().join("b/inbox"))
                .map(Iterator::count)
                .ok(),
            Some(1)
        );
    }

    #[test]
    fn a_file_that_is_still_being_written_is_taken_whole() {
        let dir = scratch();
        let path = dir.path().join("growing.csv");
        assert!(fs::write(&path, b"").is_ok());
        let writer = std::thread::spawn(move || {
            for _ in 0..10 {
                let file = File::options().append(true).open(&path);
                assert!(file.and_then(|mut f| f.write_all(b"1,a\r\n")).is_ok());
                std::thread::sleep(Duration::from_millis(60));
            }
        });
        let blobs = Blobs::new(dir.path().join("blobs"));
        assert!(fs::create_dir(dir.path().join("blobs")).is_ok());
        let outbox = line(dir.path().to_owned(), false);
        outbox.settle("growing.csv", || false);
        let taken = outbox.take("growing.csv", &blobs, || false);
        assert!(writer.join().is_ok());
        assert!(matches!(taken, Ok(Ok(blob)) if blob.bytes == 50));
    }

    #[test]
    fn what_cannot_be_taken_or_put_is_a_fact() {
        let dir = scratch();
        let blobs = Blobs::new(dir.path().to_owned());
        let here = line(dir.path().to_owned(), false);
        let kind = |name: &str| match here.take(name, &blobs, || false) {
            Ok(Err(fault)) => Some(fault.kind),
            _ => None,
        };
        assert_eq!(kind("none.csv"), Some(FaultKind::FileMissing));
        assert!(fs::create_dir(dir.path().join("folder")).is_ok());
        assert_eq!(kind("folder"), Some(FaultKind::FileAccess));
        let Ok(blob) = blobs.put(b"x") else { panic!() };
        let nowhere = line(dir.path().join("nowhere"), false);
        let put = nowhere.put("x", &blob, &blobs, || false);
        assert!(matches!(put, Ok(Err(f)) if f.kind == FaultKind::FileMissing));
        assert!(fs::write(dir.path().join("file"), b"").is_ok());
        let put = line(dir.path().join("file/inbox"), true).put("x", &blob, &blobs, || false);
        assert!(
            matches!(put, Err(MoveError::Store(_))),
            "the run's own folder is the harness's matter"
        );
    }
}
