//! No secret in a log line or in the debug output of anything.

use std::io;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

use super::{Rig, sell};
use crate::vault::names;

/// Everything that is logged.
#[derive(Clone, Default)]
pub(super) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("lines")).into_owned()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("lines").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn logs_and_debug_output_hold_no_secret() {
    let lines = Lines::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(lines.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (rig, client, till, _) = Rig::with_lease().await;
    let sold = sell(&till, 1, 2).await.expect("sold");
    // With a server that is not there: the network's own lines count too.
    crate::sync::run_now(&till).await.expect_err("nobody listens");
    let debug = format!("{client:?} {till:?} {sold:?} {:?}", rig.secrets);
    let key = till.vault().get(names::DATABASE_KEY).await.expect("read").expect("kept");
    let device_keys = till.vault().get(names::DEVICE_KEYS).await.expect("read").expect("kept");
    client.shutdown().await;
    let logged = lines.text();
    assert!(!logged.is_empty(), "nothing was logged, so nothing was tested");
    let device_keys = String::from_utf8_lossy(&device_keys).into_owned();
    for text in [&debug, &logged] {
        for code in &sold {
            assert!(!text.contains(&code.code), "a code stands in the output");
            assert!(!text.contains(&code.code.replace('-', "")));
        }
        assert!(!text.to_lowercase().contains(&hex::encode(key.as_slice())), "the database key stands in the output");
        assert!(!text.contains(&device_keys));
    }
}
