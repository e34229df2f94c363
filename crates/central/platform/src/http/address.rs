//! Where a request comes from. `X-Forwarded-For` is believed only from proxies the operator named: anyone can write it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::failure::Failure;

/// The address of the client, found by the outermost layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

/// The peers whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<IpAddr>);

impl ClientAddress {
    /// What limits count together: one IPv4 /24 or IPv6 /56, which is what one customer of a provider can move within.
    pub fn network(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00)
            }
        }
    }
}

impl std::fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.to_canonical().fmt(f)
    }
}

impl TrustedProxies {
    /// The last address in the chain that no trusted proxy has.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut client = peer;
        // A line that is no text is a hop that is no address. Left out, what the client wrote before it would be believed.
        let hops: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .map(|value| value.to_str().unwrap_or_default())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in hops.into_iter().rev() {
            if !self.0.contains(&client.to_canonical()) {
                break;
            }
            // A proxy that writes nonsense is itself the best that is known.
            let Ok(next) = hop.trim().parse() else { break };
            client = next;
        }
        ClientAddress(client)
    }

    pub(super) fn client_of(&self, request: &Request) -> ClientAddress {
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        self.client(peer, request.headers())
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(*parts.extensions.get::<Self>().unwrap_or(&Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(forwarded: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("header"));
        headers
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("address");
        let proxies = TrustedProxies(vec![ip("10.0.0.1"), ip("10.0.0.2")]);
        let client = |peer: &str, forwarded: &str| proxies.client(ip(peer), &headers(forwarded)).to_string();
        assert_eq!(client("192.0.2.9", "203.0.113.5"), "192.0.2.9");
        assert_eq!(client("10.0.0.1", "203.0.113.5"), "203.0.113.5");
        // The left part is what the client itself wrote.
        assert_eq!(client("10.0.0.1", "198.51.100.1, 203.0.113.5, 10.0.0.2"), "203.0.113.5");
        assert_eq!(client("10.0.0.1", "nonsense"), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", "203.0.113.5"), "203.0.113.5");
    }

    #[test]
    fn a_line_that_is_no_text_does_not_bring_out_the_one_before_it() {
        let proxy: IpAddr = "10.0.0.1".parse().expect("address");
        // The client wrote both lines, and the proxy added what it saw to the last one.
        let mut headers = headers("198.51.100.1");
        headers.append("x-forwarded-for", HeaderValue::from_bytes(b"\xff, 203.0.113.5").expect("header"));
        assert_eq!(TrustedProxies(vec![proxy]).client(proxy, &headers), ClientAddress(proxy));
    }

    #[test]
    fn limits_count_the_networks_a_client_can_move_in() {
        let network = |text: &str| ClientAddress(text.parse().expect("address")).network();
        assert_eq!(network("192.0.2.9"), "192.0.2.0/24");
        assert_eq!(network("::ffff:192.0.2.9"), "192.0.2.0/24");
        assert_eq!(network("2001:db8:1:22ff::1"), network("2001:db8:1:2200:5::9"));
    }
}
