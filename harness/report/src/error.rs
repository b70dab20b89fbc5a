use std::fmt;

/// Why a report could not be written. A lower-case fragment fit after "failed to render: ".
#[derive(Debug)]
pub enum ReportError {
    /// The page template failed.
    Template(String),
    /// The workbook writer failed.
    Workbook(String),
    /// The document writer failed.
    Document(String),
    /// The XML writer failed.
    Xml(String),
    /// The JSON writer failed.
    Json(String),
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(detail) => write!(f, "page template: {detail}"),
            Self::Workbook(detail) => write!(f, "workbook: {detail}"),
            Self::Document(detail) => write!(f, "document: {detail}"),
            Self::Xml(detail) => write!(f, "XML: {detail}"),
            Self::Json(detail) => write!(f, "JSON: {detail}"),
        }
    }
}

impl std::error::Error for ReportError {}
