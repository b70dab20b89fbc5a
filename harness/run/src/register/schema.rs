//! Tables of the register, and how older registers become current ones.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::trouble::{newer, something_else, told};
use crate::error::RunError;

/// Marks the file as a register of renkei: `RNKI`.
const APPLICATION: i32 = 0x524E_4B49;

/// Steps from version n to n + 1 of the tables, in order. A step is never changed once it was released.
const STEPS: [&str; 1] = ["
    CREATE TABLE issues (
        number INTEGER PRIMARY KEY CHECK (number > 0),
        version INTEGER NOT NULL CHECK (version > 0),
        fingerprint TEXT UNIQUE,
        body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE history (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        number INTEGER NOT NULL REFERENCES issues (number),
        version INTEGER NOT NULL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        what TEXT NOT NULL,
        state_before TEXT,
        state_after TEXT NOT NULL,
        reason TEXT NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (number, version)
    ) STRICT;
    CREATE TRIGGER history_stays BEFORE UPDATE ON history
        BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
    CREATE TRIGGER history_is_kept BEFORE DELETE ON history
        BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
    CREATE TRIGGER issues_are_kept BEFORE DELETE ON issues
        BEGIN SELECT RAISE(ABORT, 'issues are never deleted'); END;
    CREATE TRIGGER issues_go_on BEFORE UPDATE ON issues
        WHEN NEW.number <> OLD.number OR NEW.version <> OLD.version + 1 OR NEW.fingerprint IS NOT OLD.fingerprint
        BEGIN SELECT RAISE(ABORT, 'an issue keeps its number and its version grows by one'); END;
"];

/// Version of the tables that this renkei writes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a handful of steps"
)]
pub(super) const VERSION: i32 = STEPS.len() as i32;

/// Brings the tables to [`VERSION`] in one transaction; two processes that open a new register at once do it once.
pub(super) fn migrate(db: &mut Connection, path: &Path) -> Result<(), RunError> {
    let failed = |e| told(path, &e);
    if marks(db, path)? == (APPLICATION, VERSION) {
        return Ok(());
    }
    let tx = db
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let (application, version) = marks(&tx, path)?;
    let tables: i64 = tx
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .map_err(failed)?;
    if application != APPLICATION && (application != 0 || tables > 0) {
        return Err(something_else(path));
    }
    if version > VERSION {
        return Err(newer(path, version, VERSION));
    }
    let done = usize::try_from(version).unwrap_or(0);
    for step in STEPS.iter().skip(done) {
        tx.execute_batch(step).map_err(failed)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)
        .map_err(failed)?;
    tx.pragma_update(None, "user_version", VERSION)
        .map_err(failed)?;
    tx.commit().map_err(failed)
}

fn marks(db: &Connection, path: &Path) -> Result<(i32, i32), RunError> {
    let mark = |name| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let failed = |e| told(path, &e);
    Ok((
        mark("application_id").map_err(failed)?,
        mark("user_version").map_err(failed)?,
    ))
}
