//! The ledger of a pack, `requirements.csv`: what the source document demands, which rules judge it, and what is not tested.

use super::layout::unreadable;
use crate::model::{Bilingual, Problem, Problems};

/// One requirement of the source document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Unique in the pack; `pack@version#id` in findings.
    pub id: String,
    /// How strongly it is put.
    pub verb: Verb,
    /// Whom it binds: `sender`, `receiver`, `provider`, `consumer`, `both`.
    pub party: String,
    /// When it applies; empty: always.
    pub condition: String,
    /// Sheet and cells, or document and section.
    pub clause: String,
    /// What it asks, in our own words.
    pub text: Bilingual,
    /// Where it applies: `LAYOUT`, `LAYOUT/FIELD`, `/FIELD` (any layout) or `API`; empty: everywhere.
    pub scope: Vec<String>,
    /// Codes of the rules that judge it.
    pub tested_by: Vec<String>,
    /// Why nothing, or not all of it, is tested.
    pub not_tested: String,
    /// Document of the clause; empty: the document of the pack.
    pub source: String,
    /// How sure the fact is.
    pub certainty: Certainty,
    /// 1-based line in the ledger.
    pub line: usize,
}

/// How strongly a requirement is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// しなければならない・すること.
    Must,
    /// してはならない.
    MustNot,
    /// することが望ましい.
    Should,
    /// できる.
    May,
}

impl Verb {
    /// The word in ledgers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::MustNot => "must not",
            Self::Should => "should",
            Self::May => "may",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "must" | "shall" | "しなければならない" | "すること" => Self::Must,
            "must not" | "shall not" | "してはならない" => Self::MustNot,
            "should" | "望ましい" => Self::Should,
            "may" | "できる" => Self::May,
            _ => return None,
        })
    }
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The text of the source was read.
    Confirmed,
    /// Seen only through somebody else's description.
    SecondHand,
    /// General knowledge, not verified.
    Recalled,
}

impl Certainty {
    /// The word in ledgers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::SecondHand => "second-hand",
            Self::Recalled => "recalled",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "" | "confirmed" => Self::Confirmed,
            "second-hand" => Self::SecondHand,
            "recalled" => Self::Recalled,
            _ => return None,
        })
    }
}

impl Requirement {
    /// True when a finding of `rule` at `field` of the layout or API `place` breaks this requirement.
    pub fn is_broken_by(&self, rule: &str, place: &str, field: &str) -> bool {
        // Elements of lists are `*` in scopes.
        let generic: Vec<&str> = field
            .split('/')
            .map(|step| match step.bytes().all(|b| b.is_ascii_digit()) {
                true if !step.is_empty() => "*",
                _ => step,
            })
            .collect();
        let generic = generic.join("/");
        let covers = |scope: &String| match scope.split_once('/') {
            None => scope == place,
            Some((of, wanted)) => {
                let same = field == wanted
                    || generic == wanted
                    || field.split_once('.').is_some_and(|f| f.1 == wanted);
                (of.is_empty() || of == place) && same
            }
        };
        self.tested_by.iter().any(|code| code == rule)
            && (self.scope.is_empty() || self.scope.iter().any(covers))
    }
}

/// Columns of `requirements.csv`, in the order in which we write them.
pub const REQUIREMENT_COLUMNS: [&str; 12] = [
    "id",
    "verb",
    "party",
    "condition",
    "clause",
    "text_ja",
    "text_en",
    "scope",
    "tested_by",
    "not_tested",
    "source",
    "certainty",
];
const PARTIES: &[&str] = &["sender", "receiver", "provider", "consumer", "both"];

/// Reads `requirements.csv`; every mistake is told at its line.
pub fn load_requirements(file: &str, bytes: &[u8], problems: &mut Problems) -> Vec<Requirement> {
    let Some(text) = super::utf8(file, bytes, problems) else {
        return Vec::new();
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns = match reader.headers() {
        Ok(columns) => columns.clone(),
        Err(error) => {
            problems.push(unreadable(file, &error));
            return Vec::new();
        }
    };
    check_columns(file, &columns, problems);
    let mut found: Vec<Requirement> = Vec::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                problems.push(unreadable(file, &error));
                continue;
            }
        };
        let line = row.position().map_or(0, |p| p.line());
        let line = usize::try_from(line).unwrap_or(0);
        let cell = |name: &str| {
            let at = columns.iter().position(|c| c.trim() == name);
            at.and_then(|at| row.get(at))
                .unwrap_or("")
                .trim()
                .to_owned()
        };
        let mut told = |rule: &str, message| {
            let help = Bilingual::new(
                "specs/README.md「requirements.csv」",
                "specs/README.md, requirements.csv",
            );
            let problem = Problem {
                line,
                ..Problem::of_file(file, message, help)
            };
            problems.push(problem.of_rule(rule));
        };
        let requirement = requirement(&cell, line, &mut |message| told("", message));
        if found.iter().any(|r| r.id == requirement.id) {
            let id = &requirement.id;
            told(
                "SPC-005",
                Bilingual::new(
                    format!("要件「{id}」が2回あります"),
                    format!("requirement `{id}` appears twice"),
                ),
            );
        }
        found.push(requirement);
    }
    found
}

fn check_columns(file: &str, columns: &csv::StringRecord, problems: &mut Problems) {
    let known = REQUIREMENT_COLUMNS.join(",");
    let help = Bilingual::new(format!("列: {known}"), format!("columns: {known}"));
    let mut told = |message| {
        problems.push(Problem {
            line: 1,
            ..Problem::of_file(file, message, help.clone())
        });
    };
    for column in columns
        .iter()
        .filter(|c| !REQUIREMENT_COLUMNS.contains(&c.trim()))
    {
        told(Bilingual::new(
            format!("「{column}」という列はありません"),
            format!("there is no column `{column}`"),
        ));
    }
    for needed in ["id", "verb", "party"] {
        if !columns.iter().any(|c| c.trim() == needed) {
            told(Bilingual::new(
                format!("列 {needed} がありません"),
                format!("the column `{needed}` is missing"),
            ));
        }
    }
}

fn requirement(
    cell: &dyn Fn(&str) -> String,
    line: usize,
    told: &mut dyn FnMut(Bilingual),
) -> Requirement {
    let words = |text: String| text.split_whitespace().map(str::to_owned).collect();
    let (verb, party, certainty) = (cell("verb"), cell("party"), cell("certainty"));
    if cell("id").is_empty() {
        told(Bilingual::new("id が空です", "`id` is empty"));
    }
    if Verb::parse(&verb).is_none() {
        told(Bilingual::new(
            format!("verb に「{verb}」は使えません（must, must not, should, may）"),
            format!("`{verb}` is not a verb; use must, must not, should, may"),
        ));
    }
    if !PARTIES.contains(&party.as_str()) {
        let known = PARTIES.join(", ");
        told(Bilingual::new(
            format!("party に「{party}」は使えません（{known}）"),
            format!("`{party}` is not a party; use {known}"),
        ));
    }
    if Certainty::parse(&certainty).is_none() {
        told(Bilingual::new(
            format!("certainty に「{certainty}」は使えません（confirmed, second-hand, recalled）"),
            format!("`{certainty}` is not a certainty; use confirmed, second-hand, recalled"),
        ));
    }
    Requirement {
        id: cell("id"),
        verb: Verb::parse(&verb).unwrap_or(Verb::Must),
        party,
        condition: cell("condition"),
        clause: cell("clause"),
        text: Bilingual::new(cell("text_ja"), cell("text_en")),
        scope: words(cell("scope")),
        tested_by: words(cell("tested_by")),
        not_tested: cell("not_tested"),
        source: cell("source"),
        certainty: Certainty::parse(&certainty).unwrap_or(Certainty::Recalled),
        line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_say_what_a_finding_breaks() {
        let mut problems = Problems::new();
        let text = "id,verb,party,scope,tested_by\na,must,sender,,VAL-003\nb,must,sender,kihon/shimei,VAL-003 VAL-004\n\
                    c,may,both,/koza,VAL-005\na,will,nobody,,\n";
        let found = load_requirements("r.csv", text.as_bytes(), &mut problems);
        let broken = |rule, place, field| {
            let ids: Vec<&str> = found
                .iter()
                .filter(|r| r.is_broken_by(rule, place, field))
                .map(|r| r.id.as_str())
                .collect();
            ids.join(" ")
        };
        assert_eq!(broken("VAL-003", "kihon", "shimei"), "a b");
        assert_eq!(broken("VAL-003", "other", "shimei"), "a");
        assert_eq!(broken("VAL-005", "furikae", "D.koza"), "c");
        assert_eq!(broken("VAL-004", "kihon", "jusho"), "");
        let told: Vec<(usize, &str)> = problems.iter().map(|p| (p.line, p.rule.as_str())).collect();
        assert_eq!(told, [(5, ""), (5, ""), (5, "SPC-005")]);
    }
}
