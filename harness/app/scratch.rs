//! Scratch files for checks whose memory must stay bounded: created in the system's temporary folder, gone when dropped.

use std::io;

use renkei_core::scan::{Scratch, ScratchStream};

/// Scratch space on disk.
pub(crate) struct TempScratch(tempfile::TempDir);

impl TempScratch {
    /// A folder of its own in the system's temporary folder.
    pub(crate) fn new() -> io::Result<Self> {
        tempfile::Builder::new()
            .prefix("renkei-")
            .tempdir()
            .map(Self)
    }
}

impl Scratch for TempScratch {
    fn create(&self) -> io::Result<Box<dyn ScratchStream>> {
        Ok(Box::new(tempfile::tempfile_in(self.0.path())?))
    }
}
