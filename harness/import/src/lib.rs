//! Documents of others, in: the standard's workbooks, vendors' layout tables, filled-in sheets. Bytes in, values out.
//!
//! [`workbook`] reads .xlsx, .xlsm, .csv and .tsv into sheets of cells and knows nothing of what they mean.
//! Like the core it never touches files: the program hands in bytes and writes what comes out.

pub mod workbook;
