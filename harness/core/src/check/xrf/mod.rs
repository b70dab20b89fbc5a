//! XRF: across fields, records, files.

use super::rule::Rule;

pub mod duplicate_key;
pub mod record_condition_not_held;
pub mod record_number_out_of_order;
pub mod reference_not_checked;
pub mod reference_not_found;
pub mod sort_order_wrong;
pub mod trailer_amount_mismatch;
pub mod trailer_count_mismatch;
pub mod trailer_parts_do_not_add_up;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[
    &duplicate_key::RULE,
    &reference_not_found::RULE,
    &trailer_count_mismatch::RULE,
    &trailer_amount_mismatch::RULE,
    &trailer_parts_do_not_add_up::RULE,
    &record_condition_not_held::RULE,
    &record_number_out_of_order::RULE,
    &sort_order_wrong::RULE,
    &reference_not_checked::RULE,
];
