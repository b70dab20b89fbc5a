//! Which areas look at an exchange, in which order, and what ends the looking.

use super::sink::Sink;
use super::{api, aut, net};
use crate::observe::{CallView, PlatformView, TokenView};

/// Judges an API call: the way first, then the token's part, then the message. A failure of the way is its one finding.
pub fn examine_call(view: &CallView<'_>, out: &mut Sink) {
    if net::examine(view.exchange, out) {
        return;
    }
    aut::examine_call(view, out);
    api::examine(view, out);
}

/// Judges a token call: the way first, then what the endpoint answered.
pub fn examine_token(view: &TokenView<'_>, out: &mut Sink) {
    if net::examine(view.exchange, out) || api::incomplete(view.exchange, out) {
        return;
    }
    aut::examine_token(view, out);
}

/// Judges a token request that was wrong on purpose.
pub fn examine_misuse(view: &TokenView<'_>, out: &mut Sink) {
    if net::examine(view.exchange, out) || api::incomplete(view.exchange, out) {
        return;
    }
    aut::examine_misuse(view, out);
}

/// Judges a question to the authorization platform beside token requests.
pub fn examine_platform(view: &PlatformView<'_>, out: &mut Sink) {
    if net::examine(view.exchange, out) || api::incomplete(view.exchange, out) {
        return;
    }
    aut::examine_platform(view, out);
}
