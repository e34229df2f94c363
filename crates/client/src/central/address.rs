//! The server's address, as people type it.

use std::net::IpAddr;

use reqwest::Url;

use super::CentralError;

/// Scheme, host and port of a Central, with the path it may be served under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(Url);

impl Address {
    /// Takes what people type: `central.example`, `http://localhost:8080/`. Without a scheme it is HTTPS, but plain HTTP
    /// on this machine itself.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim().trim_end_matches('/');
        let with_scheme = if typed.contains("://") {
            typed.to_owned()
        } else {
            let local = Url::parse(&format!("http://{typed}")).is_ok_and(|url| is_this_machine(&url));
            format!("{}://{typed}", if local { "http" } else { "https" })
        };
        let url = Url::parse(&with_scheme).ok()?;
        let fits = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        fits.then_some(Self(url))
    }

    pub(crate) fn join(&self, path: &str) -> Result<Url, CentralError> {
        Url::parse(&format!("{}{path}", self.as_str()))
            .map_err(|error| CentralError::Incompatible(format!("no address: {error}")))
    }

    /// Without a slash at the end.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Plain HTTP to another machine: anyone on the way reads and changes it.
    pub(crate) fn is_insecure(&self) -> bool {
        self.0.scheme() == "http" && !is_this_machine(&self.0)
    }
}

fn is_this_machine(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host == "localhost"
            || host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_an_address() {
        for (typed, address, insecure) in [
            ("central.example", "https://central.example", false),
            (" https://central.example/ ", "https://central.example", false),
            ("localhost:8080", "http://localhost:8080", false),
            ("127.0.0.1:8080", "http://127.0.0.1:8080", false),
            ("http://[::1]:8080", "http://[::1]:8080", false),
            ("http://central.example/cf", "http://central.example/cf", true),
        ] {
            let parsed = Address::parse(typed).expect("an address");
            assert_eq!((parsed.as_str(), parsed.is_insecure()), (address, insecure), "{typed}");
        }
        for bad in ["", "ftp://central.example", "https://user@central.example", "https://a?b=c", "two words"] {
            assert_eq!(Address::parse(bad), None, "{bad}");
        }
    }
}
