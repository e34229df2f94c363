//! The application's window, as a person uses it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Signal, kill_process};
use serde_json::json;

use counterfoil_testkit::desk::Desk;
use counterfoil_testkit::programs::{built, free_port, tool};

const APPLICATION: &str = "counterfoil";
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// An open window. Closing it, or killing its application, ends its WebDriver too; the desk stays.
pub struct Window<'desk> {
    desk: &'desk Desk,
    driver: std::process::Child,
    client: Client,
}

impl<'desk> Window<'desk> {
    /// Starts the application on a desk and waits until its page is there.
    pub async fn start(desk: &'desk Desk) -> Result<Self> {
        let application = built(APPLICATION)?;
        let (port, native_port) = (free_port()?, free_port()?);
        let driver = desk
            .command(&tool("tauri-driver"))
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .stdout(desk.log("driver")?)
            .stderr(desk.log("application")?)
            .spawn()
            .context("cannot start tauri-driver: run scripts/setup.sh test")?;
        let client = match connect([port, native_port], &application).await {
            Ok(client) => client,
            Err(error) => {
                bail!("{error:#}\ndriver: {}\napplication: {}", desk.read_log("driver"), desk.read_log("application"))
            }
        };
        let window = Self { desk, driver, client };
        window.element_matching("#app > *", PATIENCE).await.context("the page stays empty")?;
        Ok(window)
    }

    /// The WebDriver session, for what the helpers below do not cover.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for the element with this `data-testid`.
    pub async fn find(&self, test_id: &str) -> Result<Element> {
        self.element_matching(&by_test_id(test_id), PATIENCE).await
    }

    /// All elements with this `data-testid`, at this moment.
    pub async fn all(&self, test_id: &str) -> Result<Vec<Element>> {
        Ok(self.client.find_all(Locator::Css(&by_test_id(test_id))).await?)
    }

    /// Clicks once the element is there and can be clicked.
    pub async fn click(&self, test_id: &str) -> Result<()> {
        self.until(&format!("{test_id} can be clicked"), async || {
            match self.find(test_id).await?.click().await {
                Ok(()) => Ok(Some(())),
                // Covered, or replaced by a newer copy of itself, while the page settles.
                Err(error) if is_passing(&error) => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// Puts a text into a field, in place of what was there.
    pub async fn fill(&self, test_id: &str, text: &str) -> Result<()> {
        let field = self.find(test_id).await?;
        field.clear().await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// Types without choosing a field: shortcuts, Enter.
    pub async fn press(&self, keys: &str) -> Result<()> {
        Ok(self.client.active_element().await?.send_keys(keys).await?)
    }

    /// The visible text of an element.
    pub async fn text(&self, test_id: &str) -> Result<String> {
        Ok(self.find(test_id).await?.text().await?)
    }

    /// An attribute of an element, which must have it.
    pub async fn attribute(&self, test_id: &str, name: &str) -> Result<String> {
        let value = self.find(test_id).await?.attr(name).await?;
        value.with_context(|| format!("{test_id} has no {name}"))
    }

    /// Waits until an attribute has a value; says what it was when it does not come to it.
    pub async fn wait_for_attribute(&self, test_id: &str, name: &str, wanted: &str) -> Result<()> {
        let mut last = String::new();
        let seen = self
            .until(&format!("{test_id} has {name}={wanted}"), async || {
                last = match self.find(test_id).await?.attr(name).await {
                    Ok(value) => value.unwrap_or_default(),
                    Err(error) if is_passing(&error) => return Ok(None),
                    Err(error) => return Err(error.into()),
                };
                Ok((last == wanted).then_some(()))
            })
            .await;
        seen.with_context(|| format!("the last value was {last:?}"))
    }

    /// Asks until there is an answer, for a limited time.
    pub async fn until<T>(&self, what: &str, mut ask: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = ask().await? {
                return Ok(answer);
            }
            if Instant::now() >= deadline {
                bail!("waited {} s in vain until {what}; {}", PATIENCE.as_secs(), self.what_is_there().await);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Calls a command of the core from inside the page, as the page does.
    pub async fn call(&self, command: &str, arguments: serde_json::Value) -> Result<serde_json::Value> {
        let script = "const [command, args, done] = arguments;\
            window.__TAURI_INTERNALS__.invoke('call', { command, args })\
            .then((result) => done({ result }), (error) => done({ error }));";
        let mut answer = self.client.execute_async(script, vec![json!(command), arguments]).await?;
        ensure!(answer["error"].is_null(), "{command} was refused: {}", answer["error"]);
        Ok(answer["result"].take())
    }

    /// Takes a picture of the page.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let taken = tokio::time::timeout(PATIENCE, self.client.screenshot());
        let picture = taken.await.context("WebDriver took no picture in time")??;
        Ok(std::fs::write(path, picture)?)
    }

    /// What the application and the driver wrote, for a failure's report.
    pub fn log(&self) -> String {
        self.desk.read_log("application")
    }

    /// Ends the application as a power cut would, and everything that drove it.
    pub async fn kill(self) -> Result<()> {
        self.end(Signal::KILL).await
    }

    /// Closes the window in order, and waits until the application has ended by itself.
    pub async fn close(self) -> Result<()> {
        self.end(Signal::TERM).await
    }

    async fn end(mut self, signal: Signal) -> Result<()> {
        let running = self.desk.running(&built(APPLICATION)?);
        ensure!(!running.is_empty(), "the application does not run: {}", self.log());
        for pid in &running {
            kill_process(*pid, signal)?;
        }
        let deadline = Instant::now() + PATIENCE;
        while !running.iter().all(|pid| Desk::is_gone(*pid)) {
            ensure!(Instant::now() < deadline, "the application does not end on {signal:?}");
            tokio::time::sleep(POLL).await;
        }
        self.end_driver();
        Ok(())
    }

    fn end_driver(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }

    async fn element_matching(&self, css: &str, patience: Duration) -> Result<Element> {
        match self.client.wait().at_most(patience).every(POLL).for_element(Locator::Css(css)).await {
            Ok(element) => Ok(element),
            Err(error) => bail!("no element {css} ({error}); {}", self.what_is_there().await),
        }
    }

    /// For the report of a failure: what a person would see, and what the application wrote.
    async fn what_is_there(&self) -> String {
        let text = self.client.execute("return document.body.innerText", Vec::new()).await;
        let text = text.ok().and_then(|text| Some(text.as_str()?.replace('\n', " | ")));
        format!("the page says: {}\nthe application says: {}", text.unwrap_or_default(), self.log())
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        self.end_driver();
    }
}

fn by_test_id(test_id: &str) -> String {
    format!("[data-testid=\"{test_id}\"]")
}

/// Errors of a page that is just changing.
fn is_passing(error: &CmdError) -> bool {
    let CmdError::Standard(error) = error else { return false };
    matches!(
        error.error,
        ErrorStatus::StaleElementReference | ErrorStatus::ElementClickIntercepted | ErrorStatus::ElementNotInteractable
    )
}

async fn connect(ports: [u16; 2], application: &Path) -> Result<Client> {
    for port in ports {
        wait_until_listening(port).await?;
    }
    let mut capabilities = Capabilities::new();
    capabilities.insert("tauri:options".into(), json!({ "application": application }));
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let address = format!("http://127.0.0.1:{}", ports[0]);
    let opened = tokio::time::timeout(PATIENCE * 2, builder.connect(&address)).await;
    Ok(opened.context("the window did not open in time")??)
}

/// tauri-driver listens before the browser's own driver behind it does, and does not wait for it.
async fn wait_until_listening(port: u16) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while tokio::net::TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, port)).await.is_err() {
        ensure!(Instant::now() < deadline, "nothing listens on the driver's port {port}");
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}
