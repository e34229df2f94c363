//! Messages and events for boxes: `stb_msg` and `send_event`.
//!
//! They are queued, and the portal never tells whether a box has fetched one. Nothing here is idempotent: after a lost
//! answer a second call may send it twice, and that is for a person to decide.

use std::time::Duration;

use reqwest::Method;

use crate::address::{BATCH, Path};
use crate::error::Error;
use crate::form::Form;
use crate::id::{ChannelId, Mac};
use crate::portal::Portal;
use crate::value::MessageText;

/// A text for the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is shown.
    pub text: MessageText,
    /// How long it waits for the box; seven days when not given.
    pub keep: Option<Duration>,
    /// When it goes from the screen by itself.
    pub hide_after: Option<Duration>,
}

/// Something for a box to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Shows a text.
    Message {
        text: MessageText,
        /// Whether the box starts again when the customer has read it.
        reboot: bool,
    },
    /// Shows a text with a film beside it. `video` is an address that the box can play.
    MessageWithVideo { text: MessageText, video: String },
    /// Starts the box again.
    Reboot,
    /// Reloads the screens of the portal.
    ReloadPortal,
    /// Fetches the list of channels anew.
    UpdateChannels,
    /// Turns to this channel.
    PlayChannel(ChannelId),
    /// Turns to this radio station.
    PlayRadioChannel(ChannelId),
    /// Fetches and installs the box's own program.
    UpdateImage,
    /// Ends what is being watched. It does not switch the account off: write its status too.
    CutOff,
    /// Opens the portal's menu.
    ShowMenu,
}

/// What became of a call to several boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Boxes for which it was queued, as far as the portal knows them: see [`Portal::reach`].
    pub queued: usize,
    /// Boxes for which it was not, or perhaps was, with the reason.
    pub failed: Vec<(Vec<Mac>, Error)>,
}

/// Says that everybody is meant. A broadcast cannot be taken back.
#[derive(Clone, Copy, Debug)]
pub struct Everybody(());

impl Everybody {
    /// For a caller whose user has been shown how many accounts are reached and has confirmed it.
    pub fn confirmed() -> Self {
        Self(())
    }
}

impl Message {
    /// Waits seven days, and stays on the screen until it is put away.
    pub fn new(text: MessageText) -> Self {
        Self { text, keep: None, hide_after: None }
    }

    fn form(&self) -> Form {
        let mut form = Form::default();
        form.field("msg", self.text.as_str());
        if let Some(keep) = self.keep {
            form.field("ttl", keep.as_secs().max(1).to_string());
        }
        if let Some(hide) = self.hide_after {
            form.field("auto_hide_timeout", hide.as_secs().max(1).to_string());
        }
        form
    }
}

impl Event {
    fn form(&self, keep: Option<Duration>) -> Form {
        let mut form = Form::default();
        let name = match self {
            Self::Message { text, reboot } => {
                form.field("msg", text.as_str()).field("need_reboot", u8::from(*reboot).to_string());
                "send_msg"
            }
            Self::MessageWithVideo { text, video } => {
                form.field("msg", text.as_str()).field("video", video.as_str());
                "send_msg_with_video"
            }
            Self::Reboot => "reboot",
            Self::ReloadPortal => "reload_portal",
            Self::UpdateChannels => "update_channels",
            Self::PlayChannel(channel) => {
                form.field("channel", channel.to_string());
                "play_channel"
            }
            Self::PlayRadioChannel(channel) => {
                form.field("channel", channel.to_string());
                "play_radio_channel"
            }
            Self::UpdateImage => "update_image",
            Self::CutOff => "cut_off",
            Self::ShowMenu => "show_menu",
        };
        form.field("event", name);
        if let Some(keep) = keep {
            form.field("ttl", keep.as_secs().max(1).to_string());
        }
        form
    }
}

impl Portal {
    /// Queues a message for these boxes.
    pub async fn message(&self, to: &[Mac], message: &Message) -> Delivery {
        self.deliver("stb_msg", to, &message.form()).await
    }

    /// Queues an event for these boxes. Messages wait seven days when `keep` is not given, others four minutes or so.
    pub async fn event(&self, to: &[Mac], event: &Event, keep: Option<Duration>) -> Delivery {
        self.deliver("send_event", to, &event.form(keep)).await
    }

    /// Queues a message for every account.
    pub async fn message_to(&self, _: Everybody, message: &Message) -> Result<(), Error> {
        self.send(Method::POST, &Path::all("stb_msg"), &message.form()).await?.done()
    }

    /// Queues an event for every account.
    pub async fn event_to(&self, _: Everybody, event: &Event, keep: Option<Duration>) -> Result<(), Error> {
        self.send(Method::POST, &Path::all("send_event"), &event.form(keep)).await?.done()
    }

    async fn deliver(&self, resource: &'static str, to: &[Mac], form: &Form) -> Delivery {
        let mut delivery = Delivery::default();
        for batch in to.chunks(BATCH) {
            // No identifier would be everybody.
            let Some(path) = Path::macs(resource, batch) else { continue };
            match self.send(Method::POST, &path, form).await.and_then(|results| results.done()) {
                Ok(()) => delivery.queued += batch.len(),
                Err(error) => delivery.failed.push((batch.to_vec(), error)),
            }
        }
        delivery
    }
}
