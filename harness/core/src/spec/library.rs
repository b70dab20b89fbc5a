//! A folder of packs: finding one by id and version, and what it extends.

use super::extend::merged;
use super::{Files, Pack};
use crate::model::{Bilingual, Problem, Problems};

/// A folder of packs, `<id>/<version>/…`.
#[derive(Debug, Default)]
pub struct Library {
    files: Files,
}

impl Library {
    /// A library over files.
    pub fn new(files: Files) -> Self {
        Self { files }
    }

    /// Every `id@version`, the versions of an id in ascending order.
    pub fn coordinates(&self) -> Vec<String> {
        let ids = self.files.folders("");
        ids.iter()
            .flat_map(|id| {
                self.versions(id)
                    .into_iter()
                    .map(move |v| format!("{id}@{v}"))
            })
            .collect()
    }

    /// Versions of a pack, the latest last: runs of digits count as numbers, so that 10 comes behind 9.
    pub fn versions(&self, id: &str) -> Vec<String> {
        let mut versions = self.files.folders(id);
        versions.sort_by_key(|version| version_order(version));
        versions
    }

    /// Finds the folder of `id@version`; of `id` alone or `id@latest`, that of the highest version. A pack that extends
    /// another comes with what the other holds below its own.
    ///
    /// # Errors
    /// A problem of `asked_in` that lists what there is.
    pub fn find(&self, coordinate: &str, asked_in: &str) -> Result<(String, Files), Problem> {
        let (name, mut files) = self.folder(coordinate, asked_in)?;
        let mut chain = vec![name.clone()];
        let mut below = base_of(&files);
        while let Some(base) = below {
            let file = format!("{name}/pack.toml");
            let (found, other) = self.folder(&base, &file)?;
            if chain.contains(&found) {
                return Err(Problem::of_file(
                    file,
                    Bilingual::new(
                        format!("extends が輪になっています（{}）", chain.join(" → ")),
                        format!("`extends` goes in a circle: {}", chain.join(" → ")),
                    ),
                    Bilingual::new("extends を直します", "correct `extends`"),
                ));
            }
            below = base_of(&other);
            chain.push(found);
            files = merged(&other, &files);
        }
        Ok((name, files))
    }

    /// The files of one folder as they are.
    fn folder(&self, coordinate: &str, asked_in: &str) -> Result<(String, Files), Problem> {
        let (id, version) = coordinate.split_once('@').unwrap_or((coordinate, ""));
        let versions = self.versions(id);
        let version = match version {
            "" | "latest" => versions.last(),
            wanted => versions.iter().find(|v| *v == wanted),
        };
        match version {
            Some(version) => {
                let path = format!("{id}/{version}");
                Ok((format!("{id}@{version}"), self.files.below(&path)))
            }
            None => Err(Problem::of_file(
                asked_in,
                Bilingual::new(
                    format!("仕様パック \"{coordinate}\" がありません"),
                    format!("there is no pack \"{coordinate}\""),
                ),
                Bilingual::new(
                    format!("あるもの: {}", self.coordinates().join(", ")),
                    format!("there are: {}", self.coordinates().join(", ")),
                ),
            )),
        }
    }

    /// Loads a pack by its coordinate; what is wrong with it or with the coordinate becomes a problem.
    pub fn load(&self, coordinate: &str, asked_in: &str, problems: &mut Problems) -> Option<Pack> {
        match self.find(coordinate, asked_in) {
            Ok((name, files)) => Pack::load(&files, &name, problems),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }
}

/// The pack that a folder extends, if it does.
fn base_of(files: &Files) -> Option<String> {
    let text = std::str::from_utf8(files.get("pack.toml")?).ok()?;
    let table: toml::Table = toml::from_str(text).ok()?;
    let base = table.get("extends")?.as_str()?;
    (!base.is_empty()).then(|| base.to_owned())
}

/// Runs of digits as numbers (without leading zeros, by length first), the rest as text.
fn version_order(version: &str) -> Vec<(usize, String)> {
    let mut parts: Vec<(usize, String)> = Vec::new();
    for c in version.chars() {
        let digit = c.is_ascii_digit();
        match parts.last_mut() {
            Some((length, run)) if digit == (*length > 0) => {
                run.push(c);
                *length += usize::from(digit);
            }
            _ => parts.push((usize::from(digit), c.to_string())),
        }
    }
    for (length, run) in parts.iter_mut().filter(|(length, _)| *length > 0) {
        *run = run.trim_start_matches('0').to_owned();
        *length = run.len() + 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_version_is_the_highest_number() {
        let mut files = Files::new();
        for version in ["10", "9", "2.1", "2.0", "2023-09-29"] {
            files.insert(format!("p/{version}/pack.toml"), "");
        }
        let library = Library::new(files);
        assert_eq!(
            library.versions("p"),
            ["2.0", "2.1", "9", "10", "2023-09-29"]
        );
        let found = |coordinate| {
            library
                .find(coordinate, "x")
                .map(|f| f.0)
                .unwrap_or_default()
        };
        assert_eq!(
            (found("p"), found("p@latest"), found("p@9")),
            ("p@2023-09-29".into(), "p@2023-09-29".into(), "p@9".into())
        );
        assert!(library.find("p@3", "x").is_err() && library.find("q", "x").is_err());
    }
}
