/// The formats a run can be rendered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// What the terminal shows, without colours: `result.txt`.
    Text,
    /// One self-contained page: `report.html`.
    Html,
    /// 課題管理表: `kadai.xlsx`.
    Kadai,
    /// 協議事項照合表: `kyogi_shogo.xlsx`.
    Agreement,
    /// The result document itself: `result.json`.
    Json,
    /// For continuous integration: `junit.xml`.
    Junit,
    /// For code-scanning services and editors: `result.sarif`.
    Sarif,
    /// Annotations of GitHub Actions: `github.txt`.
    Github,
}

impl Format {
    /// Every format, in the order of the manual.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Html,
        Self::Kadai,
        Self::Agreement,
        Self::Json,
        Self::Junit,
        Self::Sarif,
        Self::Github,
    ];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Kadai => "kadai",
            Self::Agreement => "kyogi",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Github => "github",
        }
    }

    /// The format of a word of the command line. `xlsx` is accepted for the issue register, the workbook that most people ask for.
    pub fn parse(word: &str) -> Option<Self> {
        if word == "xlsx" {
            return Some(Self::Kadai);
        }
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// Name of the file the format is written to: ASCII, so that it travels between Windows, macOS and archives.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Text => "result.txt",
            Self::Html => "report.html",
            Self::Kadai => "kadai.xlsx",
            Self::Agreement => "kyogi_shogo.xlsx",
            Self::Json => "result.json",
            Self::Junit => "junit.xml",
            Self::Sarif => "result.sarif",
            Self::Github => "github.txt",
        }
    }
}

/// A report: bytes with a file name. Whoever asked for it writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// File name without folder.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_file_names_are_unique() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.as_str()), Some(format));
            assert_eq!(
                Format::ALL
                    .iter()
                    .filter(|f| f.file_name() == format.file_name())
                    .count(),
                1
            );
        }
        assert_eq!(Format::parse("pdf"), None);
    }
}
