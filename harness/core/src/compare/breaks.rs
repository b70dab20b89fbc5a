//! Whose implementation a change breaks. The table is `breaks.csv`, for people to review: what changed, in which
//! direction, in a file or in JSON, whom it breaks, and why.
//!
//! A party is broken when its implementation, right under the old specification, no longer works with a counterpart
//! that follows the new one. In a file and in a response the provider writes and the consumer reads; in a request the
//! consumer writes and the provider reads.

use super::change::{Delta, Kind};
use crate::model::Bilingual;

/// Who breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breaks {
    /// Nobody.
    None,
    /// 提供側.
    Provider,
    /// 利用側.
    Consumer,
    /// Both.
    Both,
}

impl Breaks {
    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Provider => "provider",
            Self::Consumer => "consumer",
            Self::Both => "both",
        }
    }

    /// The word for people.
    pub fn label(self) -> Bilingual {
        match self {
            Self::None => Bilingual::new("影響なし", "nobody"),
            Self::Provider => Bilingual::new("提供側", "provider"),
            Self::Consumer => Bilingual::new("利用側", "consumer"),
            Self::Both => Bilingual::new("両側", "both"),
        }
    }
}

/// Which way the data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// In a file without names in it.
    File,
    /// In a file with a header row.
    NamedFile,
    /// In a request.
    Request,
    /// In a response.
    Response,
}

impl Flow {
    fn carrier(self) -> &'static str {
        match self {
            Self::File | Self::NamedFile => "file",
            Self::Request | Self::Response => "json",
        }
    }

    fn writer(self) -> Breaks {
        if self == Self::Request {
            Breaks::Consumer
        } else {
            Breaks::Provider
        }
    }

    fn reader(self) -> Breaks {
        if self == Self::Request {
            Breaks::Provider
        } else {
            Breaks::Consumer
        }
    }
}

/// Whom a change breaks and why.
pub(super) fn classify(kind: Kind, delta: Delta, flow: Flow) -> (Breaks, Bilingual) {
    let unclassified = || {
        let text = Bilingual::new(
            "分類表にない変更",
            "a change that the table does not classify",
        );
        (Breaks::Both, text)
    };
    let Some(row) = row(kind.as_str(), delta.as_str(), flow.carrier()) else {
        return unclassified();
    };
    let breaks = match row.breaks {
        "none" => Breaks::None,
        "writer" => flow.writer(),
        "reader" => flow.reader(),
        "provider" => Breaks::Provider,
        "consumer" => Breaks::Consumer,
        _ => Breaks::Both,
    };
    (breaks, Bilingual::new(row.ja, row.en))
}

struct Row {
    breaks: &'static str,
    ja: &'static str,
    en: &'static str,
}

fn row(kind: &str, delta: &str, carrier: &str) -> Option<Row> {
    include_str!("breaks.csv").lines().skip(1).find_map(|line| {
        let mut cells = line.splitn(6, ',');
        let fits = cells.next()? == kind && cells.next()? == delta;
        let on = cells.next()?;
        (fits && (on == "*" || on == carrier)).then_some(())?;
        Some(Row {
            breaks: cells.next()?,
            ja: cells.next()?,
            en: cells.next()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed_and_names_every_kind() {
        let mut seen = std::collections::BTreeSet::new();
        for line in include_str!("breaks.csv").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), 6, "{line}");
            assert!(
                ["none", "writer", "reader", "provider", "consumer", "both"].contains(&cells[3]),
                "{line}"
            );
            assert!(["*", "file", "json"].contains(&cells[2]), "{line}");
            assert!(Kind::ALL.iter().any(|k| k.as_str() == cells[0]), "{line}");
            assert!(Delta::ALL.iter().any(|d| d.as_str() == cells[1]), "{line}");
            assert!(seen.insert(cells[..3].join(",")), "{line} twice");
        }
        for kind in Kind::ALL {
            assert!(
                seen.iter()
                    .any(|row| row.split(',').next() == Some(kind.as_str())),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn writers_and_readers_change_places_with_the_flow() {
        let longer = |flow| classify(Kind::Length, Delta::Looser, flow).0;
        assert_eq!(longer(Flow::File), Breaks::Consumer);
        assert_eq!(longer(Flow::Request), Breaks::Provider);
        assert_eq!(longer(Flow::Response), Breaks::Consumer);
        assert_eq!(
            classify(Kind::Added, Delta::Required, Flow::Request).0,
            Breaks::Consumer
        );
        assert_eq!(
            classify(Kind::Added, Delta::Added, Flow::Response).0,
            Breaks::None
        );
        assert_eq!(
            classify(Kind::Removed, Delta::Required, Flow::Response).0,
            Breaks::Consumer
        );
    }
}
