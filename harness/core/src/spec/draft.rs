//! A pack as far as it can be read: what `renkei spec lint` judges. Nothing is left out because something else is wrong.

use serde_json::Value;

use super::api::read_document;
use super::{Files, Pack};
use crate::model::Problems;

/// A pack under review.
#[derive(Debug)]
pub struct Draft {
    /// How places name the folder: `id@version`.
    pub name: String,
    /// Its files.
    pub files: Files,
    /// What could be read. Layouts with mistakes are here, too, as far as they could be read.
    pub pack: Pack,
    /// OpenAPI documents, whatever they describe: API id, file, document.
    pub documents: Vec<(String, String, Value)>,
    /// What the loader says of it.
    pub problems: Problems,
}

impl Draft {
    /// Reads what there is.
    pub fn read(files: Files, name: &str) -> Self {
        let mut problems = Problems::new();
        let pack = Pack::read(&files, name, &mut problems);
        let mut documents = Vec::new();
        for id in files.below("apis").folders("") {
            for file in ["openapi.yaml", "openapi.yml", "openapi.json"] {
                let path = format!("apis/{id}/{file}");
                let document = files
                    .get(&path)
                    .and_then(|bytes| read_document(&path, bytes));
                documents.extend(document.map(|d| (id.clone(), path.clone(), d)));
            }
        }
        Self {
            name: name.to_owned(),
            files,
            pack,
            documents,
            problems,
        }
    }

    /// A file of the pack as places name it.
    pub fn file(&self, path: &str) -> String {
        format!("{}/{path}", self.name)
    }

    /// The text of a file, empty when it is not there or not UTF-8.
    pub fn text(&self, path: &str) -> &str {
        let bytes = self.files.get(path).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// 1-based line and column of the first place of `near` at or behind byte `from` of a file; nothing when it is not there.
    pub fn place(&self, path: &str, near: &str, from: usize) -> Option<(usize, usize)> {
        let text = self.text(path);
        let at = from + text.get(from..)?.find(near)?;
        let before = text.get(..at)?;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Some((before.matches('\n').count() + 1, column))
    }
}
