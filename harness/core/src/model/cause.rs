use serde::{Deserialize, Serialize};

use super::Bilingual;

/// 責任区分: on which side the cause lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// 送信側: the bytes captured on the sending side already break the rule.
    Sender,
    /// 受信側: the input conforms and is the same on both sides; the reaction is not right.
    Receiver,
    /// 協議: each side follows what it wrote, but they wrote different things.
    Agreement,
    /// 仕様の曖昧: two readings, each conforming.
    Spec,
    /// 設定不備: found before anything was exchanged.
    Config,
    /// 試験環境: network, storage, clocks.
    Environment,
    /// 試験データ: the data prepared for the test.
    TestData,
    /// 試験ツール: the harness itself.
    Tool,
    /// 判定不能.
    Unknown,
}

impl CauseKind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Sender,
        Self::Receiver,
        Self::Agreement,
        Self::Spec,
        Self::Config,
        Self::Environment,
        Self::TestData,
        Self::Tool,
        Self::Unknown,
    ];

    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Receiver => "receiver",
            Self::Agreement => "agreement",
            Self::Spec => "spec",
            Self::Config => "config",
            Self::Environment => "environment",
            Self::TestData => "test_data",
            Self::Tool => "tool",
            Self::Unknown => "unknown",
        }
    }
}

/// How sure the proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Only one hypothesis is left.
    Certain,
    /// The likeliest of several.
    Probable,
    /// One of several.
    Possible,
}

impl Confidence {
    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Probable => "probable",
            Self::Possible => "possible",
        }
    }
}

/// The harness's proposal of a cause with its line of proof. People confirm or dispute it; it is never overwritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// On which side.
    pub kind: CauseKind,
    /// How sure.
    pub confidence: Confidence,
    /// Why: one sentence.
    pub proof: Bilingual,
}
