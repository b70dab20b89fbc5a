//! A file exchange: fetch from the sender, deliver to the receiver, wait for the receiver's result.

use std::time::{Duration, Instant};

use renkei_core::model::Bilingual;
use renkei_core::plan::{Action, FileCase, Linkage};
use renkei_core::record::{BesideFile, Blob, Event, Fault, FaultKind, FileTransfer, Transfer};

use super::places::{ReceiptPlace, inbox, outbox, receipt};
use super::{Ended, Progress};
use crate::error::RunError;
use crate::line::{Line, Look, MoveError};
use crate::session::{Broke, Session, Step, stopped_fault};
use crate::store::Blobs;

/// How often a folder is looked into while a receipt is awaited.
const POLL: Duration = Duration::from_millis(100);

pub(super) async fn perform(
    session: &mut Session<'_>,
    case: &str,
    linkage: &Linkage,
    file: &FileCase,
) -> Result<Ended, Broke> {
    let scene = session.scene;
    let step = |name: &'static str| Step {
        case,
        name,
        from: &linkage.from,
        to: &linkage.to,
    };
    let line = outbox(&scene, file)?;
    let Some(blob) = fetch(session, step("fetch"), &line, file).await? else {
        return Ok(None);
    };
    let Some(folder) = inbox(&scene, file)? else {
        return Ok(None);
    };
    let expected = receipt(&scene, file)?;
    // A result of an earlier delivery must not be taken for the answer to this one.
    let before = expected
        .as_ref()
        .and_then(|r| Line::Folder(r.folder.clone()).look(&r.name).ok());
    let line = Line::Folder(folder);
    if !deliver(session, step("deliver"), line, file, blob).await? {
        return Ok(None);
    }
    if let Some(expected) = expected {
        let back = Step {
            case,
            name: "receipt",
            from: &linkage.to,
            to: &linkage.from,
        };
        await_receipt(session, back, &expected, before, file.wait_s).await?;
    }
    Ok(None)
}

async fn fetch(
    session: &mut Session<'_>,
    step: Step<'_>,
    line: &Line,
    file: &FileCase,
) -> Result<Option<Blob>, Broke> {
    let started = Started::new(session);
    let name = file.name.clone();
    let taken_from = line.clone();
    let taken = moving(session, move |blobs, stopped| {
        taken_from.settle(&name, stopped);
        taken_from.take(&name, blobs, stopped)
    })
    .await?;
    let (content, fault) = split(taken);
    let mut transfer = FileTransfer {
        name: file.name.clone(),
        place: file.outbox.clone(),
        content: content.clone(),
        fault,
        changed: None,
        beside: None,
    };
    if content.is_some() {
        let changed = line.look(&file.name).ok().and_then(|look| look.changed);
        let changed = changed.and_then(|at| jiff::Timestamp::try_from(at).ok());
        transfer.changed = changed.map(|at| at.to_string());
        transfer.beside = beside(session, line, file).await?;
    }
    started.write(session, step, transfer)?;
    session.go_on()?;
    Ok(content)
}

/// What lies beside the file; the data files of the plan's other cases stand for themselves.
async fn beside(
    session: &Session<'_>,
    line: &Line,
    file: &FileCase,
) -> Result<Option<Vec<BesideFile>>, RunError> {
    let cases = session.scene.plan.cases.iter();
    let others: Vec<String> = cases
        .filter_map(|case| match &case.action {
            Action::File(other) => Some(other.name.clone()),
            _ => None,
        })
        .collect();
    let (name, line) = (file.name.clone(), line.clone());
    let found = moving(session, move |blobs, stopped| {
        line.beside(&name, &others, blobs, stopped).map(Ok)
    })
    .await?;
    Ok(found.ok().flatten())
}

async fn deliver(
    session: &mut Session<'_>,
    step: Step<'_>,
    line: Line,
    file: &FileCase,
    blob: Blob,
) -> Result<bool, Broke> {
    let started = Started::new(session);
    let name = file.name.clone();
    let put = moving(session, move |blobs, stopped| {
        line.put(&name, &blob, blobs, stopped)
            .map(|done| done.map(|()| blob.clone()))
    })
    .await?;
    let (content, fault) = split(put);
    let delivered = content.is_some();
    started.note(session, step, &file.name, &file.inbox, content, fault)?;
    session.go_on()?;
    Ok(delivered)
}

fn split(moved: Result<Blob, Fault>) -> (Option<Blob>, Option<Fault>) {
    match moved {
        Ok(blob) => (Some(blob), None),
        Err(fault) => (None, Some(fault)),
    }
}

/// Moves bytes on a thread where blocking is allowed, so that a stop and the other tasks are heard meanwhile.
async fn moving<T: Send + 'static>(
    session: &Session<'_>,
    work: impl FnOnce(&Blobs, &dyn Fn() -> bool) -> Result<Result<T, Fault>, MoveError> + Send + 'static,
) -> Result<Result<T, Fault>, RunError> {
    let blobs = session.tape.blobs().clone();
    let stop = session.stop.clone();
    let done = tokio::task::spawn_blocking(move || work(&blobs, &|| stop.is_stopped())).await;
    match done {
        Ok(Ok(moved)) => Ok(moved),
        Ok(Err(MoveError::Stopped)) => Ok(Err(stopped_fault())),
        Ok(Err(MoveError::Store(error))) => Err(*error),
        Err(e) => Err(RunError::writing(
            session.tape.folder(),
            std::io::Error::other(e),
        )),
    }
}

/// When a transfer began.
struct Started {
    log: String,
    at: String,
    since: Instant,
}

impl Started {
    fn new(session: &mut Session<'_>) -> Self {
        Self {
            log: session.tape.next_log(),
            at: session.tape.clock().text(),
            since: Instant::now(),
        }
    }

    fn note(
        self,
        session: &mut Session<'_>,
        step: Step<'_>,
        name: &str,
        place: &str,
        content: Option<Blob>,
        fault: Option<Fault>,
    ) -> Result<(), RunError> {
        let transfer = FileTransfer {
            name: name.to_owned(),
            place: place.to_owned(),
            content,
            fault,
            changed: None,
            beside: None,
        };
        self.write(session, step, transfer)
    }

    fn write(
        self,
        session: &mut Session<'_>,
        step: Step<'_>,
        transfer: FileTransfer,
    ) -> Result<(), RunError> {
        let ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        session.write(step, &self.log, &self.at, ms, Transfer::File(transfer))
    }
}

async fn await_receipt(
    session: &mut Session<'_>,
    step: Step<'_>,
    expected: &ReceiptPlace,
    before: Option<Look>,
    wait_s: u64,
) -> Result<(), Broke> {
    let what = Bilingual::new(
        format!("受領結果 {} を待っています", expected.name),
        format!("waiting for the receipt {}", expected.name),
    );
    session.tape.event(Event::Waiting {
        case: step.case.to_owned(),
        party: step.from.to_owned(),
        what: what.clone(),
    })?;
    let started = Started::new(session);
    let line = Line::Folder(expected.folder.clone());
    let missing = |detail: String| Fault {
        kind: FaultKind::FileMissing,
        detail,
    };
    let seen = match watch(session, step, &line, expected, before, wait_s, &what).await {
        Watched::Arrived => {
            let name = expected.name.clone();
            moving(session, move |blobs, stopped| {
                line.take(&name, blobs, stopped)
            })
            .await?
        }
        Watched::Stopped => Err(stopped_fault()),
        Watched::InVain if before.is_some() => Err(missing(format!(
            "only an older receipt is there; none came within {wait_s} s"
        ))),
        Watched::InVain => Err(missing(format!("none came within {wait_s} s"))),
    };
    let (content, fault) = split(seen);
    started.note(
        session,
        step,
        &expected.name,
        &expected.shown,
        content,
        fault,
    )?;
    session.go_on()
}

/// How watching for a file ended.
enum Watched {
    Arrived,
    InVain,
    Stopped,
}

/// Watches until the file is there, is another than before, and no longer changes.
async fn watch(
    session: &mut Session<'_>,
    step: Step<'_>,
    line: &Line,
    expected: &ReceiptPlace,
    before: Option<Look>,
    wait_s: u64,
    what: &Bilingual,
) -> Watched {
    let since = Instant::now();
    let mut last = None;
    let mut told = u64::MAX;
    loop {
        let look = line.look(&expected.name).ok();
        if look.is_some() && look != before && look == last {
            return Watched::Arrived;
        }
        last = look;
        let left_s = wait_s.saturating_sub(since.elapsed().as_secs());
        if left_s == 0 {
            return Watched::InVain;
        }
        if left_s != told {
            told = left_s;
            session.tell(&Progress::Waiting {
                case: step.case.to_owned(),
                party: step.from.to_owned(),
                what: what.clone(),
                left_s,
            });
        }
        tokio::select! {
            () = tokio::time::sleep(POLL) => {}
            () = session.stop.stopped() => return Watched::Stopped,
        }
    }
}
