//! Documents of others, in: the standard's workbooks, vendors' layout tables, filled-in sheets. Bytes in, values out.
