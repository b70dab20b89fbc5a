use std::sync::Arc;

use tokio::sync::watch;

/// The operator's wish to stop, shared by everything that waits. Once given it stays.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl Stop {
    /// Not stopped.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// A stop that Ctrl-C gives, or a request to end (SIGTERM), or a terminal that was closed (SIGHUP). From the return on no
    /// such wish is lost. Must be called within the async runtime.
    pub fn on_ctrl_c() -> Self {
        let stop = Self::new();
        let told = stop.clone();
        let asked = asked_to_end();
        tokio::spawn(async move {
            asked.await;
            told.stop();
        });
        stop
    }

    /// Gives the wish.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// True once it was given.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it is given.
    pub async fn stopped(&self) {
        let mut seen = self.0.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail while we are here.
        let _ = seen.wait_for(|stopped| *stopped).await;
    }
}

/// Listens at once, and ends when one of the signals comes. Without a listener for one of them the others still work.
#[cfg(unix)]
fn asked_to_end() -> impl Future<Output = ()> {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    async fn came(signal: Option<Signal>) {
        match signal {
            Some(mut signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
    let [int, term, hup] = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ]
    .map(|kind| signal(kind).ok());
    async {
        tokio::select! {
            () = came(int) => {}
            () = came(term) => {}
            () = came(hup) => {}
        }
    }
}

#[cfg(not(unix))]
fn asked_to_end() -> impl Future<Output = ()> {
    let listening = tokio::signal::windows::ctrl_c().ok();
    async {
        match listening {
            Some(mut signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
}
