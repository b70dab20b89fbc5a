//! The parent's side: starts stand-ins as processes of this same binary and stops them, whatever happens.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use renkei_core::model::Bilingual;
use renkei_core::plan::{StandIn, StandInRole, Variables};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::config::Ready;
use super::records::RecordForm;
use super::script;
use crate::error::RunError;
use crate::scene::Scene;

/// A stand-in that is not ready by then will not be.
const READY_WITHIN: Duration = Duration::from_secs(if cfg!(test) { 2 } else { 15 });
/// A stand-in that does not end by itself by then is killed.
const ENDS_WITHIN: Duration = Duration::from_secs(2);
/// Of a stand-in's last words so many bytes are kept.
const LAST_WORDS: usize = 4096;

/// The stand-ins of a plan. Dropping it kills them.
#[derive(Default)]
pub struct StandIns {
    running: Vec<Running>,
}

struct Running {
    id: String,
    child: Child,
    /// Kept open: a stand-in ends when it is closed.
    stdin: Option<ChildStdin>,
    /// Kept so that the pipe stays.
    _stdout: BufReader<ChildStdout>,
    words: Words,
}

type Words = Arc<Mutex<Vec<u8>>>;

impl StandIns {
    /// Starts every stand-in of the plan. `exe` is this binary, `work` the run's absolute scratch folder, `forms` tells by
    /// `pack/layout` how a receiver counts records. Gives back the variables for plans and profiles: `work`,
    /// `stand_in.ID.url`, `stand_in.ID.ca`.
    ///
    /// # Errors
    /// A stand-in cannot be configured, started, or did not get ready; those that run are stopped again.
    pub async fn start(
        scene: &Scene<'_>,
        exe: &Path,
        work: &Path,
        forms: &BTreeMap<String, RecordForm>,
    ) -> Result<(Self, Variables), RunError> {
        let mut variables = scene.variables.clone();
        variables
            .0
            .insert("work".to_owned(), work.display().to_string());
        let mut all = Self::default();
        for stand_in in &scene.plan.stand_ins {
            let known = Scene {
                variables: &variables,
                ..*scene
            };
            let config = match stand_in.role {
                StandInRole::Provider | StandInRole::Authorization => {
                    script::provider(&known, stand_in, work)?
                }
                StandInRole::Consumer => return Err(script::not_in_plans(stand_in)),
                StandInRole::Receiver => script::receiver(&known, stand_in, work, forms)?,
            };
            let (running, ready) = launch(stand_in, exe, config).await?;
            all.running.push(running);
            let id = &stand_in.id;
            for (name, value) in [("url", ready.url), ("ca", ready.ca)] {
                if !value.is_empty() {
                    variables.0.insert(format!("stand_in.{id}.{name}"), value);
                }
            }
        }
        Ok((all, variables))
    }

    /// Ends them: each is asked, and killed if it does not.
    ///
    /// # Errors
    /// One had ended before, although nobody stopped it; the others are ended all the same.
    pub async fn stop(mut self) -> Result<(), RunError> {
        let all_were_there = self.check();
        for running in &mut self.running {
            drop(running.stdin.take());
        }
        for running in &mut self.running {
            if timeout(ENDS_WITHIN, running.child.wait()).await.is_err() {
                // Already gone is as good as killed.
                let _ = running.child.kill().await;
            }
        }
        all_were_there
    }

    /// Tells when a stand-in has ended although nobody stopped it: what follows would say nothing about it.
    ///
    /// # Errors
    /// One has ended.
    pub fn check(&mut self) -> Result<(), RunError> {
        for running in &mut self.running {
            if let Ok(Some(status)) = running.child.try_wait() {
                return Err(RunError::StandIn {
                    id: running.id.clone(),
                    message: Bilingual::new(
                        format!("途中で終わりました（{status}）{}", words(&running.words)),
                        format!("ended on its own ({status}){}", words(&running.words)),
                    ),
                    help: Bilingual::new(
                        "メモリや権限を確かめて、もう一度実行してください",
                        "check memory and permissions and run again",
                    ),
                });
            }
        }
        Ok(())
    }
}

async fn launch(
    stand_in: &StandIn,
    exe: &Path,
    config: Zeroizing<Vec<u8>>,
) -> Result<(Running, Ready), RunError> {
    let role = match stand_in.role {
        StandInRole::Provider => "provider",
        StandInRole::Receiver => "receiver",
        StandInRole::Authorization => "authorization",
        StandInRole::Consumer => "consumer",
    };
    let trouble = |ja: String, en: String| RunError::StandIn {
        id: stand_in.id.clone(),
        message: Bilingual::new(ja, en),
        help: Bilingual::new(
            format!(
                "計画の [[stand_in]] の設定を確かめてください。単独で試すには: renkei mock {role}"
            ),
            format!("check [[stand_in]] in the plan; to try it alone: renkei mock {role}"),
        ),
    };
    let spawned = |e: io::Error| {
        trouble(
            format!("起動できません（{}: {e}）", exe.display()),
            format!("cannot be started ({}: {e})", exe.display()),
        )
    };
    let mut command = Command::new(exe);
    command
        .args(["mock", role])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // A Ctrl-C on the terminal is for the harness; it stops its stand-ins when the record is written.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn().map_err(spawned)?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(mut stdin), Some(stdout), Some(stderr)) = pipes else {
        return Err(spawned(io::ErrorKind::BrokenPipe.into()));
    };
    let words = listen(stderr);
    let mut stdout = BufReader::new(stdout);
    let mut line = Vec::new();
    let told = async {
        // A child that died before reading says why on stderr; that is the better message.
        let _ = stdin.write_all(&config).await;
        let _ = stdin.flush().await;
        (&mut stdout)
            .take(LAST_WORDS as u64)
            .read_until(b'\n', &mut line)
            .await
    };
    let told = timeout(READY_WITHIN, told).await;
    let ready = serde_json::from_slice::<Ready>(&line)
        .ok()
        .filter(|r| r.ready);
    match (told, ready) {
        (Ok(Ok(_)), Some(ready)) => Ok((
            Running {
                id: stand_in.id.clone(),
                child,
                stdin: Some(stdin),
                _stdout: stdout,
                words,
            },
            ready,
        )),
        (Err(_), _) => Err(trouble(
            format!("{} 秒以内に準備ができませんでした", READY_WITHIN.as_secs()),
            format!("was not ready within {} s", READY_WITHIN.as_secs()),
        )),
        _ => {
            // Its last words arrive with its end.
            let status = timeout(ENDS_WITHIN, child.wait()).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            let status = match status {
                Ok(Ok(status)) => status.to_string(),
                _ => "?".to_owned(),
            };
            let said = self::words(&words);
            Err(trouble(
                format!("準備ができる前に終わりました（{status}）{said}"),
                format!("ended before it was ready ({status}){said}"),
            ))
        }
    }
}

/// Reads a child's stderr for as long as it lives, so that it never blocks on a full pipe; the last words are kept.
fn listen(mut stderr: ChildStderr) -> Words {
    let words = Words::default();
    let kept = Arc::clone(&words);
    tokio::spawn(async move {
        let mut chunk = [0; 1024];
        while let Ok(read) = stderr.read(&mut chunk).await {
            if read == 0 {
                break;
            }
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend_from_slice(chunk.get(..read).unwrap_or_default());
            let excess = kept.len().saturating_sub(LAST_WORDS);
            kept.drain(..excess);
        }
    });
    words
}

fn words(words: &Words) -> String {
    let kept = words.lock().unwrap_or_else(PoisonError::into_inner);
    let text = String::from_utf8_lossy(&kept);
    match text.trim() {
        "" => String::new(),
        text => format!(": {text}"),
    }
}

#[cfg(all(test, unix))]
#[path = "start_tests.rs"]
mod tests;
