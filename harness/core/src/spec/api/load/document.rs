//! Reads the bytes of an OpenAPI 3.0 or 3.1 document, YAML or JSON, and checks its version and shape.

use serde_json::Value;

use crate::model::{Bilingual, Problem, Problems};

/// The document as a value; absent when there is a problem.
pub(super) fn read(file: &str, text: &str, problems: &mut Problems) -> Option<Value> {
    let json = file.to_ascii_lowercase().ends_with(".json");
    let document = if json {
        parse_json::<Value>(file, text, problems)?
    } else {
        // Through a mapping that refuses repeated keys: JSON values would take the last one silently.
        parse_yaml::<yaml_serde::Value>(file, text, problems)?;
        parse_yaml::<Value>(file, text, problems)?
    };
    let version = document
        .get("openapi")
        .and_then(Value::as_str)
        .unwrap_or("");
    let known = ["3.0.", "3.1.", "3.2."]
        .iter()
        .any(|v| version.starts_with(v));
    if !known {
        problems.push(Problem::at_byte(
            file,
            text,
            text.find("openapi").unwrap_or(0),
            Bilingual::new(
                format!("OpenAPI 3の文書ではありません（openapi: \"{version}\"）"),
                format!("not an OpenAPI 3 document (openapi: \"{version}\")"),
            ),
            Bilingual::new(
                "先頭に openapi: 3.0.3 や 3.1.0 のように版を書いてください。2.0（Swagger）は読めません",
                "state the version, such as openapi: 3.0.3 or 3.1.0; 2.0 (Swagger) cannot be read",
            ),
        ));
        return None;
    }
    if !version.starts_with("3.0.") {
        return Some(document); // no typed reader knows 3.1; what the harness uses of it is checked where it is used
    }
    // A second reading into types finds what is misspelt or of the wrong shape.
    if json {
        parse_json::<openapiv3::OpenAPI>(file, text, problems)?;
    } else {
        parse_yaml::<openapiv3::OpenAPI>(file, text, problems)?;
    }
    Some(document)
}

fn parse_json<T: serde::de::DeserializeOwned>(
    file: &str,
    text: &str,
    problems: &mut Problems,
) -> Option<T> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    let message = Bilingual::new(
        format!("JSONの文書として読めません: {error}"),
        format!("cannot be read as JSON: {error}"),
    );
    problems.push(problem_at(file, error.line(), error.column(), message));
    None
}

fn parse_yaml<T: serde::de::DeserializeOwned>(
    file: &str,
    text: &str,
    problems: &mut Problems,
) -> Option<T> {
    let error = match yaml_serde::from_str(text) {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    let (line, column) = error.location().map_or((0, 0), |l| (l.line(), l.column()));
    let message = Bilingual::new(
        format!("OpenAPIの文書として読めません: {error}"),
        format!("cannot be read as an OpenAPI document: {error}"),
    );
    problems.push(problem_at(file, line, column, message));
    None
}

fn problem_at(file: &str, line: usize, column: usize, message: Bilingual) -> Problem {
    let help = Bilingual::new(
        "OpenAPI 3.0.3の形に直してください",
        "correct it to the form of OpenAPI 3.0.3",
    );
    let mut problem = Problem::of_file(file, message, help);
    problem.line = line;
    problem.column = column;
    problem
}
