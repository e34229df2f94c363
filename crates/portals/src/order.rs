//! What is to be done to boxes, checked: nothing that a portal would store as something else.

use std::time::Duration;

use counterfoil_stalker::{Event, ExternalId, Message, MessageText};
use counterfoil_wire::boxes::BoxAction;
use counterfoil_wire::problem::FieldProblem;

/// A message stays on the screen for a day at most.
const LONGEST_SHOWN_S: u32 = 86_400;
const MOST_PACKAGES: usize = 50;

/// Something to do to a box.
#[derive(Debug, Clone)]
pub enum Order {
    /// A text for the screen.
    Message(Message),
    /// Something for the box to do.
    Event(Event),
    /// Its MAC stays.
    SignInAgain,
    /// The portal forgets the device and its MAC, so that another box can sign in.
    ResetDevice,
    /// Read back, so that it is known what became of it.
    Packages(Packages),
}

/// Packages to add or to take away.
#[derive(Debug, Clone)]
pub struct Packages {
    pub(super) ids: Vec<ExternalId>,
    pub(super) add: bool,
}

fn field(name: &str, message: impl Into<String>) -> FieldProblem {
    FieldProblem { field: name.to_owned(), message: message.into() }
}

impl Order {
    /// What is asked for, when a portal can be told it.
    pub fn of(action: &BoxAction) -> Result<Self, FieldProblem> {
        Ok(match action {
            BoxAction::Message { text, hide_after_s } => {
                let text = MessageText::new(text.as_str()).map_err(|wrong| field("text", wrong.to_string()))?;
                Self::Message(Message { hide_after: shown(*hide_after_s)?, ..Message::new(text) })
            }
            BoxAction::Reboot => Self::Event(Event::Reboot),
            BoxAction::ReloadPortal => Self::Event(Event::ReloadPortal),
            BoxAction::UpdateChannels => Self::Event(Event::UpdateChannels),
            BoxAction::CutOff => Self::Event(Event::CutOff),
            BoxAction::SignInAgain => Self::SignInAgain,
            BoxAction::ResetDevice => Self::ResetDevice,
            BoxAction::Subscribe { packages } => Self::Packages(Packages { ids: ids(packages)?, add: true }),
            BoxAction::Unsubscribe { packages } => Self::Packages(Packages { ids: ids(packages)?, add: false }),
        })
    }

    /// Whether it can be done to many: what frees a box is for one customer who asked for it.
    pub fn is_for_many(&self) -> bool {
        matches!(self, Self::Message(_) | Self::Event(_) | Self::Packages(_))
    }

    /// Whether it can be sent to everybody in one call.
    pub fn is_for_everybody(&self) -> bool {
        matches!(self, Self::Message(_) | Self::Event(_))
    }

    /// Whether each account is looked at before and after, so that doing it again changes nothing.
    pub fn is_read_back(&self) -> bool {
        matches!(self, Self::Packages(_))
    }
}

fn shown(seconds: Option<u32>) -> Result<Option<Duration>, FieldProblem> {
    match seconds {
        Some(seconds) if !(1..=LONGEST_SHOWN_S).contains(&seconds) => {
            Err(field("hide_after_s", format!("1 to {LONGEST_SHOWN_S} seconds, or none")))
        }
        seconds => Ok(seconds.map(|seconds| Duration::from_secs(seconds.into()))),
    }
}

fn ids(packages: &[String]) -> Result<Vec<ExternalId>, FieldProblem> {
    if packages.is_empty() || packages.len() > MOST_PACKAGES {
        return Err(field("packages", format!("1 to {MOST_PACKAGES} packages")));
    }
    let id = |text: &String| ExternalId::new(text.as_str()).map_err(|wrong| field("packages", wrong.to_string()));
    packages.iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str, hide_after_s: Option<u32>) -> Result<Order, FieldProblem> {
        Order::of(&BoxAction::Message { text: text.into(), hide_after_s })
    }

    #[test]
    fn what_a_portal_would_change_is_told_by_its_field() {
        for (order, name) in [
            (message(" ", None), "text"),
            (message("hello 😀", None), "text"),
            (message("now()", None), "text"),
            (message("hello", Some(0)), "hide_after_s"),
            (Order::of(&BoxAction::Subscribe { packages: Vec::new() }), "packages"),
            (Order::of(&BoxAction::Unsubscribe { packages: vec![" ".into()] }), "packages"),
        ] {
            assert_eq!(order.err().map(|wrong| wrong.field).as_deref(), Some(name));
        }
        assert!(message("Добрый день", Some(30)).is_ok());
    }

    #[test]
    fn what_frees_a_box_is_for_one() {
        for (action, many, everybody) in [
            (BoxAction::ResetDevice, false, false),
            (BoxAction::SignInAgain, false, false),
            (BoxAction::CutOff, true, true),
            (BoxAction::Subscribe { packages: vec!["sport".into()] }, true, false),
        ] {
            let order = Order::of(&action).expect("it makes sense");
            assert_eq!((order.is_for_many(), order.is_for_everybody()), (many, everybody), "{action:?}");
        }
    }
}
