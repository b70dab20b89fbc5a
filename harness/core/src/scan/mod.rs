//! The file engine.
