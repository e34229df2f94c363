use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::{InvalidId, is_function};

const LONGEST_EXTERNAL: usize = 64;

macro_rules! row_ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// `None` for zero, which means everything to a portal.
            pub const fn new(id: u32) -> Option<Self> {
                match NonZeroU32::new(id) {
                    Some(id) => Some(Self(id)),
                    None => None,
                }
            }

            /// The number, never zero.
            pub const fn get(self) -> u32 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

row_ids! {
    /// A tariff's id, for `tariffs/ID`; accounts name it by its [`ExternalId`].
    TariffId
    /// A package's id, for `services_package/ID`.
    PackageId
    /// A channel's id.
    ChannelId
    /// A reseller's id, of Ministra 5.6.
    ResellerId
}

/// What an operator calls a tariff or a package, and what accounts and subscriptions name it by.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExternalId(String);

impl ExternalId {
    /// Any text that a portal stores whole; not an empty one.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
        let text = text.into();
        // It never stands in an address, so a comma or a zero is nothing special.
        if text.trim().is_empty() {
            return Err(InvalidId::Empty);
        }
        if text.trim() != text {
            return Err(InvalidId::OuterSpace);
        }
        if text.chars().any(|character| character.is_control() || character.len_utf8() == 4) {
            return Err(InvalidId::Character);
        }
        if text.chars().count() > LONGEST_EXTERNAL {
            return Err(InvalidId::TooLong(LONGEST_EXTERNAL));
        }
        if is_function(&text) {
            return Err(InvalidId::SqlFunction);
        }
        Ok(Self(text))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExternalId({:?})", self.0)
    }
}

impl TryFrom<String> for ExternalId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::new(text)
    }
}

impl From<ExternalId> for String {
    fn from(id: ExternalId) -> Self {
        id.0
    }
}
