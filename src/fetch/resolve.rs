//! Host names to addresses, through the guard. The connection goes to the very addresses that were
//! checked, so that a name cannot change its mind between check and call.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::forbidden_resolved;

/// Longest wait for a name: part of the five seconds for a connection.
const PATIENCE: Duration = Duration::from_secs(4);

/// Why a name gave no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ResolveError {
    /// No such name, or no server to ask.
    #[error("`{host}` cannot be resolved: {detail}")]
    NotFound { host: String, detail: String },
    /// No answer in time.
    #[error("`{host}`: no answer from the name server")]
    Timeout { host: String },
    /// It resolves to where a feed may not lead.
    #[error("`{host}` is {address}, a {what} address")]
    Forbidden { host: String, address: String, what: &'static str },
}

/// Resolves through the system and lets only public addresses through, except for `trusted` hosts.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// Hosts of configured proxies; for the client of feeds on one's own network, any host.
    pub(super) trusted: Arc<Trusted>,
}

/// Which hosts are not checked.
#[derive(Debug)]
pub(super) enum Trusted {
    /// These.
    Hosts(HashSet<String>),
    /// All: the caller has checked host and port.
    All,
}

impl Trusted {
    pub(super) fn covers(&self, host: &str) -> bool {
        match self {
            Self::Hosts(hosts) => hosts.contains(&host.trim_end_matches('.').to_ascii_lowercase()),
            Self::All => true,
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let trusted = self.trusted.covers(&host);
        Box::pin(async move {
            let found = look_up(&host).await?;
            let addresses = if trusted { found } else { public_only(&host, found)? };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

async fn look_up(host: &str) -> Result<Vec<SocketAddr>, ResolveError> {
    match tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host, 0))).await {
        Ok(Ok(found)) => Ok(found.collect()),
        Ok(Err(error)) => Err(ResolveError::NotFound { host: host.to_owned(), detail: error.to_string() }),
        Err(_) => Err(ResolveError::Timeout { host: host.to_owned() }),
    }
}

/// Drops forbidden addresses; an error if nothing is left.
fn public_only(host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, ResolveError> {
    let mut refused = None;
    let mut public = Vec::with_capacity(found.len());
    for address in found {
        match forbidden_resolved(address.ip()) {
            None => public.push(address),
            Some(what) => refused = Some((address.ip(), what)),
        }
    }
    match refused {
        Some((address, what)) if public.is_empty() => {
            Err(ResolveError::Forbidden { host: host.to_owned(), address: address.to_string(), what })
        }
        _ => Ok(public),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(list: &[&str]) -> Vec<SocketAddr> {
        list.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn a_name_that_is_private_is_refused_with_its_address() {
        let error = public_only("feed.example", addresses(&["10.0.0.7"])).unwrap_err();
        assert_eq!(error.to_string(), "`feed.example` is 10.0.0.7, a private address");
    }

    #[test]
    fn of_several_addresses_only_public_ones_are_called() {
        let left = public_only("feed.example", addresses(&["127.0.0.1", "1.1.1.1", "::1"])).unwrap();
        assert_eq!(left, addresses(&["1.1.1.1"]));
    }
}
