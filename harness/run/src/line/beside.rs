//! What lies beside a file in a folder: marks that it is complete, digests.

use renkei_core::record::BesideFile;

use super::{Folder, MoveError};
use crate::store::Blobs;

/// Most files that are taken, and the largest in bytes whose content is: marks and digests are few and small.
const MOST: usize = 8;
const LARGEST: u64 = 64 * 1024;

/// Endings of files that are still being written.
const UNFINISHED: &[&str] = &[".part", ".tmp", ".filepart"];

impl Folder {
    pub(super) fn beside(
        &self,
        name: &str,
        others: &[String],
        blobs: &Blobs,
        stopped: impl Fn() -> bool,
    ) -> Result<Option<Vec<BesideFile>>, MoveError> {
        let Ok(entries) = std::fs::read_dir(&self.path) else {
            return Ok(None);
        };
        let names = entries
            .flatten()
            .filter_map(|e| e.file_name().into_string().ok());
        let mut names: Vec<String> = names
            .filter(|other| goes_with(name, other) && !others.contains(other))
            .collect();
        names.sort();
        let mut found = Vec::new();
        for beside in names {
            let Ok(look) = self.look(&beside) else {
                continue;
            };
            if found.len() == MOST {
                break;
            }
            let content = match look.bytes <= LARGEST {
                true => self.take(&beside, blobs, &stopped)?.ok(),
                false => None,
            };
            found.push(BesideFile {
                name: beside,
                bytes: look.bytes,
                content,
            });
        }
        Ok(Some(found))
    }
}

/// True for a name that belongs to a data file: `a.csv` has `a.csv.sha256`, `a.end` and `a`.
fn goes_with(file: &str, other: &str) -> bool {
    let lower = other.to_ascii_lowercase();
    if other == file || UNFINISHED.iter().any(|end| lower.ends_with(end)) {
        return false;
    }
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    [file, stem].into_iter().any(|own| {
        let rest = other.strip_prefix(own).filter(|_| !own.is_empty());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests_support::scratch;

    #[test]
    fn only_what_bears_the_name_goes_with_a_file() {
        for (other, wanted) in [
            ("a_1.csv.sha256", true),
            ("a_1.end", true),
            ("a_1", true),
            ("a_1.csv", false),
            ("a_10.csv", false),
            ("a_1.csv.part", false),
            ("b.end", false),
        ] {
            assert_eq!(goes_with("a_1.csv", other), wanted, "{other}");
        }
    }

    #[test]
    fn marks_and_digests_are_taken() {
        let dir = scratch();
        let blobs = Blobs::new(dir.path().to_owned());
        let folder = Folder {
            path: dir.path().to_owned(),
            own: false,
        };
        for (name, content) in [
            ("a.csv", "x"),
            ("a.end", ""),
            ("a.csv.sha256", "00"),
            ("a.dat", "y"),
        ] {
            assert!(std::fs::write(dir.path().join(name), content).is_ok());
        }
        let others = ["a.dat".to_owned()];
        let Ok(Some(found)) = folder.beside("a.csv", &others, &blobs, || false) else {
            panic!("the folder can be listed")
        };
        let told: Vec<_> = found.iter().map(|b| (b.name.as_str(), b.bytes)).collect();
        assert_eq!(told, [("a.csv.sha256", 2), ("a.end", 0)]);
        assert!(found.iter().all(|b| b.content.is_some()));
    }
}
