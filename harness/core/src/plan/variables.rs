use std::collections::BTreeMap;

/// Values that stand in braces in plans and profiles: `{work}`, `{stand_in.ID.url}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(pub BTreeMap<String, String>);

impl Variables {
    /// Replaces every `{name}`.
    ///
    /// # Errors
    /// The first name that has no value.
    pub fn expand(&self, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once('{') {
            let Some((name, after)) = tail.split_once('}') else {
                break;
            };
            out.push_str(before);
            out.push_str(self.0.get(name).ok_or_else(|| name.to_owned())?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_told() {
        let variables = Variables(BTreeMap::from([("work".into(), "/w".into())]));
        assert_eq!(variables.expand("{work}/b/{"), Ok("/w/b/{".into()));
        assert_eq!(variables.expand("{nope}"), Err("nope".into()));
    }
}
