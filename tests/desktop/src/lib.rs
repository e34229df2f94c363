//! A desk for one test: a virtual display, a session bus, a keyring, a home of its own, and on it the real window,
//! driven through WebDriver; and a real Central beside it.
//!
//! Two environment variables are never set here: `WEBKIT_DISABLE_DMABUF_RENDERER` and
//! `WEBKIT_DISABLE_COMPOSITING_MODE`. With either, a screenshot through WebDriver hangs for ever.

mod books;
pub mod customer;
mod notifications;
mod till;
mod window;

pub use books::Books;
pub use notifications::{NotificationServer, Shown};
pub use till::{Equation, Sale};
pub use window::Window;
