//! What a pack is called, from what the document or its file name says.

/// Identity of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Pack id.
    pub id: String,
    /// Version.
    pub version: String,
    /// Title.
    pub title: String,
    /// Title of the source document.
    pub document: String,
    /// Version of the source document, as it says.
    pub document_version: String,
    /// Date of the source document, `YYYY-MM-DD` or as it says.
    pub document_date: String,
}

impl Identity {
    /// Version and date that a file name carries: `…【第2.1版】_20230929.xlsx`, `…_v2.0_202303.xlsx`.
    pub(crate) fn of_file_name(name: &str) -> Self {
        let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let mut identity = Self {
            document: stem.to_owned(),
            ..Self::default()
        };
        let mut words = Vec::new();
        for word in stem.split(['_', ' ', '【', '】', '(', ')', '（', '）']) {
            if let Some(date) = date(word) {
                identity.document_date = date;
            } else if let Some(version) = version(word) {
                identity.document_version = version;
            } else {
                words.push(word);
            }
        }
        identity.id = crate::reading::slug(&words.join("-"));
        identity.title = words.join(" ").trim().to_owned();
        identity
    }

    /// Fills what is still open: an id for nothing, a version from the document's version or date.
    pub(crate) fn complete(mut self) -> Self {
        if self.id.is_empty() {
            self.id = "imported".to_owned();
        }
        if self.title.is_empty() {
            self.title.clone_from(&self.id);
        }
        if self.version.is_empty() {
            let stated = [&self.document_version, &self.document_date];
            let slug = stated
                .into_iter()
                .find(|text| !text.is_empty())
                .map_or("1", String::as_str);
            self.version = slug.to_owned();
        }
        self
    }
}

fn date(word: &str) -> Option<String> {
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    let part = |from, to| word.get(from..to).and_then(|p| p.parse::<u32>().ok());
    let (year, month) = (part(0, 4)?, part(4, 6)?);
    if !digits || !(1990..2100).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    match word.len() {
        6 => Some(format!("{year}-{month:02}")),
        8 => part(6, 8)
            .filter(|day| (1..=31).contains(day))
            .map(|day| format!("{year}-{month:02}-{day:02}")),
        _ => None,
    }
}

/// `第2.1版`, `2.1版`, `v2.0`.
pub(crate) fn version(word: &str) -> Option<String> {
    let word = crate::reading::one_line(word);
    let bare = word
        .strip_prefix('第')
        .and_then(|w| w.strip_suffix('版'))
        .or_else(|| word.strip_suffix('版'))
        .or_else(|| word.strip_prefix(['v', 'V']))?;
    let fine = bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || c == '.');
    fine.then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_carry_version_and_date() {
        let of =
            Identity::of_file_name("in/001_住民基本台帳_基本データリスト【第2.1版】_20230929.xlsx");
        assert_eq!(
            (
                of.id.as_str(),
                of.document_version.as_str(),
                of.document_date.as_str()
            ),
            ("001-住民基本台帳-基本データリスト", "2.1", "2023-09-29")
        );
        let of = Identity::of_file_name("jutogai_numbering_api_v2.0_202303.xlsx").complete();
        assert_eq!(
            (
                of.id.as_str(),
                of.version.as_str(),
                of.document_date.as_str()
            ),
            ("jutogai-numbering-api", "2.0", "2023-03")
        );
    }
}
