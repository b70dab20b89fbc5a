//! LAY: record structure.

use super::rule::Rule;

pub mod blank_record;
pub mod eof_mark_not_as_agreed;
pub mod field_count_wrong;
pub mod final_newline_not_as_agreed;
pub mod header_row_not_as_agreed;
pub mod newline_inside_field;
pub mod newline_not_as_agreed;
pub mod padding_not_as_agreed;
pub mod quote_fault;
pub mod quoting_not_as_agreed;
pub mod record_length_wrong;
pub mod record_order_wrong;
pub mod record_shifted;
pub mod unknown_record_kind;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[
    &record_length_wrong::RULE,
    &field_count_wrong::RULE,
    &quote_fault::RULE,
    &newline_not_as_agreed::RULE,
    &final_newline_not_as_agreed::RULE,
    &eof_mark_not_as_agreed::RULE,
    &unknown_record_kind::RULE,
    &record_order_wrong::RULE,
    &header_row_not_as_agreed::RULE,
    &newline_inside_field::RULE,
    &quoting_not_as_agreed::RULE,
    &blank_record::RULE,
    &padding_not_as_agreed::RULE,
    &record_shifted::RULE,
];
