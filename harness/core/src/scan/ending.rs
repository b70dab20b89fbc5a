//! What stands behind a record: newlines as they are in the file.

use crate::spec::layout::Newline;

/// A newline as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Crlf,
    Lf,
    Cr,
    /// The file ends here.
    Nothing,
    /// The record is longer than a record may be; it was cut.
    Endless,
}

impl Ending {
    /// Length in bytes.
    pub(super) fn len(self) -> usize {
        match self {
            Self::Crlf => 2,
            Self::Lf | Self::Cr => 1,
            Self::Nothing | Self::Endless => 0,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Crlf => "crlf",
            Self::Lf => "lf",
            Self::Cr => "cr",
            Self::Nothing | Self::Endless => "none",
        }
    }

    /// True when it is what was agreed.
    pub(super) fn is(self, agreed: Newline) -> bool {
        matches!(
            (self, agreed),
            (Self::Crlf, Newline::Crlf | Newline::Any)
                | (Self::Lf, Newline::Lf | Newline::Any)
                | (Self::Cr, Newline::Cr | Newline::Any)
        )
    }
}

/// The newline at `at`; `None` when a CR is the last byte there is.
pub(super) fn ending(bytes: &[u8], at: usize, whole: bool) -> Option<Ending> {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\n'), _) => Some(Ending::Lf),
        (Some(b'\r'), Some(b'\n')) => Some(Ending::Crlf),
        (Some(b'\r'), None) if !whole => None,
        (Some(b'\r'), _) => Some(Ending::Cr),
        _ => Some(Ending::Nothing),
    }
}
