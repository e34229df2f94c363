//! The day: enrol, lease, sell, redeem, void, pull, close; each step once undisturbed, and again from its start with the
//! line cut somewhere.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use counterfoil_central_platform::clock::ManualClock;
use counterfoil_testkit::line::{Carried, Cut, Direction, Line};
use serde_json::json;

use crate::clock::TODAY;
use crate::store::Engine;
use crate::till::KeptTill;
use crate::{Central, Facts, Kept, Till, facts};

/// What a shop does and then needs the network for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Signs in and enrols the machine.
    Enrol,
    /// The first sync: everything is pulled, and a lease is taken.
    Lease,
    /// Two codes sold with no network are pushed.
    Push,
    /// A customer redeems the first of them.
    Redeem,
    /// The second is voided.
    Void,
    /// What happened elsewhere is pulled.
    Pull,
    /// The lease is closed.
    Close,
}

/// In this order.
pub const STEPS: [Step; 7] = [Step::Enrol, Step::Lease, Step::Push, Step::Redeem, Step::Void, Step::Pull, Step::Close];

/// How often a step is tried after a cut: once, and again for what the background sync did at the same time.
const TRIES: u32 = 20;

/// Which connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// The till, or a customer, and Central.
    TillAndCentral,
    /// Central and PostgreSQL. A cut is the end of Central, as far as the database can tell.
    CentralAndDatabase,
}

/// A Central, a till, and the line between them.
pub struct Day {
    pub central: Central,
    pub till: Till,
    pub line: Line,
    sold: Vec<String>,
}

/// A step's start, its end, and what it took.
pub struct Played {
    pub step: Step,
    pub carried: Carried,
    /// Where each statement sent to PostgreSQL, and each answer to one, ended.
    pub statements: Vec<(Direction, u64)>,
    central: Kept,
    till: KeptTill,
    sold: Vec<String>,
    after: Facts,
}

impl Day {
    pub async fn new(engine: Engine) -> Result<Self> {
        // The library wants a provider to exist, also for plain HTTP.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let central = Central::new(engine, Arc::new(ManualClock::at(TODAY))).await?;
        let (till, line) = (Till::new().await?, Line::new().await?);
        Ok(Self { central, till, line, sold: Vec::new() })
    }

    /// Plays a step undisturbed, and keeps how to come back to its start.
    pub async fn play(&mut self, step: Step) -> Result<Played> {
        self.prepare(step).await?;
        let (central, till) = (self.central.keep().await?, self.till.keep().await?);
        self.line.lead_to(self.central.address()?);
        self.line.mend().await;
        if let Some(line) = &self.central.to_database {
            line.mend().await;
        }
        self.go(step).await.with_context(|| format!("{step:?}, undisturbed"))?;
        let carried = self.line.carried();
        let statements = self.central.to_database.as_ref().map(Line::pieces).unwrap_or_default();
        let after = self.settled().await?;
        self.line.take_down().await;
        Ok(Played { step, carried, statements, central, till, sold: self.sold.clone(), after })
    }

    /// Goes back to a step's start.
    pub async fn go_back(&mut self, played: &Played) -> Result<()> {
        self.line.take_down().await;
        let address = self.central.go_back(&played.central).await?;
        self.till.go_back(&played.till).await?;
        self.line.lead_to(address);
        self.sold.clone_from(&played.sold);
        Ok(())
    }

    /// Plays a step again with the line cut; true when the cut was in the way. After one more try everything must stand
    /// where it stood undisturbed.
    pub async fn play_cut(&mut self, played: &Played, between: Between, cut: Cut) -> Result<bool> {
        self.go_back(played).await?;
        self.line.mend().await;
        self.line_of(between)?.arm(cut).await;
        let first = self.go(played.step).await;
        let was_cut = self.line_of(between)?.was_cut();
        ensure!(was_cut || first.is_ok(), "refused although nothing was cut: {first:?}");
        if played.step == Step::Push {
            // What was sold is spent from the sale on, whoever knows of it.
            let shown = self.till.figures().await?;
            ensure!(played.after.shows(&shown), "the page shows {shown} after the cut");
        }
        self.line_of(between)?.mend().await;
        let mut outcome = first;
        for _ in 0..TRIES {
            outcome = self.go(played.step).await;
            if outcome.is_ok() {
                break;
            }
        }
        outcome.context("again, and nothing in the way")?;
        let after = self.settled().await?;
        ensure!(
            after == played.after,
            "it should stand like this:\n{:#?}\nand stands like this:\n{after:#?}",
            played.after
        );
        Ok(was_cut)
    }

    fn line_of(&self, between: Between) -> Result<&Line> {
        match between {
            Between::TillAndCentral => Ok(&self.line),
            Between::CentralAndDatabase => self.central.to_database.as_ref().context("a file has no connection"),
        }
    }

    /// What a shop does without the network before the step.
    async fn prepare(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Enrol | Step::Lease | Step::Redeem => {}
            Step::Push => self.sold = self.till.sell(&self.central.plan, 2).await?,
            Step::Void => self.till.void("000001-0002").await?,
            Step::Pull => self.central.top_up(77).await?,
            Step::Close => self.till.close_lease().await?,
        }
        Ok(())
    }

    /// The part that needs the network; it may be tried again.
    async fn go(&self, step: Step) -> Result<()> {
        match step {
            Step::Enrol => self.till.sign_in(&self.line.url()).await,
            Step::Redeem => self.redeem().await,
            Step::Lease | Step::Push | Step::Void | Step::Pull | Step::Close => self.till.sync().await,
        }
    }

    async fn redeem(&self) -> Result<()> {
        let code = self.sold.first().context("something was sold")?;
        let account = "018f0000-0000-7000-8000-000000000001";
        let request = reqwest::Client::new().post(format!("{}/api/v1/public/activations", self.line.url()));
        let answer = request.json(&json!({ "code": code, "account_id": account })).send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{status} {body}");
        Ok(())
    }

    /// Syncs until both sides know everything, and reads what they know.
    async fn settled(&self) -> Result<Facts> {
        for _ in 0..2 {
            self.till.sync().await?;
        }
        facts(&self.central, &self.till).await
    }
}
