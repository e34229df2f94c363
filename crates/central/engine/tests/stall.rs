//! A shop that sells what a provider delivers: what the tests of the market's books begin with.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::OrderId;
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{Answer, START, World};

/// A provider in euros with one offering of 10.00 a unit, and the shop that sells it with a markup of 12 %.
pub(super) struct Stall {
    pub(super) world: World,
    pub(super) provider: Uuid,
    pub(super) offering: Uuid,
    pub(super) relationship: Uuid,
    /// Admin's token.
    pub(super) staff: String,
    /// The shop's owner's token.
    pub(super) owner: String,
}

/// An order as the tests name it.
#[derive(Debug, Clone)]
pub(super) struct Sold {
    pub(super) id: OrderId,
    /// Where its reseller works on it.
    pub(super) path: String,
}

impl Stall {
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        world.add_reseller("shop", None).await;
        Self::of(world, "shop").await
    }

    /// In a world that has this reseller already.
    pub(super) async fn of(world: World, username: &str) -> Self {
        let (staff, owner) = (world.staff_token(StaffRole::Admin).await, world.token("reseller", username).await);
        let (provider, offering): (Uuid, Uuid) = (mint(START), mint(START));
        let body =
            json!({ "provider_id": provider, "name": "Northlight Media", "currency": "EUR", "status": "active" });
        world.post("/api/v1/admin/providers", Some(&staff), &body).await.expect(200);
        let body = json!({ "offering_id": offering, "article": "NL-4K", "name": "Cinema, 4K", "base_price": "10",
            "term_days": 30, "status": "active" });
        let path = format!("/api/v1/admin/providers/{provider}/offerings");
        world.post(&path, Some(&staff), &body).await.expect(200);
        let mut stall = Self { world, provider, offering, relationship: Uuid::nil(), staff, owner };
        stall.relationship = stall.sell_by(&stall.owner).await;
        stall
    }

    /// Opens the relationship of a reseller with the provider.
    pub(super) async fn sell_by(&self, owner: &str) -> Uuid {
        let relationship: Uuid = mint(START);
        let body = json!({ "relationship_id": relationship, "provider_id": self.provider, "markup": 12 });
        self.world.post("/api/v1/reseller/relationships", Some(owner), &body).await.expect(200);
        relationship
    }

    /// Another reseller that sells the same; gives its owner's token.
    pub(super) async fn beside(&self, username: &str) -> String {
        self.world.add_reseller(username, None).await;
        let owner = self.world.token("reseller", username).await;
        self.sell_by(&owner).await;
        owner
    }

    /// Everybody signs in anew, some days later.
    pub(super) async fn later(&mut self, days: i64) {
        self.world.clock.advance_ms(days * 86_400_000);
        self.staff = self.world.staff_token(StaffRole::Admin).await;
        self.owner = self.world.token("reseller", "shop").await;
    }

    /// An order that is placed, or a draft.
    pub(super) async fn order(&self, owner: &str, quantity: u32, place: bool) -> Sold {
        self.order_under(mint(START), owner, quantity, place).await
    }

    pub(super) async fn order_under(&self, id: OrderId, owner: &str, quantity: u32, place: bool) -> Sold {
        let body = json!({ "order_id": id, "offering_id": self.offering, "quantity": quantity, "place": place,
            "customer": { "name": "Ada Ames", "email": "ada@mail.example" } });
        let placed = self.world.post("/api/v1/reseller/orders", Some(owner), &body).await.expect(200);
        Sold { id, path: format!("/api/v1/reseller/orders/{}", placed.text("/order/contract_id")) }
    }

    /// An order whose customer has paid.
    pub(super) async fn paid(&self, owner: &str, quantity: u32) -> Sold {
        let sold = self.order(owner, quantity, true).await;
        self.pay(owner, &sold).await.expect(200);
        sold
    }

    pub(super) async fn pay(&self, owner: &str, sold: &Sold) -> Answer {
        let body = json!({ "step_id": mint::<Uuid>(START), "method": "cash" });
        self.world.post(&format!("{}/pay", sold.path), Some(owner), &body).await
    }

    pub(super) async fn refund(&self, owner: &str, sold: &Sold, amount: i64) -> Answer {
        let body = json!({ "refund_id": mint::<Uuid>(START), "amount": euros(amount), "reason": "One was broken" });
        self.world.post(&format!("{}/refund", sold.path), Some(owner), &body).await
    }

    pub(super) async fn detail(&self, owner: &str, sold: &Sold) -> Value {
        self.world.get(&sold.path, Some(owner)).await.expect(200).body
    }

    /// What staff ask of the provider's books.
    pub(super) async fn books(&self, what: &str) -> Value {
        let path = format!("/api/v1/admin/providers/{}/{what}", self.provider);
        self.world.get(&path, Some(&self.staff)).await.expect(200).body
    }

    /// The shop's own books with the provider, as it sees them.
    pub(super) async fn own_books(&self) -> Value {
        let path = "/api/v1/reseller/orders/summary";
        self.world.get(path, Some(&self.owner)).await.expect(200).body["accounts"][0].clone()
    }

    pub(super) async fn settle(&self, body: &Value) -> Answer {
        let path = format!("/api/v1/admin/providers/{}/settlements", self.provider);
        self.world.post(&path, Some(&self.staff), body).await
    }
}

pub(super) fn euros(value: i64) -> Value {
    json!({ "value": value, "unit": "EUR" })
}

/// A settlement under an id of its own.
pub(super) fn settlement(amount: i64) -> Value {
    json!({ "settlement_id": mint::<Uuid>(START), "amount": euros(amount), "paid_on": "2026-11-21", "reference": "T-1" })
}
