//! Where a portal's API is, and how a resource and its identifiers are written into an address.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::id::{AccountNumber, ChannelId, Login, Mac};

/// What stays as it is in `index.php?q=`.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'@').remove(b'~');

/// How many identifiers go into one address: Apache forbids paths from about 4 KB on.
pub(crate) const BATCH: usize = 100;

const API_FOLDERS: [&str; 2] = ["api/v1/", "api/"];
const PORTAL_FOLDER: &str = "stalker_portal/";

/// Why a text is not where a portal can be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// With what is wrong with it.
    #[error("it is no web address: {0}")]
    NotAnUrl(String),
    /// With the scheme that it begins with.
    #[error("it begins with {0}://, and a portal answers to http:// and https:// only")]
    Scheme(String),
    /// An address stands in logs and errors, and no password may.
    #[error("it holds a user name or password: give these by themselves")]
    Credentials,
}

/// The API's own folder, `http://portal.example/stalker_portal/api/` or its `v1/`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiAddress(Url);

impl ApiAddress {
    /// The API's folder, as it is given.
    pub fn new(text: &str) -> Result<Self, InvalidAddress> {
        let mut url = web_address(text)?;
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self(url))
    }

    /// The folders where the API may be, for what an operator typed or pasted: a host, the portal's own page, or the
    /// address of one resource.
    pub fn candidates(text: &str) -> Result<Vec<Self>, InvalidAddress> {
        let url = web_address(text)?;
        let path = url.path();
        let at = |path: &str| {
            let mut url = url.clone();
            url.set_path(path);
            Self(url)
        };
        let portal = match path.find("/api").filter(|start| matches!(path.as_bytes().get(start + 4), None | Some(b'/')))
        {
            Some(start) => path[..=start].to_owned(),
            // The pages of boxes, which people know best.
            None => match path.find("/c/") {
                Some(start) => path[..=start].to_owned(),
                None if path == "/" => format!("/{PORTAL_FOLDER}"),
                None => format!("{}/", path.trim_end_matches('/')),
            },
        };
        Ok(API_FOLDERS.iter().map(|folder| at(&format!("{portal}{folder}"))).collect())
    }

    /// Whether what is sent here can be read on the way.
    pub fn is_plain_http(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The folder's address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// The address of this resource.
    pub(crate) fn to(&self, path: &Path) -> Url {
        let mut url = self.0.clone();
        let folder = url.path().to_owned();
        match &path.ids {
            Ids::None => url.set_path(&format!("{folder}{}/", path.resource)),
            Ids::Plain(ids) => url.set_path(&format!("{folder}{}/{ids}", path.resource)),
            Ids::Odd(id) => {
                url.set_path(&format!("{folder}index.php"));
                url.set_query(Some(&format!("q={}/{}", path.resource, utf8_percent_encode(id, QUERY))));
            }
        }
        url
    }
}

fn web_address(text: &str) -> Result<Url, InvalidAddress> {
    let text = text.trim();
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let mut url = Url::parse(&with_scheme).map_err(|error| InvalidAddress::NotAnUrl(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(InvalidAddress::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidAddress::Credentials);
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

impl fmt::Display for ApiAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl fmt::Debug for ApiAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiAddress({})", self.0)
    }
}

impl TryFrom<String> for ApiAddress {
    type Error = InvalidAddress;

    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        Self::new(&text)
    }
}

impl From<ApiAddress> for String {
    fn from(address: ApiAddress) -> Self {
        address.0.into()
    }
}

/// A resource and whom it is about.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    resource: &'static str,
    ids: Ids,
}

#[derive(Clone, Debug)]
enum Ids {
    /// Everything, or everybody.
    None,
    /// Safe in any path, joined by commas.
    Plain(String),
    /// One login with characters that the rewrite rules would change.
    Odd(String),
}

impl Path {
    /// The whole resource. To some a write here reaches everybody.
    pub(crate) fn all(resource: &'static str) -> Self {
        Self { resource, ids: Ids::None }
    }

    pub(crate) fn login(login: &Login) -> Self {
        let id = login.as_str().to_owned();
        Self { resource: "users", ids: if login.is_safe_in_path() { Ids::Plain(id) } else { Ids::Odd(id) } }
    }

    pub(crate) fn mac(resource: &'static str, mac: Mac) -> Self {
        Self { resource, ids: Ids::Plain(mac.to_string()) }
    }

    pub(crate) fn number(resource: &'static str, number: &AccountNumber) -> Self {
        Self { resource, ids: Ids::Plain(number.to_string()) }
    }

    pub(crate) fn row(resource: &'static str, id: u32) -> Self {
        debug_assert!(id > 0);
        Self { resource, ids: Ids::Plain(id.to_string()) }
    }

    /// Some of one kind; `None` for none, since no identifier means everybody.
    pub(crate) fn macs(resource: &'static str, macs: &[Mac]) -> Option<Self> {
        Self::joined(resource, macs)
    }

    pub(crate) fn numbers(resource: &'static str, numbers: &[AccountNumber]) -> Option<Self> {
        Self::joined(resource, numbers)
    }

    pub(crate) fn channels(ids: &[ChannelId]) -> Option<Self> {
        Self::joined("itv", ids)
    }

    fn joined<T: ToString>(resource: &'static str, ids: &[T]) -> Option<Self> {
        debug_assert!(ids.len() <= BATCH);
        let ids: Vec<String> = ids.iter().map(T::to_string).collect();
        (!ids.is_empty()).then(|| Self { resource, ids: Ids::Plain(ids.join(",")) })
    }

    pub(crate) fn resource(&self) -> &'static str {
        self.resource
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login_url(text: &str) -> String {
        let api = ApiAddress::new("http://p.example/stalker_portal/api").expect("an address");
        api.to(&Path::login(&Login::new(text).expect("a login"))).to_string()
    }

    #[test]
    fn odd_logins_go_by_the_query() {
        assert_eq!(login_url("ivan@example.org"), "http://p.example/stalker_portal/api/users/ivan@example.org");
        for (text, query) in [
            ("a+b", "a%2Bb"),
            ("ivan&x", "ivan%26x"),
            ("100%", "100%25"),
            ("..", ".."),
            ("a b", "a%20b"),
            ("a#b?c", "a%23b%3Fc"),
            ("Ив", "%D0%98%D0%B2"),
        ] {
            assert_eq!(login_url(text), format!("http://p.example/stalker_portal/api/index.php?q=users/{query}"));
        }
    }

    #[test]
    fn no_identifiers_are_no_path() {
        assert!(Path::macs("stb", &[]).is_none());
    }

    #[test]
    fn what_people_paste_leads_to_the_api() {
        let found = |text: &str| {
            let candidates = ApiAddress::candidates(text).expect("an address");
            candidates.iter().map(|api| api.as_str().replace("http://p.example", "")).collect::<Vec<_>>().join(" ")
        };
        let usual = "/stalker_portal/api/v1/ /stalker_portal/api/";
        for text in [
            "p.example",
            "http://p.example/",
            "http://p.example/stalker_portal",
            "http://p.example/stalker_portal/c/",
            "http://p.example/stalker_portal/api",
            "http://p.example/stalker_portal/api/tariffs",
            "http://p.example/stalker_portal/api/v1/accounts/?x=1#y",
        ] {
            assert_eq!(found(text), usual, "{text}");
        }
        assert_eq!(found("http://p.example/ministra/api/"), "/ministra/api/v1/ /ministra/api/");
        assert_eq!(ApiAddress::new("ftp://p.example"), Err(InvalidAddress::Scheme("ftp".to_owned())));
        assert_eq!(ApiAddress::new("http://a:b@p.example"), Err(InvalidAddress::Credentials));
    }
}
