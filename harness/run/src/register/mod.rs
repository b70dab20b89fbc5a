//! The issue register on disk: one SQLite file beside the bundles.
//!
//! Rollback journal, not WAL: registers lie on network shares, where WAL's shared memory does not work. Every change is
//! one IMMEDIATE transaction that reads, decides and writes, so two writers queue up and a crash leaves the state before
//! or after it. The history can only grow: triggers refuse changing and deleting.

mod schema;
mod trouble;

use std::path::{Path, PathBuf};
use std::time::Duration;

use renkei_core::issue::{self, Change, Issue, State, What};
use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params,
};

use crate::error::RunError;
use trouble::{damaged, told};

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open register.
#[derive(Debug)]
pub struct Register {
    db: Connection,
    path: PathBuf,
}

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// 1-based, in the order of writing, over all issues.
    pub seq: i64,
    /// Number of the issue.
    pub number: u32,
    /// Its version after the change.
    pub version: u64,
    /// RFC 3339.
    pub at: String,
    /// Code of whoever made it.
    pub by: String,
    /// What happened, [`What::as_str`].
    pub what: String,
    /// State before; `None` for a new issue.
    pub from: Option<State>,
    /// State after.
    pub to: State,
    /// Why.
    pub reason: String,
}

impl Register {
    /// Opens a register; makes it, with its folder, when there is none.
    ///
    /// # Errors
    /// It cannot be read or written, is damaged, is something else, or was made by a newer version.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| RunError::writing(folder, e))?;
        }
        Self::with(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )
    }

    /// Opens a register that is there.
    ///
    /// # Errors
    /// As [`Register::open`]; also when there is none.
    pub fn open_existing(path: &Path) -> Result<Self, RunError> {
        if !path.is_file() {
            return Err(trouble::none_there(path));
        }
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    fn with(path: &Path, flags: OpenFlags) -> Result<Self, RunError> {
        let failed = |e| told(path, &e);
        let mut db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(failed)?;
        db.busy_timeout(PATIENCE).map_err(failed)?;
        db.pragma_update(None, "synchronous", "FULL")
            .map_err(failed)?;
        db.pragma_update(None, "foreign_keys", true)
            .map_err(failed)?;
        schema::migrate(&mut db, path)?;
        let sound: String = db
            .pragma_query_value(None, "quick_check", |row| row.get(0))
            .map_err(failed)?;
        if sound != "ok" {
            return Err(damaged(path, &sound));
        }
        Ok(Self {
            db,
            path: path.to_owned(),
        })
    }

    /// Every issue.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self) -> Result<issue::Register, RunError> {
        read(&self.db, &self.path)
    }

    /// The history of one issue, or of all, in order.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn history(&self, number: Option<u32>) -> Result<Vec<Entry>, RunError> {
        let failed = |e| told(&self.path, &e);
        let mut query = self
            .db
            .prepare(
                "SELECT seq, number, version, at, by, what, state_before, state_after, reason FROM history \
                 WHERE ?1 IS NULL OR number = ?1 ORDER BY seq",
            )
            .map_err(failed)?;
        let state = |word: String| State::parse(&word).unwrap_or(State::Draft);
        let rows = query
            .query_map(params![number], |row| {
                Ok(Entry {
                    seq: row.get(0)?,
                    number: row.get(1)?,
                    version: unsigned(row.get(2)?),
                    at: row.get(3)?,
                    by: row.get(4)?,
                    what: row.get(5)?,
                    from: row.get::<_, Option<String>>(6)?.map(state),
                    to: state(row.get(7)?),
                    reason: row.get(8)?,
                })
            })
            .map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }

    /// Reads, lets `decide` say what changes, and writes that down: all of it or nothing. No other writer comes between.
    ///
    /// # Errors
    /// What `decide` refuses (nothing is changed then), or the register cannot be written.
    pub fn change<T, E: From<RunError>>(
        &mut self,
        decide: impl FnOnce(&Snapshot<'_>) -> Result<(Vec<Change>, T), E>,
    ) -> Result<T, E> {
        let path = self.path.clone();
        let failed = |e: rusqlite::Error| E::from(told(&path, &e));
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let snapshot = Snapshot {
            register: read(&tx, &path)?,
            tx: &tx,
            path: &path,
        };
        let (changes, answer) = decide(&snapshot)?;
        for change in &changes {
            write(&tx, change, &path)?;
        }
        tx.commit().map_err(failed)?;
        Ok(answer)
    }
}

/// The register as it stands inside a transaction.
#[derive(Debug)]
pub struct Snapshot<'t> {
    /// Every issue.
    pub register: issue::Register,
    tx: &'t Transaction<'t>,
    path: &'t Path,
}

impl Snapshot<'_> {
    /// An issue as it was at a version; `None` when it never had that version.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn at_version(&self, number: u32, version: u64) -> Result<Option<Issue>, RunError> {
        let body: Option<String> = self
            .tx
            .query_row(
                "SELECT body FROM history WHERE number = ?1 AND version = ?2",
                params![number, signed(version)],
                |row| row.get(0),
            )
            .optional()
            .map_err(|e| told(self.path, &e))?;
        body.map(|body| issue_of(&body, self.path)).transpose()
    }
}

fn read(db: &Connection, path: &Path) -> Result<issue::Register, RunError> {
    let failed = |e| told(path, &e);
    let mut query = db
        .prepare("SELECT body FROM issues ORDER BY number")
        .map_err(failed)?;
    let mut rows = query.query([]).map_err(failed)?;
    let mut register = issue::Register::default();
    while let Some(row) = rows.next().map_err(failed)? {
        let body: String = row.get(0).map_err(failed)?;
        let issue = issue_of(&body, path)?;
        register.issues.insert(issue.number, issue);
    }
    Ok(register)
}

fn issue_of(body: &str, path: &Path) -> Result<Issue, RunError> {
    serde_json::from_str(body).map_err(|e| damaged(path, &e.to_string()))
}

fn write(tx: &Transaction<'_>, change: &Change, path: &Path) -> Result<(), RunError> {
    let failed = |e| told(path, &e);
    let issue = &change.after;
    let body = serde_json::to_string(issue).map_err(|e| damaged(path, &e.to_string()))?;
    let fingerprint = Some(&issue.fingerprint).filter(|f| !f.is_empty());
    let version = signed(issue.version);
    let written = if change.based_on == 0 {
        tx.execute(
            "INSERT INTO issues (number, version, fingerprint, body) VALUES (?1, ?2, ?3, ?4)",
            params![issue.number, version, fingerprint, body],
        )
    } else {
        tx.execute(
            "UPDATE issues SET version = ?2, body = ?3 WHERE number = ?1 AND version = ?4",
            params![issue.number, version, body, signed(change.based_on)],
        )
    };
    if written.map_err(failed)? != 1 {
        return Err(trouble::overtaken(path, &issue.id()));
    }
    tx.execute(
        "INSERT INTO history (number, version, at, by, what, state_before, state_after, reason, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            issue.number,
            version,
            change.at,
            change.by,
            What::as_str(change.what),
            change.from.map(State::as_str),
            issue.human.state.as_str(),
            change.reason,
            body
        ],
    )
    .map(drop)
    .map_err(failed)
}

/// `SQLite` counts in signed numbers; versions stay far below their end.
fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

fn unsigned(version: i64) -> u64 {
    u64::try_from(version).unwrap_or(0)
}

#[cfg(test)]
mod tests;
