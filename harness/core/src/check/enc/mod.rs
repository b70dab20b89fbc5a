//! ENC: encoding, repertoire, marks of lost characters.

use super::rule::Rule;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[];
