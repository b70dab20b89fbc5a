//! Ways by which files move between systems. One variant a transport; folders now, object storage and SFTP beside them later.

mod beside;
mod folder;

use std::time::SystemTime;

use renkei_core::record::{BesideFile, Blob, Fault};

pub use folder::Folder;

use crate::error::RunError;
use crate::store::Blobs;

/// A place where files are taken from or put into. Its functions block: call them where blocking is allowed.
#[derive(Clone, Debug)]
pub enum Line {
    /// A folder of this machine or one that is mounted.
    Folder(Folder),
}

/// What a file looked like when it was looked at. Two equal looks in a row: nobody is writing it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Length in bytes.
    pub bytes: u64,
    /// When it was last changed.
    pub changed: Option<SystemTime>,
}

/// How moving a file went wrong without anybody's file being at fault.
#[derive(Debug)]
pub enum MoveError {
    /// The operator stopped it.
    Stopped,
    /// The run bundle could not be written.
    Store(Box<RunError>),
}

impl Line {
    /// Waits, within reason, until nobody seems to be writing a file any more.
    pub fn settle(&self, name: &str, stopped: impl Fn() -> bool) {
        match self {
            Self::Folder(folder) => folder.settle(name, stopped),
        }
    }

    /// Takes a file as it is into the bundle.
    ///
    /// # Errors
    /// The inner error is a fact about the file; the outer one keeps the harness from working.
    pub fn take(
        &self,
        name: &str,
        blobs: &Blobs,
        stopped: impl Fn() -> bool,
    ) -> Result<Result<Blob, Fault>, MoveError> {
        match self {
            Self::Folder(folder) => folder.take(name, blobs, stopped),
        }
    }

    /// Takes what lies beside a file: names that begin with its own, or with its own without the last extension, followed
    /// by a dot or nothing. `others` are names that stand for themselves. `None`: the place cannot be listed.
    ///
    /// # Errors
    /// As for [`Line::take`].
    pub fn beside(
        &self,
        name: &str,
        others: &[String],
        blobs: &Blobs,
        stopped: impl Fn() -> bool,
    ) -> Result<Option<Vec<BesideFile>>, MoveError> {
        match self {
            Self::Folder(folder) => folder.beside(name, others, blobs, stopped),
        }
    }

    /// Puts a file of the bundle into the place: first under a name with `.part`, then renamed, so that the receiver never
    /// sees half of it.
    ///
    /// # Errors
    /// The inner error is a fact about the place; the outer one keeps the harness from working.
    pub fn put(
        &self,
        name: &str,
        blob: &Blob,
        blobs: &Blobs,
        stopped: impl Fn() -> bool,
    ) -> Result<Result<(), Fault>, MoveError> {
        match self {
            Self::Folder(folder) => folder.put(name, blob, blobs, stopped),
        }
    }

    /// Looks at a file.
    ///
    /// # Errors
    /// The fault; a file that is not there is one too.
    pub fn look(&self, name: &str) -> Result<Look, Fault> {
        match self {
            Self::Folder(folder) => folder.look(name),
        }
    }
}
