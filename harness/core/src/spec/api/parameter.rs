//! Parameters of an operation, and path templates.

use serde_json::Value;

use super::Schema;

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// Name as written; header names compare without case.
    pub name: String,
    /// Where it stands.
    pub place: In,
    /// It may not be left out.
    pub required: bool,
    /// Its schema, if one is documented.
    pub schema: Option<Schema>,
    /// Examples in the order of the document.
    pub examples: Vec<Value>,
    /// How lists are written.
    pub style: Style,
    /// Lists stand as one parameter for each element.
    pub explode: bool,
    /// It may stand without a value.
    pub empty_allowed: bool,
}

/// How a list is written (OpenAPI 3.0.3, Style Values).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `form`, `simple`: with commas.
    Comma,
    /// `spaceDelimited`
    Space,
    /// `pipeDelimited`
    Pipe,
    /// `deepObject`, `matrix`, `label`
    Other,
}

impl Style {
    /// By its word; an empty one stands for the default of every place.
    pub(super) fn of(word: &str) -> Self {
        match word {
            "" | "form" | "simple" => Self::Comma,
            "spaceDelimited" => Self::Space,
            "pipeDelimited" => Self::Pipe,
            _ => Self::Other,
        }
    }
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum In {
    /// In the path, between braces.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl In {
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "path" => Some(Self::Path),
            "query" => Some(Self::Query),
            "header" => Some(Self::Header),
            "cookie" => Some(Self::Cookie),
            _ => None,
        }
    }
}

impl In {
    /// As written in a document.
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

impl Parameter {
    /// Types that its schema allows; empty: it does not say.
    pub fn types(&self) -> Vec<&str> {
        let schema = self.schema.as_ref();
        let root = schema.and_then(|s| Some((s, s.at("")?)));
        root.map(|(s, here)| s.types(here)).unwrap_or_default()
    }

    /// Types that the elements of a list may have; empty: the document does not say.
    pub fn element_types(&self) -> Vec<&str> {
        let schema = self.schema.as_ref();
        let element = schema.and_then(|s| Some((s, s.member(s.at("")?, "0")?)));
        element.map(|(s, here)| s.types(here)).unwrap_or_default()
    }

    /// A value to send when the plan gives none: the first example, else `default`, else the first of an enumeration.
    pub fn usual(&self) -> Option<String> {
        let of_schema = |key: &str| self.schema.as_ref()?.at("")?.get(key);
        let value = self.examples.first().or_else(|| of_schema("default"));
        let value = value.or_else(|| of_schema("enum")?.as_array()?.first())?;
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        }
    }
}

/// True when a path template (`/pets/{petId}`) stands for a path.
pub(super) fn fits(template: &str, path: &str) -> bool {
    let (mut told, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (told.next(), given.next()) {
            (None, None) => return true,
            (Some(told), Some(given)) if step_fits(told, given) => {}
            _ => return false,
        }
    }
}

/// One step: its fixed parts in order, each template in between at least one character long.
fn step_fits(template: &str, step: &str) -> bool {
    let Some((before, rest)) = template.split_once('{') else {
        return template == step;
    };
    let Some((_, after)) = rest.split_once('}') else {
        return template == step;
    };
    let Some(step) = step.strip_prefix(before) else {
        return false;
    };
    (1..=step.len())
        .filter_map(|at| step.get(at..))
        .any(|tail| step_fits(after, tail))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn templates_stand_for_one_step_or_a_part_of_it() {
        assert!(fits("/pets/{id}", "/pets/1") && fits("/r/{a}.{b}", "/r/x.json"));
        assert!(!fits("/pets/{id}", "/pets/") && !fits("/pets/{id}", "/pets/1/x"));
        assert!(fits("/pets", "/pets") && !fits("/pets", "/dogs"));
    }
}
