//! The live stream: Central tells a device that its feed moved, and the device pulls.
//!
//! `GET /api/v1/sync/live` answers with `text/event-stream`. It carries versions and the names of what changed, and
//! nothing else, so a stream cannot show anybody what it could not ask for.

use counterfoil_domain::ids::Epoch;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Name of the only event; its data is a [`Head`].
pub const HEAD_EVENT: &str = "head";

/// Central writes at least this often, if only a comment. Milliseconds.
pub const KEEP_ALIVE_MS: u64 = 15_000;

/// How far the feed has come. The first event of a stream says where it stands; each further one, that something in
/// the device's scope changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Head {
    /// As in the cursor of a pull: another one than the device's makes it read everything again.
    pub epoch: Epoch,
    /// Everything up to this version can be pulled.
    pub version: i64,
    /// What changed in the device's scope and stands in no row of the feed. A device that was not listening, and one that
    /// just begins to, takes everything for changed.
    #[serde(default, skip_serializing_if = "NewsSet::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<News>))]
    pub news: NewsSet,
}

/// What is asked of Central each time it is shown, and is no row of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum News {
    Applications,
    TopUps,
    Earnings,
    Payouts,
    Notices,
    Orders,
}

impl News {
    pub const ALL: [Self; 6] =
        [Self::Applications, Self::TopUps, Self::Earnings, Self::Payouts, Self::Notices, Self::Orders];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applications => "applications",
            Self::TopUps => "top_ups",
            Self::Earnings => "earnings",
            Self::Payouts => "payouts",
            Self::Notices => "notices",
            Self::Orders => "orders",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|news| news.as_str() == name)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Each of them at most once. A name from the future is passed over: nothing here shows what it is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NewsSet(u8);

impl NewsSet {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks in this way whether to write it")]
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = News> {
        News::ALL.into_iter().filter(move |news| self.0 & news.bit() != 0)
    }
}

impl FromIterator<News> for NewsSet {
    fn from_iter<I: IntoIterator<Item = News>>(all: I) -> Self {
        Self(all.into_iter().fold(0, |bits, news| bits | news.bit()))
    }
}

impl Serialize for NewsSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for NewsSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        Ok(names.iter().filter_map(|name| News::from_stored(name)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_with_and_without_news_and_with_those_of_the_future() {
        let epoch = Epoch::from_bytes([7; 16]);
        let read = |news: &str| -> Head {
            serde_json::from_str(&format!(r#"{{"epoch":"{epoch}","version":42{news}}}"#)).expect("a head")
        };
        let quiet = Head { epoch, version: 42, news: NewsSet::default() };
        assert_eq!(read(""), quiet);
        assert_eq!(serde_json::to_string(&quiet).expect("JSON"), format!(r#"{{"epoch":"{epoch}","version":42}}"#));
        let told = read(r#","news":["payouts","weather","applications","payouts"]"#);
        let both: NewsSet = [News::Applications, News::Payouts].into_iter().collect();
        assert_eq!(told.news, both);
        assert_eq!(told.news.iter().collect::<Vec<_>>(), [News::Applications, News::Payouts]);
        assert!(serde_json::to_string(&told).expect("JSON").ends_with(r#""news":["applications","payouts"]}"#));
    }
}
