//! What the core tells whoever shows it.

use std::collections::VecDeque;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::api::{Event, Topic};

/// What happens from now on, as one listener hears it.
#[derive(Debug)]
pub struct Events {
    receiver: Receiver<Event>,
    /// To be told before anything newer.
    made_up: VecDeque<Event>,
}

impl Events {
    pub(crate) fn new(receiver: Receiver<Event>) -> Self {
        Self { receiver, made_up: VecDeque::new() }
    }

    /// The next one; none once the client is gone. A listener that was too slow is told that everything changed: an event
    /// says what to read again, and nobody knows which were lost.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.made_up.pop_front() {
                return Some(event);
            }
            match self.receiver.recv().await {
                Ok(event) => return Some(event),
                Err(RecvError::Lagged(missed)) => {
                    tracing::debug!(missed, "a screen was too slow for its events");
                    self.made_up.extend(Topic::ALL.map(Event::Changed));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::broadcast;

    use super::*;

    #[tokio::test]
    async fn whoever_was_too_slow_reads_everything_again() {
        let (told, receiver) = broadcast::channel(2);
        let mut events = Events::new(receiver);
        for topic in [Topic::Orders, Topic::Codes, Topic::Credit] {
            told.send(Event::Changed(topic)).expect("somebody listens");
        }
        for topic in Topic::ALL {
            assert_eq!(events.next().await, Some(Event::Changed(topic)));
        }
        // And then what was not lost.
        assert_eq!(events.next().await, Some(Event::Changed(Topic::Codes)));
        drop(told);
        assert_eq!(events.next().await, Some(Event::Changed(Topic::Credit)));
        assert_eq!(events.next().await, None);
    }
}
