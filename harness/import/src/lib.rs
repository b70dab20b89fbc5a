//! Documents of others, in: the standard's workbooks, vendors' layout tables, filled-in sheets. Bytes in, values out.

mod har;
mod openapi_examples;

pub use har::{ForeignCall, MAX_FILE as MAX_HAR, read_har};
pub use openapi_examples::calls_of_openapi;
