use serde::{Deserialize, Serialize};

/// How much a finding matters. Set by the pack or the agreement, never by the check that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Decides the verdict.
    Error,
    /// 警告: a recommendation missed; the verdict stays.
    Warning,
    /// 注意: worth knowing.
    Notice,
    /// Not reported.
    Off,
}

impl Level {
    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
            Self::Off => "off",
        }
    }
}
