//! Whose word counts for a client's address.

use std::net::IpAddr;

/// The reverse proxies in front of this server, as the operator listed them.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Vec<Network>);

#[derive(Debug, Clone, Copy)]
struct Network {
    address: u128,
    mask: u128,
}

impl Proxies {
    /// Reads addresses (`10.0.0.1`) and networks (`10.0.0.0/8`, `fd00::/8`); the first unreadable one is the error.
    pub fn parse(texts: &[String]) -> Result<Self, String> {
        texts
            .iter()
            .map(|text| Network::parse(text).ok_or_else(|| text.clone()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let address = bits(address);
        self.0
            .iter()
            .any(|network| address & network.mask == network.address)
    }

    /// The client's address: the peer itself, or, where the peer is a listed proxy, the rightmost forwarded address
    /// that is not. A header nobody can read leaves the last address that is known.
    pub(crate) fn client<'a>(
        &self,
        peer: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = &'a str>,
    ) -> IpAddr {
        let mut client = peer;
        for hop in forwarded.rev().flat_map(|line| line.rsplit(',')) {
            if !self.contains(client) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => client = address.to_canonical(),
                Err(_) => break,
            }
        }
        client
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = text
            .split_once('/')
            .map_or((text, None), |(address, length)| (address, Some(length)));
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Some(width), |length| length.parse().ok())?;
        let host_bits = 128 - (128 - width + (length <= width).then_some(length)?);
        let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
        Some(Self {
            address: bits(address) & mask,
            mask,
        })
    }
}

/// IPv4 as mapped into IPv6, so that one comparison serves both.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let proxies: Vec<String> = proxies.iter().map(|&text| text.to_owned()).collect();
        let proxies = Proxies::parse(&proxies).unwrap();
        proxies
            .client(peer.parse().unwrap(), forwarded.iter().copied())
            .to_string()
    }

    #[test]
    fn prx_4_a_stranger_cannot_choose_its_address() {
        assert_eq!(client(&[], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(
            client(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.1"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn prx_4_counted_from_the_right() {
        assert_eq!(
            client(&["10.0.0.1"], "10.0.0.1", &["1.1.1.1, 198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(
            client(&["10.0.0.0/8"], "10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"]),
            "198.51.100.7"
        );
        assert_eq!(
            client(&["10.0.0.0/8"], "10.0.0.1", &["1.1.1.1", "198.51.100.7"]),
            "198.51.100.7"
        );
    }

    #[test]
    fn prx_4_unreadable_is_the_peer_never_a_skipped_rule() {
        assert_eq!(
            client(&["10.0.0.1"], "10.0.0.1", &["1.1.1.1, nonsense"]),
            "10.0.0.1"
        );
        assert_eq!(client(&["10.0.0.1"], "10.0.0.1", &[""]), "10.0.0.1");
        assert_eq!(client(&["10.0.0.1"], "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn networks() {
        assert_eq!(client(&["fd00::/8"], "fd12::1", &["2001:db8::5"]), "2001:db8::5");
        assert_eq!(
            client(&["0.0.0.0/0"], "192.0.2.1", &["2001:db8::5"]),
            "2001:db8::5"
        );
        for bad in [
            "10.0.0.0/33",
            "fd00::/129",
            "10.0.0",
            "localhost",
            "10.0.0.0/-1",
            "",
        ] {
            assert!(Proxies::parse(&[bad.to_owned()]).is_err(), "{bad}");
        }
    }
}
