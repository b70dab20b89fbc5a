//! The pure core of renkei: bytes and values in, values out. It does not know that files, sockets, clocks, processes or
//! terminals exist (`clippy.toml` beside the manifest bans them); that is `renkei-run`'s and the binary's business.
//!
//! Rooms are stairs; a room uses only rooms to its left (held by `tests/rooms.rs`):
//! `model record encoding mask spec compare generate anonymize agreement plan observe calls check scan fileset lint judge baseline issue
//! selftest`.

pub mod agreement;
pub mod anonymize;
pub mod baseline;
pub mod calls;
pub mod check;
pub mod compare;
pub mod encoding;
pub mod fileset;
pub mod generate;
pub mod issue;
pub mod judge;
pub mod lint;
pub mod mask;
pub mod model;
pub mod observe;
pub mod plan;
pub mod record;
pub mod scan;
pub mod selftest;
pub mod spec;
