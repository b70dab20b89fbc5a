//! An item as a JSON Schema.

use serde_json::{Map, Value, json};

use super::item::{Item, listed_values};

impl Item {
    /// JSON Schema of the value (OpenAPI 3.0).
    pub(super) fn schema(&self) -> Map<String, Value> {
        let mut schema = Map::new();
        if !self.title.is_empty() {
            schema.insert("title".into(), json!(self.title));
        }
        let about = [self.description.as_str(), self.note.as_str()].join("\n");
        if !about.trim().is_empty() {
            schema.insert("description".into(), json!(about.trim()));
        }
        self.typed(&mut schema);
        if self.nullable {
            schema.insert("nullable".into(), json!(true));
        }
        let mut values = match &self.fixed {
            Some(value) => vec![json!(value)],
            None if schema.get("type") == Some(&json!("string")) => {
                let longest = self.length.parse::<usize>().unwrap_or(usize::MAX);
                let values = listed_values(&self.description);
                let fits = values.iter().all(|v| v.chars().count() <= longest);
                if fits {
                    values.iter().map(|v| json!(v)).collect()
                } else {
                    Vec::new()
                }
            }
            None => Vec::new(),
        };
        if self.nullable && !values.is_empty() {
            values.push(Value::Null);
        }
        if !values.is_empty() {
            schema.insert("enum".into(), Value::Array(values));
        }
        if !self.data_type.is_empty() && self.data_type != "?" {
            schema.insert("x-type".into(), json!(self.data_type));
        }
        if !self.samples.is_empty() {
            schema.insert("x-samples".into(), json!(self.samples));
        }
        schema.insert("x-row".into(), json!(self.row));
        schema
    }

    fn typed(&self, schema: &mut Map<String, Value>) {
        let digits = self.length.parse::<u32>().ok();
        let limit = digits
            .filter(|n| (1..=15).contains(n))
            .map(|n| 10_i64.pow(n) - 1);
        let mut put = |key: &str, value: Value| {
            schema.insert(key.to_owned(), value);
        };
        let number = match self.data_type.as_str() {
            "9" | "S9" => "integer",
            "9V" => "number",
            _ => "",
        };
        match self.data_type.as_str() {
            "?" => {}
            "9" | "S9" | "9V" if self.bare_number => {
                put("type", json!(number));
                if self.data_type != "S9" {
                    put("minimum", json!(0));
                } else if let Some(limit) = limit {
                    put("minimum", json!(-limit));
                }
                if let (Some(limit), "integer") = (limit, number) {
                    put("maximum", json!(limit));
                }
            }
            "9" | "S9" | "9V" => {
                // a number in quotes, or no example: the pattern holds the digits
                let pattern = match (self.data_type.as_str(), digits, self.length.split_once(',')) {
                    ("9V", _, Some((n, m))) => format!("^[0-9]{{1,{n}}}(\\.[0-9]{{1,{m}}})?$"),
                    ("9V", ..) => "^[0-9]+(\\.[0-9]+)?$".to_owned(),
                    (kind, digits, _) => {
                        let sign = if kind == "S9" { "-?" } else { "" };
                        let count = digits.map_or("+".to_owned(), |n| format!("{{1,{n}}}"));
                        format!("^{sign}[0-9]{count}$")
                    }
                };
                put("type", json!("string"));
                put("pattern", json!(pattern));
            }
            kind => {
                put("type", json!("string"));
                if let Some(digits) = digits {
                    put("maxLength", json!(digits));
                    if self.is_fixed_length() {
                        put("minLength", json!(digits));
                    }
                }
                match kind {
                    "DATE" if !self.unknown_date() => put("format", json!("date")),
                    "TIME" => put(
                        "pattern",
                        json!("^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"),
                    ),
                    "YEAR" => put("pattern", json!("^[0-9]{4}$")),
                    "X" if self.is_fixed_length() && self.format() == "dantaicode" => {
                        put("pattern", json!("^[0-9]{6}$"));
                    }
                    _ => {}
                }
            }
        }
    }
}
