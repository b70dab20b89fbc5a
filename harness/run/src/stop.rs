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

    /// A stop that Ctrl-C gives, or a request to end (SIGTERM), or a terminal that was closed (SIGHUP). Must be called
    /// within the async runtime.
    pub fn on_ctrl_c() -> Self {
        let stop = Self::new();
        let told = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                Ok(()) = tokio::signal::ctrl_c() => told.stop(),
                () = asked_to_end() => told.stop(),
            }
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

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match (
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
    ) {
        (Ok(mut term), Ok(mut hup)) => tokio::select! {
            _ = term.recv() => {}
            _ = hup.recv() => {}
        },
        // Without these Ctrl-C still works.
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    std::future::pending().await
}
