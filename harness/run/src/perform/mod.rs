//! Performs the cases of a plan in order and writes down what happens. It never judges: a refused call, a missing receipt
//! or a broken connection are facts like any other.

mod api_case;
mod file_case;
mod human;
mod listen;
mod misuse;
pub(crate) mod outgoing;
pub(crate) mod places;
mod platform_case;
mod scenario;
mod together;
pub(crate) mod wanted;

use renkei_core::model::{Bilingual, NotRunReason};
use renkei_core::plan::{Action, Case};
use renkei_core::record::{Check, Event};

use crate::error::RunError;
use crate::http::Limits;
use crate::preflight;
use crate::scene::Scene;
use crate::session::{Broke, Session};
use crate::stop::Stop;
use crate::store::Tape;

/// What an operator may set for a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Limits of requests; the time for a call is the case's own.
    pub limits: Limits,
    /// A person can be asked on the terminal.
    pub interactive: bool,
}

/// What is going on, for those who watch.
#[derive(Clone, Debug)]
pub enum Progress {
    /// A preflight check was made.
    Checked(Check),
    /// A case began.
    Started {
        /// 1-based.
        n: usize,
        /// Number of cases that are performed.
        of: usize,
        /// Case id.
        case: String,
        /// Its title.
        title: Bilingual,
    },
    /// Somebody else must act; told again every second.
    Waiting {
        /// Case id.
        case: String,
        /// Party that must act.
        party: String,
        /// What it must do.
        what: Bilingual,
        /// Seconds left.
        left_s: u64,
    },
    /// A person is asked to do something and to answer on the terminal.
    Asking {
        /// Case id.
        case: String,
        /// Party whose people do it.
        party: String,
        /// What to do.
        instruction: Bilingual,
        /// Seconds to answer.
        wait_s: u64,
    },
    /// A case ended.
    Finished {
        /// 1-based.
        n: usize,
        /// Number of cases that are performed.
        of: usize,
        /// Case id.
        case: String,
        /// Why it did not run, if it did not.
        not_run: Option<NotRunReason>,
        /// The harness's own failure, if that ended it.
        tool_error: Option<String>,
    },
}

/// How a case ended when nothing broke.
pub(crate) type Ended = Option<NotRunReason>;

/// Preflight, then every case in order, then the end of the run. The caller writes `RunStarted` before and calls
/// [`Tape::finish`] after. A stop ends the case at hand as cancelled and leaves out the rest; all that ran is written.
///
/// # Errors
/// The bundle cannot be written any more. What was written before is kept and readable.
pub async fn perform(
    scene: &Scene<'_>,
    settings: &Settings,
    tape: &mut Tape,
    listener: &mut dyn FnMut(&Progress),
    stop: &Stop,
) -> Result<(), RunError> {
    let mut session = Session::new(*scene, settings, tape, listener, stop);
    let checks = match preflight::check(&mut session).await {
        Ok(checks) => checks,
        Err(Broke::Stopped) => Vec::new(),
        Err(Broke::Failed(error)) => return Err(*error),
    };
    let performed: Vec<&Case> = scene
        .plan
        .cases
        .iter()
        .filter(|c| !matches!(c.action, Action::NotApplicable(_)))
        .collect();
    for (i, case) in performed.iter().enumerate() {
        one(&mut session, case, (i + 1, performed.len()), &checks).await?;
    }
    let interrupted = session.stop.is_stopped();
    session.tape.event(Event::RunEnded { interrupted })
}

async fn one(
    session: &mut Session<'_>,
    case: &Case,
    (n, of): (usize, usize),
    checks: &[Check],
) -> Result<(), RunError> {
    session.tape.event(Event::CaseStarted {
        case: case.id.clone(),
    })?;
    session.tell(&Progress::Started {
        n,
        of,
        case: case.id.clone(),
        title: case.title.clone(),
    });
    let blocked = checks.iter().find(|c| !c.ok && c.blocks.contains(&case.id));
    let outcome = match blocked {
        _ if session.stop.is_stopped() => Err(Broke::Stopped),
        Some(check) => Ok(Some(NotRunReason::BlockedBy(check.id.clone()))),
        None => act(session, case).await,
    };
    let (not_run, failure) = match outcome {
        Ok(ended) => (ended, None),
        Err(Broke::Stopped) => (Some(NotRunReason::Cancelled), None),
        Err(Broke::Failed(error)) => (None, Some(*error)),
    };
    let tool_error = failure.as_ref().map(|e| e.message().ja);
    let written = session.tape.event(Event::CaseEnded {
        case: case.id.clone(),
        not_run: not_run.clone(),
        tool_error: tool_error.clone(),
    });
    session.tell(&Progress::Finished {
        n,
        of,
        case: case.id.clone(),
        not_run,
        tool_error,
    });
    match failure {
        // Without the bundle nothing that follows would be evidence; other failures concern this case alone.
        Some(error @ RunError::Storage { .. }) => Err(error),
        _ => written,
    }
}

async fn act(session: &mut Session<'_>, case: &Case) -> Result<Ended, Broke> {
    let scene = session.scene;
    let linkage = scene
        .plan
        .linkage(&case.linkage)
        .ok_or_else(|| no_linkage(case))?;
    match &case.action {
        Action::File(file) => file_case::perform(session, &case.id, linkage, file).await,
        Action::Api(api) => api_case::perform(session, &case.id, linkage, api).await,
        Action::Scenario(scenario) => scenario::perform(session, &case.id, linkage, scenario).await,
        Action::NotApplicable(_) => Ok(None),
    }
}

fn no_linkage(case: &Case) -> RunError {
    let id = &case.linkage;
    RunError::Input {
        place: case.id.clone(),
        message: Bilingual::new(
            format!("連携 {id} が計画にありません"),
            format!("no linkage {id} in the plan"),
        ),
        help: Bilingual::new("計画を確かめてください", "check the plan"),
    }
}

#[cfg(test)]
mod tests;
