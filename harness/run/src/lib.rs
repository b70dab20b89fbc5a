//! Everything of renkei that touches the world: the run bundle on disk, HTTP, tokens, stand-ins, the exchanges of a plan.
//!
//! It performs and records; it never judges. What it leaves behind are facts ([`renkei_core::record`]): what was sent,
//! what came back, what went wrong on the way. Async lives only here.
//!
//! Rooms, each uses only rooms to its left: `error clock stop secret | store line http | token | preflight |
//! perform`; `audit project_key erase` use `error store`; `relay replay foreign` use those up to `token`; `stand_in` uses `error clock store`, and where it plays a client or a platform `jwt token`; it is otherwise alone: the harness meets it only over sockets.

mod audit;
mod clock;
pub mod erase;
mod error;
pub mod foreign;
pub mod http;
mod jwt;
pub mod line;
pub mod perform;
mod platform;
mod preflight;
mod project_key;
pub mod register;
pub mod relay;
pub mod replay;
mod scene;
mod secret;
mod session;
pub mod stand_in;
mod stop;
pub mod store;
mod tls;
pub mod token;
pub mod travel;

pub use audit::audit;
pub use clock::Clock;
pub use error::{Doing, RunError};
pub use perform::{Progress, Settings, perform};
pub use project_key::project_key;
pub use scene::{Place, Scene};
pub use secret::{Secret, Vault};
pub use stop::Stop;
