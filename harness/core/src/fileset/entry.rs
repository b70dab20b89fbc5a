//! A file of the set, wherever it lies.

use std::cell::RefCell;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::unpacked::Span;
use super::{Bytes, SetJob};
use crate::spec::hex;
use crate::spec::layout::Layout;

/// A file of the set.
pub(super) struct Entry {
    /// Name as people know it; `archive!/name` in an archive.
    pub(super) name: String,
    /// Name without folder and archive.
    pub(super) base: String,
    /// Names without folder of the archives it lies in, the outermost first.
    pub(super) archives: Vec<String>,
    /// Length in bytes.
    pub(super) bytes: u64,
    /// It was unpacked; what is in it are entries of their own.
    pub(super) is_archive: bool,
    /// It is an archive that could not be unpacked.
    pub(super) is_broken: bool,
    /// Layout that somebody assigned.
    pub(super) layout: Option<String>,
    pub(super) place: Place,
    /// SHA-256 once it was computed.
    pub(super) digest: RefCell<String>,
}

/// Where its bytes are.
#[derive(Clone)]
pub(super) enum Place {
    /// Number in the job.
    Given(usize),
    /// Unpacked to scratch.
    Unpacked(Span),
}

impl Entry {
    /// The name without folder that a layout's names are compared with: its own, or that of the archive around it where that
    /// alone follows them.
    pub(super) fn name_for(&self, layout: &Layout) -> &str {
        let own = self.base.as_str();
        let Some(pattern) = &layout.name_pattern else {
            return own;
        };
        let mut names = std::iter::once(own).chain(self.archives.iter().rev().map(String::as_str));
        names
            .find(|name| pattern.parts(name).is_some())
            .unwrap_or(own)
    }

    /// Where it was unpacked to.
    pub(super) fn inside(&self) -> Option<Span> {
        match &self.place {
            Place::Given(_) => None,
            Place::Unpacked(span) => Some(span.clone()),
        }
    }

    pub(super) fn open<'a>(&self, job: &SetJob<'a>) -> io::Result<Box<dyn Bytes + 'a>> {
        match &self.place {
            Place::Given(file) => job.source.open(*file),
            Place::Unpacked(span) => Ok(Box::new(span.reader())),
        }
    }

    /// The SHA-256 of its bytes, lower-case hex.
    pub(super) fn sha256(&self, job: &SetJob<'_>) -> io::Result<String> {
        let known = self.digest.borrow().clone();
        if !known.is_empty() {
            return Ok(known);
        }
        let mut hasher = Sha256::new();
        let mut input = self.open(job)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match input.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => hasher.update(buffer.get(..n).unwrap_or(&[])),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let digest = hex(&hasher.finalize());
        self.digest.replace(digest.clone());
        Ok(digest)
    }
}

/// The last part of a path, whichever slash it is written with.
pub(super) fn base_of(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}
