//! A shop without a window: the desktop's core in a process of its own, driven as its page drives it.

mod follower;
pub mod load;
mod reading;
mod shop;

pub use follower::{Ear, Follower, Pulled};
pub use reading::{equation, redeem, redeem_for, state_of};
pub use shop::{Refused, Shop, fresh_id};
