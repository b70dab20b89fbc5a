//! Stand-ins: processes of this same binary that play a vendor's system. The harness meets them only over sockets and
//! folders, exactly as it meets a real one; what they do is never reported as a vendor's result.

mod certificates;
mod config;
mod consumer;
mod misbehaviour;
mod provider;
mod receiver;
mod records;
mod script;
mod serve;
mod start;

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};

use renkei_core::model::Bilingual;
use renkei_core::plan::StandInRole;

pub use config::{ClientConfig, PlatformConfig, ProviderConfig, Ready, ReceiverConfig};
pub use consumer::{ConsumerConfig, Told, consume};
pub use misbehaviour::{MISBEHAVIOURS, Misbehaviour, Switch, Switches};
pub use provider::provide;
pub use receiver::receive;
pub use records::RecordForm;
pub use start::StandIns;

use crate::clock::Clock;
use crate::error::RunError;
use crate::stop::Stop;

/// Longest configuration that is read from stdin, in bytes: an OpenAPI document and some names.
const CONFIG_LIMIT: u64 = 16 * 1024 * 1024;

/// `renkei mock provider` and `renkei mock receiver`: reads the configuration as one line of JSON from stdin, writes one
/// line `{"ready":true,…}` to stdout when it can be met, and serves until it is stopped.
///
/// # Errors
/// The configuration cannot be used, the port is taken, a folder cannot be written.
pub async fn mock(role: StandInRole) -> Result<(), RunError> {
    if std::io::stdin().is_terminal() {
        return Err(no_config(Bilingual::new(
            "設定が標準入力にありません",
            "no configuration on standard input",
        )));
    }
    // Plain blocking reads: an async stdin would keep the process from ending until somebody types.
    let mut line = Vec::new();
    BufReader::new(std::io::stdin().lock().take(CONFIG_LIMIT))
        .read_until(b'\n', &mut line)
        .map_err(|e| RunError::reading("stdin".as_ref(), e))?;
    let stop = Stop::on_ctrl_c();
    let clock = Clock::system();
    let (bound, held) = match role {
        StandInRole::Provider => {
            let config: ProviderConfig = parse(&line)?;
            let held = config.stop_with_stdin;
            let serving = provide(config, &clock, stop.clone()).await?;
            (serving, held)
        }
        StandInRole::Authorization => {
            let config: PlatformConfig = parse(&line)?;
            let held = config.stop_with_stdin;
            let serving = provide(config.into(), &clock, stop.clone()).await?;
            (serving, held)
        }
        StandInRole::Consumer => {
            let config: ConsumerConfig = parse(&line)?;
            return consume(&config, &clock, &stop, &mut |told| consumer::print(told)).await;
        }
        StandInRole::Receiver => {
            let config: ReceiverConfig = parse(&line)?;
            let held = config.stop_with_stdin;
            (receive(config, stop.clone())?, held)
        }
    };
    announce(&bound.ready)?;
    if held {
        // The parent keeps our stdin open; when it goes, for whatever reason, we go.
        let told = stop.clone();
        std::thread::spawn(move || {
            let mut rest = [0; 64];
            while matches!(std::io::stdin().read(&mut rest), Ok(n) if n > 0) {}
            told.stop();
        });
    }
    bound.serving.await.unwrap_or_else(|e| {
        Err(RunError::StandIn {
            id: String::new(),
            message: Bilingual::new(
                format!("内部の異常終了（{e}）"),
                format!("ended abnormally ({e})"),
            ),
            help: Bilingual::new("再実行してください", "run it again"),
        })
    })
}

/// A stand-in that can be met.
pub struct Bound {
    /// What the parent needs to know of it.
    pub ready: Ready,
    /// Ends when it is stopped.
    pub serving: tokio::task::JoinHandle<Result<(), RunError>>,
}

fn announce(ready: &Ready) -> Result<(), RunError> {
    let mut line =
        serde_json::to_vec(ready).map_err(|e| RunError::writing("stdout".as_ref(), e.into()))?;
    line.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&line)
        .and_then(|()| out.flush())
        .map_err(|e| RunError::writing("stdout".as_ref(), e))
}

fn parse<T: serde::de::DeserializeOwned>(line: &[u8]) -> Result<T, RunError> {
    serde_json::from_slice(line).map_err(|e| {
        no_config(Bilingual::new(
            format!("設定を読めません（{e}）"),
            format!("the configuration cannot be read ({e})"),
        ))
    })
}

fn no_config(message: Bilingual) -> RunError {
    RunError::Input {
        place: "stdin".to_owned(),
        message,
        help: Bilingual::new(
            "設定はJSONを1行で標準入力に渡してください。通常は renkei run が自分で渡します",
            "pass the configuration as one line of JSON on stdin; normally `renkei run` does that itself",
        ),
    }
}

#[cfg(test)]
mod tests;
