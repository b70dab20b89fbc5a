use std::collections::BTreeSet;

use url::Url;

/// Hosts and ports that the plan's endpoints name. Nothing else is ever contacted.
#[derive(Clone, Debug, Default)]
pub struct Allowed(BTreeSet<(String, u16)>);

impl Allowed {
    /// Adds the host and port of an endpoint.
    pub fn add(&mut self, url: &Url) {
        self.0.extend(key(url));
    }

    /// True when the plan names the host and port of `url`.
    pub fn contains(&self, url: &Url) -> bool {
        key(url).is_some_and(|key| self.0.contains(&key))
    }
}

fn key(url: &Url) -> Option<(String, u16)> {
    Some((
        url.host_str()?.to_ascii_lowercase(),
        url.port_or_known_default()?,
    ))
}
