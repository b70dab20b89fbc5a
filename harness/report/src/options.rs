/// What a caller may choose about a report. The default suits files; a terminal sets its own width and colour.
#[derive(Clone, Debug)]
pub struct Options {
    /// Text only: emit ANSI styles. Off by default; whoever prints may also strip them.
    pub colour: bool,
    /// Text only: display columns a byte ruler may use.
    pub width: usize,
    /// Text only: characters of East Asian Ambiguous width take two columns on this terminal.
    pub ambiguous_wide: bool,
    /// Text only: findings shown per rule before the rest is only counted; 0 shows all.
    pub max_per_rule: usize,
    /// Text only: paths of the reports written, shown at the end.
    pub report_paths: Vec<String>,
    /// HTML only: findings shown in full before the rest is only listed by rule.
    pub max_inline_findings: usize,
    /// Offset from UTC in minutes in which times are shown; 540 is Japan.
    pub utc_offset_minutes: i32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
            ambiguous_wide: false,
            max_per_rule: 5,
            report_paths: Vec::new(),
            max_inline_findings: 500,
            utc_offset_minutes: 9 * 60,
        }
    }
}
