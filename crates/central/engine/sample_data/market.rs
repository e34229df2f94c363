//! Two external providers with what they offer, and a reseller that sells one of them.

use counterfoil_central_platform::failure::{Failure, if_found};
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::market::{Details, Nanos, OfferingStatus, ProviderStatus};
use counterfoil_wire::providers::{SaveOffering, SaveProvider};
use counterfoil_wire::relationships::OpenRelationship;

use super::cast::{RESELLERS, sample_id};
use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::{providers, relationships};

struct SampleProvider {
    name: &'static str,
    contact: &'static str,
    mail: &'static str,
    website: &'static str,
    currency: &'static str,
    offerings: &'static [SampleOffering],
}

/// Article, name, description, price of one unit, days, quality, and how many there are.
type SampleOffering = (&'static str, &'static str, &'static str, &'static str, u16, &'static str, Option<i64>);

const PROVIDERS: [SampleProvider; 2] = [
    SampleProvider {
        name: "Harbour Lights Media",
        contact: "Mira Castell",
        mail: "trade@harbour-lights.example.org",
        website: "https://harbour-lights.example.org",
        currency: "EUR",
        offerings: &[
            ("HL-100", "Harbour Cinema Month", "Forty film channels and a library.", "6.45", 30, "4K", None),
            ("HL-101", "Harbour Cinema Year", "Forty film channels and a library.", "64.125", 365, "4K", None),
            ("HL-200", "Harbour Kids Month", "Twelve channels without advertising.", "2.345678901", 30, "HD", None),
            ("HL-300", "Harbour Concert Night", "One evening, live.", "11.9", 1, "4K", Some(40)),
        ],
    },
    SampleProvider {
        name: "Polder Sports",
        contact: "",
        mail: "sales@polder-sports.example.org",
        website: "",
        currency: "USD",
        offerings: &[
            ("PS-1", "Polder League Month", "Every match of the league.", "9.99", 30, "HD", None),
            ("PS-2", "Polder Season Box", "A box with a season of matches on it.", "79.5", 0, "HD", Some(12)),
        ],
    },
];

/// Percent that the reseller adds.
const MARKUP: i64 = 12;

pub(super) async fn fill(app: &App, operator: OperatorId) -> Result<(), Failure> {
    let actor = Actor::system();
    let (seller, sold) = (RESELLERS[0].id(), sample_id("provider", 0));
    // The relationship is made last. What was ordered since may have changed the stock.
    if if_found(relationships::get(&mut *app.reader().await?, seller, sold).await)?.is_some() {
        return Ok(());
    }
    let mut number = 0;
    for (at, sample) in (0_u32..).zip(&PROVIDERS) {
        let provider = SaveProvider {
            provider_id: sample_id("provider", at),
            name: sample.name.to_owned(),
            contact_name: sample.contact.to_owned(),
            email: sample.mail.to_owned(),
            phone: String::new(),
            website: sample.website.to_owned(),
            currency: sample.currency.to_owned(),
            status: ProviderStatus::Active,
            notes: String::new(),
            revision: 0,
        };
        providers::create(app, operator, &actor, &provider).await?;
        for offering in sample.offerings {
            let save = offering_of(number, offering)?;
            number += 1;
            providers::create_offering(app, operator, &actor, provider.provider_id, &save).await?;
        }
    }
    let open =
        OpenRelationship { relationship_id: sample_id("relationship", 0), provider_id: sold, markup: Some(MARKUP) };
    relationships::open(app, operator, &actor, seller, &open).await.map(drop)
}

fn offering_of(number: u32, sample: &SampleOffering) -> Result<SaveOffering, Failure> {
    let (article, name, description, price, term_days, quality, stock) = *sample;
    let attributes = Details::from_json(&format!("{{\"quality\":\"{quality}\"}}")).map_err(Failure::internal)?;
    Ok(SaveOffering {
        offering_id: sample_id("offering", number),
        article: article.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        base_price: price.parse::<Nanos>().map_err(Failure::internal)?,
        term_days,
        attributes,
        stock,
        status: OfferingStatus::Active,
        revision: 0,
    })
}
