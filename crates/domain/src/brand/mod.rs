//! What an operator looks like: a panel name, an accent colour and a logo.

mod accent;
mod logo;

pub use accent::{Accent, AccentError, LEAST_CONTRAST};
pub use logo::{LogoError, MOST_BYTES as MOST_LOGO_BYTES, MOST_SIDE as MOST_LOGO_SIDE, check as check_logo};

/// Characters of a panel name at most.
pub const LONGEST_PANEL_NAME: usize = 60;
