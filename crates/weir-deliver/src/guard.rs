//! The guard: what may be connected to. One for saving, testing and delivering.
//!
//! Denied unless the operator's list allows it: everything that is not a public unicast address, in IPv4 and IPv6, also
//! where an IPv6 address carries an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo). A name is resolved, *all* its
//! addresses are checked, and the connection goes to the very addresses that were checked, so that a name which
//! answers differently the next time gains nothing. The special-purpose ranges are those of the IANA registries
//! (RFC 6890 and its updates).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Authority;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use weir_core::{Code, Error, Result};

/// IPv4 ranges that are not the public internet.
const DENIED_V4: &[(&str, &str)] = &[
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local, cloud metadata among it"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relays"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved, broadcast among it"),
];

/// IPv6: only 2000::/3 is public, and not all of that. Mapped IPv4 and NAT64 lie outside of it.
const PUBLIC_V6: &str = "2000::/3";
const DENIED_V6: &[(&str, &str)] = &[
    ("2001::/23", "protocol assignments, Teredo among them"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
];

/// What ureq has room for.
const MOST_ADDRESSES: usize = 16;

/// Decides what may be connected to. Cheap to clone.
#[derive(Clone, Default)]
pub struct Guard {
    allowed: Arc<[Network]>,
    /// Where names are looked up; tests put their own here.
    names: Names,
}

/// A lookup of host and port.
type Lookup = dyn Fn(&str) -> Vec<SocketAddr> + Send + Sync;

#[derive(Clone, Default)]
enum Names {
    #[default]
    System,
    #[allow(dead_code, reason = "made by tests only")]
    Given(Arc<Lookup>),
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("allowed", &self.allowed).finish()
    }
}

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Guard {
    /// A guard that allows these networks besides the public internet: `127.0.0.0/8,10.1.2.3`. The list is the
    /// operator's, never a request's.
    pub fn new(networks: &str) -> Result<Guard> {
        let written = networks.split(',').map(str::trim).filter(|text| !text.is_empty());
        let allowed = written.map(str::parse).collect::<Result<Vec<Network>>>()?;
        Ok(Guard { allowed: allowed.into(), names: Names::default() })
    }

    /// Refuses a URL that cannot be called: wrong scheme, no host, a password in it, a forbidden address. A name that
    /// does not resolve at present passes; it is checked again with every connection.
    pub fn check_url(&self, url: &str) -> Result<()> {
        let uri = parse(url)?;
        match self.addresses(&uri) {
            Ok(_) | Err(Denial::NoAddress) => Ok(()),
            Err(Denial::Forbidden(address)) => Err(forbidden(&uri, address)),
        }
    }

    /// Whether an address may be connected to.
    pub fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.allowed.iter().any(|network| network.contains(address))
    }

    /// Every address of a URL's host, if all of them may be connected to.
    fn addresses(&self, uri: &Uri) -> std::result::Result<Vec<SocketAddr>, Denial> {
        let found = self.look_up(&host_and_port(uri).ok_or(Denial::NoAddress)?);
        if found.is_empty() {
            return Err(Denial::NoAddress);
        }
        self.check_all(found)
    }

    fn check_all(&self, found: Vec<SocketAddr>) -> std::result::Result<Vec<SocketAddr>, Denial> {
        match found.iter().find(|address| !self.allows(address.ip())) {
            Some(address) => Err(Denial::Forbidden(address.ip())),
            None => Ok(found),
        }
    }

    fn look_up(&self, host_and_port: &str) -> Vec<SocketAddr> {
        match &self.names {
            Names::System => {
                let found = std::net::ToSocketAddrs::to_socket_addrs(host_and_port);
                found.map(Iterator::collect).unwrap_or_default()
            }
            Names::Given(look_up) => look_up(host_and_port),
        }
    }

    #[cfg(test)]
    pub(crate) fn with_names(
        self,
        look_up: impl Fn(&str) -> Vec<SocketAddr> + Send + Sync + 'static,
    ) -> Guard {
        Guard { names: Names::Given(Arc::new(look_up)), ..self }
    }
}

/// What ureq connects to is what was checked.
impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let found = match &self.names {
            // The system's lookup has no time limit of its own; ureq gives it one.
            Names::System => look_up(uri, config, timeout)?,
            Names::Given(_) => self.addresses(uri).map_err(Denial::into_ureq)?,
        };
        let checked = self.check_all(found).map_err(Denial::into_ureq)?;
        let mut addresses = self.empty();
        for address in checked.into_iter().take(MOST_ADDRESSES) {
            addresses.push(address);
        }
        Ok(addresses)
    }
}

/// A name that the system does not know is an input error to it, and no address to us.
fn look_up(
    uri: &Uri,
    config: &Config,
    timeout: NextTimeout,
) -> std::result::Result<Vec<SocketAddr>, ureq::Error> {
    match DefaultResolver::default().resolve(uri, config, timeout) {
        Ok(found) => Ok(found.to_vec()),
        Err(ureq::Error::Io(_)) => Err(ureq::Error::HostNotFound),
        Err(error) => Err(error),
    }
}

/// Why there is nothing to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    NoAddress,
    Forbidden(IpAddr),
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Denial::NoAddress => f.write_str("the name has no address"),
            Denial::Forbidden(address) => write!(f, "{address} is not allowed"),
        }
    }
}

impl std::error::Error for Denial {}

impl Denial {
    fn into_ureq(self) -> ureq::Error {
        match self {
            Denial::NoAddress => ureq::Error::HostNotFound,
            Denial::Forbidden(_) => ureq::Error::Other(Box::new(self)),
        }
    }
}

/// A URL in the very form that the client will use; two parsers could disagree about its host.
pub(crate) fn parse(url: &str) -> Result<Uri> {
    let uri: Uri = url.parse().map_err(|_| invalid("this is not a URL"))?;
    let scheme = uri.scheme_str().unwrap_or_default();
    if !matches!(scheme, "http" | "https") {
        return Err(invalid("a URL begins with https:// or http://"));
    }
    let authority = uri.authority().map(Authority::as_str).unwrap_or_default();
    if authority.contains('@') {
        return Err(invalid("a URL holds no user name and no password").help("webhooks are signed instead"));
    }
    if uri.host().unwrap_or_default().is_empty() {
        return Err(invalid("a URL needs a host"));
    }
    Ok(uri)
}

fn host_and_port(uri: &Uri) -> Option<String> {
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    Some(format!("{}:{}", uri.host()?, uri.port_u16().unwrap_or(usual)))
}

fn invalid(message: &str) -> Error {
    Error::new(Code::InvalidDestination, message).at("/url")
}

fn forbidden(uri: &Uri, address: IpAddr) -> Error {
    let host = uri.host().unwrap_or_default();
    Error::new(
        Code::ForbiddenAddress,
        format!("nothing is sent to {host}: {address} is not a public address"),
    )
    .at("/url")
    .help("whoever operates Weir can allow its network with WEIR_ALLOW_NETWORKS or --allow-networks")
}

/// Whether an address is on the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => !in_any(DENIED_V4, address),
        IpAddr::V6(_) => in_network(PUBLIC_V6, address) && !in_any(DENIED_V6, address),
    }
}

fn in_any(networks: &[(&str, &str)], address: IpAddr) -> bool {
    networks.iter().any(|(network, _)| in_network(network, address))
}

/// A table of ours that does not parse denies everything it could have meant.
fn in_network(network: &str, address: IpAddr) -> bool {
    network.parse::<Network>().is_ok_and(|network| network.contains(address))
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let host_bits = 32 - u32::from(self.prefix);
                let cut = |ip: Ipv4Addr| u32::from(ip).checked_shr(host_bits).unwrap_or(0);
                cut(network) == cut(address)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let host_bits = 128 - u32::from(self.prefix);
                let cut = |ip: Ipv6Addr| u128::from(ip).checked_shr(host_bits).unwrap_or(0);
                cut(network) == cut(address)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = Error;

    /// `10.0.0.0/8`, `fd00::/8`, or one address.
    fn from_str(text: &str) -> Result<Network> {
        let wrong = || {
            Error::new(Code::InvalidArgument, format!("\"{text}\" is not a network"))
                .at("--allow-networks")
                .help("write ADDRESS/PREFIX, for example 127.0.0.0/8 or fd00::/8, separated by commas")
        };
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |prefix| prefix.parse::<u8>().map_err(|_| wrong()))?;
        if prefix > most { Err(wrong()) } else { Ok(Network { address, prefix }) }
    }
}

#[cfg(test)]
mod tests;
