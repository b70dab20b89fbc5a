//! `agreement-implications.csv`: answers that exclude each other.

use serde::Deserialize;

use super::Expression;
use super::table::{rows, wrong};
use crate::model::{Bilingual, Problems};

/// One choice and what it implies for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Implication {
    /// Id, unique in the catalogue.
    pub id: String,
    /// When this holds …
    pub when: Expression,
    /// … that must hold, too.
    pub then: Expression,
    /// Why both cannot be.
    pub message: Bilingual,
    /// Document and clause, or the fact it rests on.
    pub source: String,
}

impl Implication {
    /// The names it looks at, those of `then` first: that is where people will look for the mistake.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.then.names().iter().chain(self.when.names()) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    when: String,
    then: String,
    message_ja: String,
    message_en: String,
    source: String,
}

pub(super) fn load(file: &str, bytes: &[u8], problems: &mut Problems) -> Vec<Implication> {
    let mut implications = Vec::new();
    for (line, row) in rows::<Row>(file, bytes, problems) {
        match (Expression::parse(&row.when), Expression::parse(&row.then)) {
            (Ok(when), Ok(then)) => implications.push(Implication {
                id: row.id,
                when,
                then,
                message: Bilingual::new(row.message_ja, row.message_en),
                source: row.source,
            }),
            (when, then) => {
                for (message, _) in [when.err(), then.err()].into_iter().flatten() {
                    problems.push(wrong(file, line, message));
                }
            }
        }
    }
    implications
}
