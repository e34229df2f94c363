//! Orders of the first shop's customers: one in each state that a queue shows.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OfferingId, OpId, OperatorId, ResellerId};
use counterfoil_domain::market::Details;
use counterfoil_domain::payment::PaymentMethod;
use counterfoil_wire::orders::{EndOrder, FulfilOrder, OrderCustomer, PayOrder, SaveOrder, SubmitOrder};
use uuid::Uuid;

use super::cast::sample_id;
use super::repo;
use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::orders::{self, Asker, Step, Viewer};

/// Steps of an order, of which each has an id of its own.
const STEPS: u32 = 10;

/// How far an order has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Until {
    Draft,
    Placed,
    Paid,
    Asked,
    Delivered(u32),
    Failed,
}

struct SampleOrder {
    customer: &'static str,
    days_ago: i64,
    quantity: u32,
    until: Until,
}

const ORDERS: [SampleOrder; 7] = [
    SampleOrder { customer: "Nora Lindqvist", days_ago: 12, quantity: 1, until: Until::Delivered(1) },
    SampleOrder { customer: "Tomás Ferreira", days_ago: 6, quantity: 3, until: Until::Delivered(1) },
    SampleOrder { customer: "Ada Ames", days_ago: 5, quantity: 2, until: Until::Failed },
    SampleOrder { customer: "Yusuf Demir", days_ago: 3, quantity: 1, until: Until::Asked },
    SampleOrder { customer: "Greta Holm", days_ago: 2, quantity: 2, until: Until::Paid },
    SampleOrder { customer: "Ivo Marek", days_ago: 1, quantity: 1, until: Until::Placed },
    SampleOrder { customer: "Lena Brandt", days_ago: 0, quantity: 1, until: Until::Draft },
];

/// Of what the shop sells of providers; nothing where it sells nothing.
pub(super) async fn fill(app: &App, operator: OperatorId) -> Result<(), Failure> {
    let shop: ResellerId = sample_id("reseller", 0);
    let offerings = repo::offerings_of(&mut *app.reader().await?, shop).await?;
    for ((number, order), offering) in (0..).zip(&ORDERS).zip(offerings.iter().cycle()) {
        let then = app.at(app.now().plus_days(-order.days_ago));
        let actor = Actor::system();
        let asker = Asker { operator, viewer: Viewer::Reseller(shop), actor: &actor };
        one(&then, &asker, number, order, OfferingId(*offering)).await?;
    }
    Ok(())
}

async fn one(
    app: &App,
    asker: &Asker<'_>,
    number: u32,
    order: &SampleOrder,
    offering_id: OfferingId,
) -> Result<(), Failure> {
    let customer = OrderCustomer {
        name: order.customer.to_owned(),
        email: format!("customer-{number}@mail.example"),
        ..OrderCustomer::default()
    };
    let (order_id, place) = (sample_id("order", number), order.until != Until::Draft);
    let asked = SaveOrder { order_id, offering_id, quantity: order.quantity, customer, place, total: None };
    let contract = orders::save_new(app, asker, &asked).await?.order.contract_id;
    let id = |step: u32| sample_id::<Uuid>("order-step", number * STEPS + step);
    if order.until >= Until::Paid {
        let paid = PayOrder { step_id: id(1), method: PaymentMethod::Transfer, reference: format!("2026-{number:03}") };
        orders::step(app, asker, &contract, Step::Pay(&paid)).await?;
    }
    if order.until >= Until::Asked {
        let asked = SubmitOrder { step_id: id(2), external_id: format!("EXT-{:04}", 4_711 + number) };
        orders::step(app, asker, &contract, Step::Submit(&asked)).await?;
    }
    match order.until {
        Until::Delivered(units) => {
            let details = Details::from_json(r#"{"login":"amber-17","site":"https://watch.example.org"}"#);
            let details = details.map_err(Failure::internal)?;
            let step_id: OpId = sample_id("order-step", number * STEPS + 3);
            let done = FulfilOrder { step_id, units, external_id: None, details };
            orders::fulfil(app, asker, &contract, &done).await?;
        }
        Until::Failed => {
            let ended = EndOrder { step_id: id(4), reason: "The provider has none left".to_owned() };
            orders::step(app, asker, &contract, Step::Fail(&ended)).await?;
        }
        Until::Draft | Until::Placed | Until::Paid | Until::Asked => {}
    }
    Ok(())
}
