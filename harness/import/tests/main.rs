//! Tests of renkei-import against workbooks made on the spot, and against the official ones where they lie at hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

mod api;
mod common;
mod item_book;
mod item_rows;
mod item_table;
mod round_trip;
mod schema;
mod table;
mod workbook;
