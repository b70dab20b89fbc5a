//! Bodies that come faster than files can be made: they are written one behind the other into one file, and become blobs
//! when there is time. Whatever ends the process, they are there: opening the bundle makes blobs of what is left.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use renkei_core::record::Blob;
use renkei_core::spec::hex;
use sha2::{Digest, Sha256};

use super::blobs::Blobs;
use crate::error::RunError;

/// The file, beside the blobs; its name says that it is not one.
const NAME: &str = ".renkei-bodies.part";
/// So much is written at a time, in bytes.
const PIECE: usize = 256 * 1024;
/// Longest body that is taken, in bytes; what is longer has a file of its own from the beginning.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The writing end.
pub(crate) struct Later {
    blobs: Blobs,
    path: PathBuf,
    file: Option<File>,
    buffer: Vec<u8>,
    /// Bodies without a file of their own, and where they begin.
    waiting: VecDeque<(Blob, u64)>,
    end: u64,
    /// Make the blob at once: there is time.
    pub(crate) at_once: bool,
}

impl Later {
    pub(crate) fn new(blobs: &Blobs) -> Self {
        Self {
            path: blobs.folder().join(NAME),
            blobs: blobs.clone(),
            file: None,
            buffer: Vec::new(),
            waiting: VecDeque::new(),
            end: 0,
            at_once: true,
        }
    }

    /// The blobs that bodies become.
    pub(crate) fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// True when every body is a blob.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Keeps a body: as a blob at once, or here until there is time.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<Blob, RunError> {
        if self.at_once && self.is_empty() {
            return self.blobs.put_unsynced(bytes);
        }
        let blob = Blob {
            sha256: hex(&Sha256::digest(bytes)),
            bytes: bytes.len() as u64,
        };
        let head = format!("{} {}\n", blob.sha256, blob.bytes);
        self.buffer.extend_from_slice(head.as_bytes());
        self.buffer.extend_from_slice(bytes);
        let begins = self.end + head.len() as u64;
        self.end = begins + blob.bytes;
        self.waiting.push_back((blob.clone(), begins));
        if self.buffer.len() >= PIECE {
            self.write()?;
        }
        Ok(blob)
    }

    /// Hands what was taken to the system.
    pub(crate) fn write(&mut self) -> Result<(), RunError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let failed = |e| RunError::writing(&self.path, e);
        let file = match &mut self.file {
            Some(file) => file,
            empty => {
                let mut options = File::options();
                options.read(true).append(true).create(true);
                empty.insert(options.open(&self.path).map_err(failed)?)
            }
        };
        file.write_all(&self.buffer).map_err(failed)?;
        self.buffer.clear();
        Ok(())
    }

    /// Makes blobs of at most so many bodies.
    pub(crate) fn settle(&mut self, most: usize) -> Result<(), RunError> {
        self.write()?;
        let failed = |e| RunError::writing(&self.path, e);
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        for (blob, begins) in self.waiting.drain(..most.min(self.waiting.len())) {
            file.seek(SeekFrom::Start(begins)).map_err(failed)?;
            let mut bytes = Vec::new();
            file.take(blob.bytes)
                .read_to_end(&mut bytes)
                .map_err(failed)?;
            self.blobs.put_unsynced(&bytes)?;
        }
        if self.waiting.is_empty() && self.end > 0 {
            file.set_len(0).map_err(failed)?;
            self.end = 0;
        }
        Ok(())
    }

    /// Makes blobs of all, and leaves nothing behind.
    pub(crate) fn finish(&mut self) -> Result<(), RunError> {
        self.settle(usize::MAX)?;
        if self.file.take().is_some() {
            std::fs::remove_file(&self.path).map_err(|e| RunError::writing(&self.path, e))?;
        }
        Ok(())
    }
}

/// Makes blobs of what a run that ended suddenly left; what is torn is left out. The file stays: the run may still go on.
pub(super) fn recover(blobs: &Blobs) {
    let Ok(file) = File::open(blobs.folder().join(NAME)) else {
        return;
    };
    let mut reader = BufReader::new(file);
    while let Ok(Some((sha256, bytes))) = entry(&mut reader) {
        if hex(&Sha256::digest(&bytes)) != sha256 || blobs.put_unsynced(&bytes).is_err() {
            return;
        }
    }
}

fn entry(reader: &mut impl BufRead) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut head = Vec::new();
    reader.take(100).read_until(b'\n', &mut head)?;
    let head = String::from_utf8(head).unwrap_or_default();
    let Some((sha256, length)) = head.trim_end().split_once(' ') else {
        return Ok(None);
    };
    let length = length.parse::<u64>().ok().filter(|l| *l <= LONGEST);
    let Some(length) = length else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    Ok(Some((sha256.to_owned(), bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests_support::scratch;

    fn three(later: &mut Later) -> Result<Vec<Blob>, RunError> {
        let big = vec![7; PIECE + 1];
        [&b"one"[..], b"", &big]
            .iter()
            .map(|b| later.put(b))
            .collect()
    }

    #[test]
    fn bodies_become_blobs_when_there_is_time() -> Result<(), RunError> {
        let dir = scratch();
        let blobs = Blobs::new(dir.path().to_owned());
        let mut later = Later::new(&blobs);
        later.at_once = false;
        let kept = three(&mut later)?;
        assert!(blobs.open(&kept[0]).is_err());
        later.settle(1)?;
        assert_eq!(blobs.bytes(&kept[0], 99)?, b"one");
        later.at_once = true;
        kept.iter().for_each(drop);
        later.put(b"four")?; // behind the others, so that none waits for ever
        later.finish()?;
        assert_eq!(blobs.bytes(&kept[2], u64::MAX)?.len(), PIECE + 1);
        let files = std::fs::read_dir(dir.path()).map(Iterator::count);
        assert_eq!(files.ok(), Some(4));
        Ok(())
    }

    #[test]
    fn what_a_sudden_end_leaves_is_found_again() -> Result<(), RunError> {
        let dir = scratch();
        let blobs = Blobs::new(dir.path().to_owned());
        let mut later = Later::new(&blobs);
        later.at_once = false;
        let kept = three(&mut later)?;
        later.write()?;
        drop(later);
        let path = dir.path().join(NAME);
        let bytes = std::fs::read(&path).unwrap_or_default();
        let torn = bytes.get(..bytes.len() - 1).unwrap_or_default();
        std::fs::write(&path, torn).map_err(|e| RunError::writing(&path, e))?;
        recover(&blobs);
        assert_eq!(blobs.bytes(&kept[0], 99)?, b"one");
        assert!(blobs.open(&kept[2]).is_err(), "it is not whole");
        std::fs::write(&path, &bytes).map_err(|e| RunError::writing(&path, e))?;
        recover(&blobs);
        assert!(blobs.open(&kept[2]).is_ok());
        Ok(())
    }
}
