//! The rules that the scanner can raise, by number: a hit on the hot path is a number and a place, its meaning is the page.

macro_rules! checks {
    ($($name:ident = $code:literal),* $(,)?) => {
        /// A rule that the scanner raises.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(super) enum Check { $($name),* }

        impl Check {
            /// Every check.
            pub(super) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code of its rule.
            pub(super) fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

checks! {
    IllegalBytes = "ENC-001",
    Bom = "ENC-002",
    OutsideRepertoire = "ENC-003",
    PrivateUse = "ENC-004",
    Replacement = "ENC-005",
    SubstitutionMark = "ENC-006",
    WrongEncoding = "ENC-007",
    MixedEncodings = "ENC-008",
    DoubleEncoding = "ENC-009",
    VariationSelector = "ENC-010",
    NotNormalised = "ENC-011",
    Control = "ENC-012",
    CharacterReference = "ENC-013",
    CutAtBorder = "ENC-014",
    DakutenSplit = "ENC-015",
    SubstitutionPair = "ENC-016",
    ShiftCode = "ENC-017",
    MappingsMixed = "ENC-018",
    LowValue = "ENC-019",
    SubstituteInFull = "ENC-020",
    DuplicateForm = "ENC-021",
    RecordLength = "LAY-001",
    FieldCount = "LAY-002",
    QuoteFault = "LAY-003",
    Newline = "LAY-004",
    FinalNewline = "LAY-005",
    EofMark = "LAY-006",
    UnknownKind = "LAY-007",
    RecordOrder = "LAY-008",
    HeaderRow = "LAY-009",
    NewlineInField = "LAY-010",
    Quoting = "LAY-011",
    BlankRecord = "LAY-012",
    Padding = "LAY-013",
    Shifted = "LAY-014",
    RequiredMissing = "VAL-001",
    ConditionalMissing = "VAL-002",
    TooLong = "VAL-003",
    WrongClass = "VAL-004",
    NotANumber = "VAL-005",
    InvalidDate = "VAL-006",
    InvalidTime = "VAL-007",
    NotInList = "VAL-008",
    IndividualDigit = "VAL-009",
    AddresseeDigit = "VAL-010",
    MunicipalityDigit = "VAL-011",
    Pattern = "VAL-012",
    FixedValue = "VAL-013",
    CorporateDigit = "VAL-014",
    UndefinedDigit = "VAL-015",
    DuplicateKey = "XRF-001",
    ReferenceNotFound = "XRF-002",
    TrailerCount = "XRF-003",
    TrailerAmount = "XRF-004",
    TrailerParts = "XRF-005",
    RecordCondition = "XRF-006",
    RecordNumber = "XRF-007",
    SortOrder = "XRF-008",
    FileName = "FIL-001",
    EmptyFile = "FIL-002",
}

impl Check {
    /// True for faults of characters and values, which a wrong encoding brings along.
    pub(super) fn is_about_text(self) -> bool {
        let code = self.code();
        (code.starts_with("ENC-") && self != Self::Bom && self != Self::WrongEncoding)
            || code.starts_with("VAL-")
            || self == Self::RecordCondition
    }
}
