//! A body while it comes: small ones in memory, large ones in a file beside the blobs, never more than the limit.

use std::io::{Read, Seek, SeekFrom, Write};

use renkei_core::record::Blob;
use renkei_core::spec::hex;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::secrets::Secrets;
use crate::error::RunError;
use crate::store::{Blobs, Later};

/// Up to here a body stays in memory, in bytes.
const IN_MEMORY: usize = 128 * 1024;
/// A stretch that is searched for secrets at a time, in bytes.
const WINDOW: usize = 1024 * 1024;
/// Longer secrets than this are not found across the border of two stretches.
const LONGEST_SECRET: usize = 16 * 1024;

/// A body while it comes.
#[derive(Default)]
pub(crate) struct Keep {
    memory: Vec<u8>,
    file: Option<NamedTempFile>,
    hash: Sha256,
    kept: u64,
    /// More came than is kept.
    pub(crate) cut: bool,
}

/// A body that was kept.
pub(crate) struct Kept {
    pub(crate) blob: Option<Blob>,
    pub(crate) redacted: bool,
}

impl Keep {
    /// Takes more bytes, up to `limit` in all.
    pub(crate) fn push(&mut self, bytes: &[u8], limit: u64, blobs: &Blobs) -> Result<(), RunError> {
        let room = usize::try_from(limit.saturating_sub(self.kept)).unwrap_or(usize::MAX);
        let part = bytes.get(..room).unwrap_or(bytes);
        self.cut |= part.len() < bytes.len();
        self.kept += part.len() as u64;
        if self.file.is_none() && self.memory.len() + part.len() > IN_MEMORY {
            let mut file = blobs.spool()?;
            self.hash.update(&self.memory);
            write(&mut file, &std::mem::take(&mut self.memory), blobs)?;
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => {
                self.hash.update(part);
                write(file, part, blobs)
            }
            None => {
                self.memory.extend_from_slice(part);
                Ok(())
            }
        }
    }

    /// The beginning, while all of it is in memory.
    pub(crate) fn in_memory(&self) -> &[u8] {
        &self.memory
    }

    /// Keeps the body as a blob, its secrets replaced. It belongs to a token call or not, and has this Content-Encoding.
    pub(crate) fn finish(
        self,
        (token, coding): (bool, Option<&str>),
        secrets: &Secrets,
        later: &mut Later,
    ) -> Result<Kept, RunError> {
        if self.kept == 0 {
            return Ok(Kept {
                blob: None,
                redacted: false,
            });
        }
        let Some(mut file) = self.file else {
            let shown = secrets.body(token, coding, &self.memory);
            let redacted = shown != self.memory.as_slice();
            return Ok(Kept {
                blob: Some(later.put(&shown)?),
                redacted,
            });
        };
        let blobs = later.blobs();
        let read = |e| RunError::reading(blobs.folder(), e);
        let file_read = file.as_file_mut();
        file_read.seek(SeekFrom::Start(0)).map_err(read)?;
        if !holds_secret(file_read, secrets).map_err(read)? {
            let blob = Blob {
                sha256: hex(&self.hash.finalize()),
                bytes: self.kept,
            };
            blobs.adopt(file, &blob)?;
            return Ok(Kept {
                blob: Some(blob),
                redacted: false,
            });
        }
        // Rare: a large body that repeats a token. Rewritten stretch by stretch, so that memory stays bounded.
        let mut clean = blobs.spool()?;
        let mut hash = Sha256::new();
        let mut bytes = 0;
        file_read.seek(SeekFrom::Start(0)).map_err(read)?;
        windows(file_read, &mut |window, fresh| {
            let shown = secrets.stretch(window, fresh);
            hash.update(&shown.0);
            bytes += shown.0.len() as u64;
            clean.write_all(&shown.0)?;
            Ok(shown.1)
        })
        .map_err(read)?;
        let blob = Blob {
            sha256: hex(&hash.finalize()),
            bytes,
        };
        blobs.adopt(clean, &blob)?;
        Ok(Kept {
            blob: Some(blob),
            redacted: true,
        })
    }
}

fn write(file: &mut NamedTempFile, bytes: &[u8], blobs: &Blobs) -> Result<(), RunError> {
    file.write_all(bytes)
        .map_err(|e| RunError::writing(blobs.folder(), e))
}

fn holds_secret(file: &mut std::fs::File, secrets: &Secrets) -> std::io::Result<bool> {
    let mut found = false;
    windows(file, &mut |window, fresh| {
        found |= secrets.stands_in(window);
        Ok(if fresh {
            window.len().saturating_sub(LONGEST_SECRET)
        } else {
            window.len()
        })
    })?;
    Ok(found)
}

/// Hands stretches to `each`, which says how many bytes of one it is done with; the rest comes again with the next. The
/// flag is true while more may follow.
fn windows(
    file: &mut std::fs::File,
    each: &mut dyn FnMut(&[u8], bool) -> std::io::Result<usize>,
) -> std::io::Result<()> {
    let mut window: Vec<u8> = Vec::new();
    loop {
        let before = window.len();
        let read = file.take((WINDOW) as u64).read_to_end(&mut window)?;
        let more = read == WINDOW;
        if window.is_empty() {
            return Ok(());
        }
        let done = each(&window, more)?.min(window.len());
        window.drain(..done);
        if !more || (done == 0 && before == 0 && read == 0) {
            return Ok(());
        }
    }
}
