//! What a run leaves behind: facts as they happened (events, exchanges) and the result document judged from them.
//! The only types that are written to disk or read by other programs; each carries its schema's version.

mod ambiguity;
mod custody;
mod event;
mod exchange;
mod foreign;
mod intent;
mod issue_key;
mod result;
mod wire;

pub use ambiguity::{AmbiguityEntry, ReadingEntry};
pub use custody::{AuditLine, ERASURE_SCHEMA, ErasedFile, Erasure, LedgerRow};
pub use event::{Check, Event, PartyFacts, RunFacts, Stamped};
pub use exchange::{
    BesideFile, Blob, Exchange, Fault, FaultKind, FileTransfer, Header, HttpRequest, HttpResponse,
    HttpTransfer, JwtFacts, Signature, TlsFacts, TokenFacts, Transfer,
};
pub use foreign::ForeignCall;
pub use intent::{Attested, Captured, Intent, Origin};
pub use issue_key::issue_key;
pub(crate) use issue_key::{case_of, pair};
pub use result::{
    AgreementRow, AgreementState, CaseResult, Counts, Input, LogLine, PackStamp, Party,
    PreflightRow, ResultDocument, RunStamp, SCHEMA_ID, Tool, schema_text,
};
pub use wire::{Broke, Timing, Wire, WireMessage};
