//! Decoding: every byte belongs to exactly one unit, in order, in every encoding and dialect.
#![no_main]

use libfuzzer_sys::fuzz_target;
use renkei_core::encoding::{Dialect, Encoding, units};

fuzz_target!(|data: &[u8]| {
    for encoding in Encoding::ALL {
        for dialect in Dialect::ALL {
            let mut at = 0;
            for unit in units(data, encoding, dialect) {
                assert!(unit.bytes.start >= at && unit.bytes.end <= data.len());
                // Escape sequences of ISO-2022-JP are no units.
                assert!(unit.bytes.start == at || encoding == Encoding::Iso2022Jp);
                at = unit.bytes.end;
            }
            assert!(at == data.len() || encoding == Encoding::Iso2022Jp);
        }
    }
});
