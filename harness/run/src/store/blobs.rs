use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use renkei_core::record::Blob;
use renkei_core::spec::hex;
use sha2::{Digest, Sha256};

use super::file::beside;
use crate::error::RunError;

/// Bytes kept by digest. A plain handle: several may point to one folder.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

/// Why bytes were not kept.
#[derive(Debug)]
pub enum PutError {
    /// The source could not be read: a fact about the source.
    Source(io::Error),
    /// The caller said stop.
    Stopped,
    /// The bundle could not be written.
    Store(Box<RunError>),
}

/// Large enough to hash at full speed, small enough that a stop is noticed at once.
const CHUNK: usize = 256 * 1024;

impl Blobs {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Keeps bytes.
    ///
    /// # Errors
    /// The bundle cannot be written.
    pub fn put(&self, bytes: &[u8]) -> Result<Blob, RunError> {
        match self.put_reader(bytes, || false) {
            Ok(blob) => Ok(blob),
            Err(PutError::Store(error)) => Err(*error),
            Err(PutError::Source(error)) => Err(RunError::writing(&self.folder, error)),
            Err(PutError::Stopped) => Err(RunError::writing(
                &self.folder,
                io::ErrorKind::Interrupted.into(),
            )),
        }
    }

    /// Keeps all that `source` gives, hashing on the way; memory does not grow with it. `stopped` is asked between chunks.
    ///
    /// # Errors
    /// See [`PutError`]; nothing is kept then.
    pub fn put_reader(
        &self,
        mut source: impl Read,
        stopped: impl Fn() -> bool,
    ) -> Result<Blob, PutError> {
        let failed = |e| PutError::Store(Box::new(RunError::writing(&self.folder, e)));
        let mut file = beside(&self.folder).map_err(failed)?;
        let mut hash = Sha256::new();
        let mut bytes = 0_u64;
        let mut chunk = vec![0; CHUNK];
        loop {
            if stopped() {
                return Err(PutError::Stopped);
            }
            let read = match source.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => chunk.get(..read).unwrap_or_default(),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(PutError::Source(e)),
            };
            hash.update(read);
            file.write_all(read).map_err(failed)?;
            bytes += read.len() as u64;
        }
        let blob = Blob {
            sha256: hex(&hash.finalize()),
            bytes,
        };
        let place = self.folder.join(&blob.sha256);
        if std::fs::metadata(&place).is_ok_and(|m| m.is_file() && m.len() == bytes) {
            return Ok(blob);
        }
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&place).map_err(|e| failed(e.error))?;
        Ok(blob)
    }

    /// Keeps bytes without waiting for the medium: for traffic that must not wait. They survive the end of the process, not
    /// a loss of power before the system wrote them.
    ///
    /// # Errors
    /// The bundle cannot be written.
    pub(crate) fn put_unsynced(&self, bytes: &[u8]) -> Result<Blob, RunError> {
        let blob = Blob {
            sha256: hex(&Sha256::digest(bytes)),
            bytes: bytes.len() as u64,
        };
        let place = self.folder.join(&blob.sha256);
        let failed = |e| RunError::writing(&self.folder, e);
        // Straight into its place: a file beside it and a renaming would double the cost. What a sudden end leaves
        // half-written is not as long as its event says, and `renkei verify` tells.
        match File::create_new(&place) {
            Ok(mut file) => {
                if let Err(error) = file.write_all(bytes) {
                    let _ = std::fs::remove_file(&place);
                    return Err(failed(error));
                }
                return Ok(blob);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        if std::fs::metadata(&place).is_ok_and(|m| m.is_file() && m.len() == blob.bytes) {
            return Ok(blob);
        }
        let mut file = beside(&self.folder).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        file.persist(&place).map_err(|e| failed(e.error))?;
        Ok(blob)
    }

    /// A file beside the blobs for bytes that are still coming.
    pub(crate) fn spool(&self) -> Result<tempfile::NamedTempFile, RunError> {
        beside(&self.folder).map_err(|e| RunError::writing(&self.folder, e))
    }

    /// Makes a spooled file a blob.
    pub(crate) fn adopt(&self, file: tempfile::NamedTempFile, blob: &Blob) -> Result<(), RunError> {
        file.persist(self.folder.join(&blob.sha256))
            .map(|_| ())
            .map_err(|e| RunError::writing(&self.folder, e.error))
    }

    /// Where a blob lies.
    ///
    /// # Errors
    /// The digest is not one: a bundle from elsewhere must not lead out of its folder.
    pub(crate) fn path(&self, sha256: &str) -> Result<PathBuf, io::Error> {
        let is_digest = sha256.len() == 64
            && sha256
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if is_digest {
            Ok(self.folder.join(sha256))
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a SHA-256 in lower-case hex",
            ))
        }
    }

    /// Opens a blob for reading.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn open(&self, blob: &Blob) -> Result<File, RunError> {
        let at = |e| RunError::reading(&self.folder.join(&blob.sha256), e);
        let path = self.path(&blob.sha256).map_err(at)?;
        File::open(path).map_err(at)
    }

    /// The bytes of a blob, at most `limit` of them.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn bytes(&self, blob: &Blob, limit: u64) -> Result<Vec<u8>, RunError> {
        let mut out = Vec::new();
        self.open(blob)?
            .take(limit)
            .read_to_end(&mut out)
            .map_err(|e| RunError::reading(&self.folder.join(&blob.sha256), e))?;
        Ok(out)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// SHA-256 of a whole file in lower-case hex, and its length in bytes.
///
/// # Errors
/// The file cannot be read.
pub fn digest_of_file(path: &Path) -> io::Result<Blob> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        hash.update(chunk.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
    Ok(Blob {
        sha256: hex(&hash.finalize()),
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests_support::scratch;

    struct Breaks;
    impl Read for Breaks {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("bad sector"))
        }
    }

    #[test]
    fn equal_bytes_are_kept_once_and_read_back() -> Result<(), RunError> {
        let dir = scratch();
        let blobs = Blobs::new(dir.path().to_owned());
        let one = blobs.put("髙﨑".as_bytes())?;
        assert_eq!(one, blobs.put("髙﨑".as_bytes())?);
        assert_eq!(
            std::fs::read_dir(dir.path()).map(Iterator::count).ok(),
            Some(1)
        );
        assert_eq!(blobs.bytes(&one, 99)?, "髙﨑".as_bytes());
        assert_eq!(blobs.bytes(&one, 3)?, "髙".as_bytes());
        assert_eq!(
            blobs.put(b"")?.sha256,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        Ok(())
    }

    #[test]
    fn a_broken_source_or_a_stop_leaves_nothing() {
        let dir = scratch();
        let blobs = Blobs::new(dir.path().to_owned());
        assert!(matches!(
            blobs.put_reader(Breaks, || false),
            Err(PutError::Source(_))
        ));
        assert!(matches!(
            blobs.put_reader(&b"abc"[..], || true),
            Err(PutError::Stopped)
        ));
        assert_eq!(
            std::fs::read_dir(dir.path()).map(Iterator::count).ok(),
            Some(0)
        );
    }

    #[test]
    fn a_digest_cannot_lead_out_of_the_folder() {
        let blobs = Blobs::new("blobs".into());
        let outside = Blob {
            sha256: "../header.json".to_owned(),
            bytes: 1,
        };
        assert!(blobs.open(&outside).is_err());
    }
}
