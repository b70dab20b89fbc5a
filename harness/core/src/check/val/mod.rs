//! VAL: field values.

use super::rule::Rule;

pub mod addressee_number_check_digit;
pub mod addressee_number_remainder_1;
pub mod code_not_in_list;
pub mod conditional_value_missing;
pub mod corporate_number_check_digit;
pub mod fixed_value_mismatch;
pub mod individual_number_check_digit;
pub mod invalid_date;
pub mod invalid_time;
pub mod municipality_code_check_digit;
pub mod not_a_number;
pub mod pattern_mismatch;
pub mod required_value_missing;
pub mod value_too_long;
pub mod wrong_character_class;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[
    &required_value_missing::RULE,
    &conditional_value_missing::RULE,
    &value_too_long::RULE,
    &wrong_character_class::RULE,
    &not_a_number::RULE,
    &invalid_date::RULE,
    &invalid_time::RULE,
    &code_not_in_list::RULE,
    &individual_number_check_digit::RULE,
    &addressee_number_check_digit::RULE,
    &municipality_code_check_digit::RULE,
    &pattern_mismatch::RULE,
    &fixed_value_mismatch::RULE,
    &corporate_number_check_digit::RULE,
    &addressee_number_remainder_1::RULE,
];
