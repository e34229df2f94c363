//! Sending mail over SMTP. What is sent, to whom and when is decided by the engine.

mod message;
mod settings;
mod trouble;

use std::time::Duration;

use counterfoil_wire::notices::MailServer;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

pub use message::Mail;
pub use settings::{MailSettings, SignIn};
pub use trouble::Trouble;
pub use zeroize::Zeroizing;

/// The longest that one mail may take, with all that belongs to it.
pub const LONGEST: Duration = Duration::from_secs(90);

/// Through whom Central sends, checked.
#[derive(Debug)]
pub struct Mailer {
    settings: MailSettings,
    from: Mailbox,
}

/// A way to the mail server, for as many mails as go at one time.
#[derive(Debug)]
pub struct Connection<'a> {
    mailer: &'a Mailer,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Mailer {
    /// Says what is wrong with the settings, for whoever starts Central. Nothing is sent yet.
    pub fn new(settings: MailSettings) -> Result<Self, String> {
        let from = settings.check()?;
        Ok(Self { settings, from })
    }

    /// What staff see of it.
    pub fn shown(&self) -> MailServer {
        self.settings.shown()
    }

    /// Where shops reach this Central, if its operator said so.
    pub fn central_address(&self) -> Option<&str> {
        self.settings.central_address.as_deref()
    }

    /// Opens nothing yet: the first mail does.
    pub fn connection(&self) -> Result<Connection<'_>, Trouble> {
        Ok(Connection { mailer: self, transport: self.settings.transport()? })
    }
}

impl Connection<'_> {
    /// Hands one mail over. Ok is the server's promise to deliver it or to say that it could not.
    pub async fn send(&self, mail: &Mail) -> Result<(), Trouble> {
        let message = message::compose(mail, &self.mailer.from)?;
        let hand_over = async {
            // What goes wrong here is not this mail's fault, whatever the server says.
            let stands = self.transport.test_connection().await.map_err(|error| trouble::of_connection(&error))?;
            if !stands {
                return Err(Trouble::Unreachable("The mail server hung up.".to_owned()));
            }
            self.transport.send(message).await.map_err(|error| trouble::of_sending(&error))?;
            Ok(())
        };
        tokio::time::timeout(LONGEST, hand_over)
            .await
            .unwrap_or_else(|_| Err(Trouble::Unreachable("The mail server did not answer in time.".to_owned())))
    }

    /// Says good-bye to the server.
    pub async fn close(self) {
        self.transport.shutdown().await;
    }
}
