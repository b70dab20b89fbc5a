//! A call that was not made here.

/// A call that somebody else wrote down: in a HAR file, or as the examples of an OpenAPI document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignCall {
    /// Method.
    pub method: String,
    /// Full URL.
    pub url: String,
    /// Headers in order.
    pub request_headers: Vec<(String, String)>,
    /// Body; empty: none.
    pub request_body: Vec<u8>,
    /// Status; 0: no answer.
    pub status: u16,
    /// Headers in order.
    pub response_headers: Vec<(String, String)>,
    /// Body.
    pub response_body: Vec<u8>,
    /// When, as the file says (RFC 3339 in HAR); empty: unknown.
    pub at: String,
    /// How long, in milliseconds.
    pub duration_ms: u64,
}
