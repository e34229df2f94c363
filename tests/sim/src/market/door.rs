//! What is asked about orders, as it is delivered at Central's door: the reference rules, and Central must say the same.

use axum::http::{Method, StatusCode};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OpId, OrderId};
use counterfoil_domain::oplog::{OpOutcome, RejectCode};
use counterfoil_model::market::{Deed, Ruling, Wish};
use counterfoil_model::reference::Answer as Word;
use counterfoil_wire::market::PlacePublicOrder;
use counterfoil_wire::orders::{EndOrder, FulfilOrder, PayOrder, PlaceOrder, RefundOrder, SaveOrder, SubmitOrder};
use serde_json::Value;

use super::{Names, relationship};
use crate::central::Answer;
use crate::judge::Judge;

pub(super) const PUBLIC: &str = "/api/v1/public/orders";
pub(super) const OWN: &str = "/api/v1/reseller/orders";
pub(super) const STAFF: &str = "/api/v1/admin/orders";

pub(crate) fn is_about_orders(path: &str) -> bool {
    [PUBLIC, OWN, STAFF].iter().any(|room| path.starts_with(room))
}

/// The contract id in the path of an order of a shop itself, where a draft is changed.
fn of_draft(path: &str) -> Option<&str> {
    path.strip_prefix(OWN)?.strip_prefix('/').filter(|contract| !contract.contains('/'))
}

/// How this is asked for.
pub(crate) fn method_of(path: &str) -> Method {
    if of_draft(path).is_some() { Method::PUT } else { Method::POST }
}

/// A request, read.
enum Asked {
    New(OrderId, Wish),
    Edit(OrderId, Wish),
    Place { order: OrderId, step: OpId, shown: Option<i64> },
    Step { order: OrderId, step: OpId, deed: Deed },
}

impl Asked {
    fn read(names: &Names, asker: Option<usize>, shops: usize, path: &str, body: &[u8]) -> Option<Self> {
        if path == PUBLIC {
            let asked: PlacePublicOrder = serde_json::from_slice(body).ok()?;
            let shop = (0..shops).find(|shop| relationship(*shop) == asked.relationship_id)?;
            let (quantity, shown) = (i64::from(asked.quantity), Some(asked.total.value()));
            let wish = Wish { shop, offering: asked.offering_id, quantity, by_customer: true, place: true, shown };
            return Some(Self::New(asked.order_id, wish));
        }
        let draft = of_draft(path);
        if path == OWN || draft.is_some() {
            let asked: SaveOrder = serde_json::from_slice(body).ok()?;
            let (quantity, shown) = (i64::from(asked.quantity), asked.total.map(Amount::value));
            let (shop, place) = (asker?, asked.place);
            let wish = Wish { shop, offering: asked.offering_id, quantity, by_customer: false, place, shown };
            return match draft {
                Some(contract) => Some(Self::Edit(names.of_contract(contract)?, wish)),
                None => Some(Self::New(asked.order_id, wish)),
            };
        }
        let (rest, step) = path.rsplit_once('/')?;
        let (_, contract) = rest.rsplit_once('/')?;
        Self::step(names.of_contract(contract)?, step, body)
    }

    fn step(order: OrderId, step: &str, body: &[u8]) -> Option<Self> {
        let (step, deed) = match step {
            "place" => {
                let asked: PlaceOrder = serde_json::from_slice(body).ok()?;
                let shown = asked.total.map(Amount::value);
                return Some(Self::Place { order, step: OpId(asked.step_id), shown });
            }
            "pay" => {
                let asked: PayOrder = serde_json::from_slice(body).ok()?;
                (OpId(asked.step_id), Deed::Pay { note: asked.reference })
            }
            "submit" => {
                let asked: SubmitOrder = serde_json::from_slice(body).ok()?;
                (OpId(asked.step_id), Deed::Submit { external: asked.external_id })
            }
            "fulfill" => {
                let asked: FulfilOrder = serde_json::from_slice(body).ok()?;
                let (units, external) = (i64::from(asked.units), asked.external_id.unwrap_or_default());
                (asked.step_id, Deed::Deliver { units, external })
            }
            "fail" => {
                let asked: EndOrder = serde_json::from_slice(body).ok()?;
                (OpId(asked.step_id), Deed::Fail { reason: asked.reason })
            }
            "cancel" => {
                let asked: EndOrder = serde_json::from_slice(body).ok()?;
                (OpId(asked.step_id), Deed::Cancel { reason: asked.reason })
            }
            "refund" => {
                let asked: RefundOrder = serde_json::from_slice(body).ok()?;
                let (amount, reason) = (asked.amount.value(), asked.reason);
                (OpId(asked.refund_id.0), Deed::Refund { amount, reason })
            }
            _ => return None,
        };
        Some(Self::Step { order, step, deed })
    }

    const fn order(&self) -> OrderId {
        match self {
            Self::New(order, _) | Self::Edit(order, _) | Self::Place { order, .. } | Self::Step { order, .. } => *order,
        }
    }

    /// For counting.
    fn case(&self, ruling: Ruling) -> &'static str {
        match (ruling, self) {
            (Ruling::Again, _) => "order step repeated",
            (Ruling::Unknown, _) => "step of an order that Central forgot",
            (Ruling::Wrong, _) => "order step refused",
            (Ruling::Moved, _) => "order at another price refused",
            (Ruling::Reused, _) => "order id reused",
            (Ruling::Done, Self::New(_, Wish { place: false, .. })) => "order drafted",
            (Ruling::Done, Self::Edit(_, Wish { place: false, .. })) => "draft changed",
            (
                Ruling::Done,
                Self::New(..) | Self::Edit(..) | Self::Place { .. } | Self::Step { deed: Deed::Place, .. },
            ) => "order placed",
            (Ruling::Done, Self::Step { deed, .. }) => match deed {
                Deed::Place => "order placed",
                Deed::Pay { .. } => "order paid",
                Deed::Submit { .. } => "order asked of the provider",
                Deed::Deliver { .. } => "order delivered at the desk",
                Deed::Fail { .. } => "order failed",
                Deed::Cancel { .. } => "order cancelled",
                Deed::Refund { .. } => "order refunded",
            },
        }
    }
}

impl Judge {
    /// A request about orders was delivered; `answer` is none when nobody knows what Central made of it. `asker` is the
    /// shop whose desk asks.
    pub(crate) fn ordered(&mut self, asker: Option<usize>, path: &str, body: &[u8], answer: Option<&Answer>) {
        if let Some(answer) = answer {
            if answer.status.is_server_error() {
                let detail = format!("{path} answered {}: {}", answer.status, answer.json());
                return self.object("Central does not fail", detail);
            }
            if answer.status == StatusCode::UNAUTHORIZED || answer.code() == "rate_limited" {
                return self.meet("order request turned away");
            }
        }
        let Some(asked) = Asked::read(&self.market, asker, self.shops.len(), path, body) else {
            let detail = format!("{path}: {}", String::from_utf8_lossy(body));
            return self.object("a request about orders can be read", detail);
        };
        let market = &mut self.reference.market;
        let ruling = match &asked {
            Asked::New(order, wish) => market.order(*order, wish),
            Asked::Edit(order, wish) => market.edit(asker, *order, wish),
            Asked::Place { order, step, shown } => market.place(asker, *order, *step, *shown),
            Asked::Step { order, step, deed } => market.take(asker, *order, *step, deed),
        };
        self.meet(asked.case(ruling));
        let Some(answer) = answer else { return };
        let order = asked.order();
        let fits = self.says(order, ruling, answer);
        self.expect("order", fits, || {
            let body = String::from_utf8_lossy(body);
            format!("{path} {body}: Central {} {}, reference {ruling:?}", answer.status, answer.json())
        });
        self.learn_contract(order, &answer.json());
    }

    fn says(&self, order: OrderId, ruling: Ruling, answer: &Answer) -> bool {
        let code = match ruling {
            Ruling::Done | Ruling::Again => return answer.status.is_success() && self.shows(order, &answer.json()),
            Ruling::Unknown => "not_found",
            Ruling::Wrong => "wrong_state",
            Ruling::Moved => "conflict",
            Ruling::Reused => "id_reused",
        };
        answer.code() == code
    }

    /// Whether an answer shows the order as it should be by now. A customer is told the total.
    fn shows(&self, order: OrderId, body: &Value) -> bool {
        let Some(known) = self.reference.market.orders.get(&order) else { return false };
        let Some(shown) = body.get("order") else { return body["total"]["value"] == known.price.total };
        shown["state"] == known.stage().name()
            && shown["delivered"] == known.delivered
            && shown["refunded"]["value"] == known.back
            && shown["price"]["base"]["value"] == known.price.base
            && shown["price"]["total"]["value"] == known.price.total
    }

    fn learn_contract(&mut self, order: OrderId, body: &Value) {
        let told = body.get("order").unwrap_or(body);
        let known = self.reference.market.orders.get(&order);
        if let (Some(contract), Some(known)) = (told["contract_id"].as_str(), known) {
            self.market.learn(order, contract, known.shop);
        }
    }

    /// A delivery from a device's log: the word on it, and Central must refuse it under the code that tells why.
    pub(crate) fn fulfilled(
        &mut self,
        device: usize,
        (op, order): (OpId, OrderId),
        (units, external): (u32, Option<&str>),
        outcome: Option<OpOutcome>,
    ) -> Word {
        let shop = self.shop_of_device[device];
        let deed = Deed::Deliver { units: i64::from(units), external: external.unwrap_or_default().to_owned() };
        let ruling = self.reference.market.take(Some(shop), order, op, &deed);
        let (case, refused) = match ruling {
            Ruling::Done => ("delivery settled by sync", None),
            Ruling::Again => ("delivery recorded before", None),
            Ruling::Unknown => ("delivery of an order that Central forgot", Some(RejectCode::OrderUnknown)),
            Ruling::Wrong | Ruling::Moved => ("delivery came too late", Some(RejectCode::OrderMoved)),
            Ruling::Reused => ("delivery under a reused id", Some(RejectCode::FulfilmentRefused)),
        };
        self.meet(case);
        if let Some(outcome) = outcome {
            let said = if let OpOutcome::Rejected { code } = outcome { Some(code) } else { None };
            self.expect("delivery", said == refused, || {
                format!("device {device}, {units} of order {order}: Central {outcome:?}, reference {ruling:?}")
            });
        }
        if refused.is_some() { Word::Refused } else { Word::Done }
    }
}
