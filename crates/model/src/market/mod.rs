//! The market as it should be: what was ordered, what became of it, and whose the money is.
//!
//! An order is a handful of facts. Where it stands, what a provider is owed and what is left of a stock are worked out of
//! them each time somebody asks: nothing here is moved, so nothing can be moved twice.

mod order;

use std::collections::BTreeMap;

use counterfoil_domain::ids::{OfferingId, OpId, OrderId, SettlementId};

pub use order::{Deed, End, Order, Price, Stage};

/// Billionths of the currency in its minor unit.
const PER_MINOR: i128 = 10_000_000;

/// What a provider offers, as staff left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Of one unit, in billionths.
    pub price: i64,
    /// Units that staff ever put there; none is without limit.
    pub stocked: Option<i64>,
    /// False: withdrawn. What was ordered goes on; nothing more is.
    pub offered: bool,
}

/// How a shop sells what the provider offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seller {
    /// Percent.
    pub markup: i64,
    pub sells: bool,
    /// Paid to the provider out of what the shop's customers paid. Minor units, like all that follows.
    pub settled: i64,
}

/// What somebody wants to order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    pub shop: usize,
    pub offering: OfferingId,
    pub quantity: i64,
    pub by_customer: bool,
    /// False keeps a draft.
    pub place: bool,
    /// The total that was seen.
    pub shown: Option<i64>,
}

/// What comes of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    Done,
    /// Done before under this id: nothing happens.
    Again,
    /// No such order of who asks.
    Unknown,
    /// It does not follow where the order, the stock or the relationship stands.
    Wrong,
    /// Another sum by now.
    Moved,
    /// The id was used for something else.
    Reused,
}

/// The books of one shop with the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Books {
    /// Paid by customers, less what they got back.
    pub customers: i64,
    pub payable: i64,
    pub paid: i64,
    pub markup: i64,
}

/// One provider, what it offers, who sells it and what was ordered.
#[derive(Debug, Clone, Default)]
pub struct Market {
    pub offers: BTreeMap<OfferingId, Offer>,
    /// By shop.
    pub sellers: Vec<Seller>,
    pub orders: BTreeMap<OrderId, Order>,
    steps: BTreeMap<OpId, (OrderId, Deed)>,
    settlements: BTreeMap<SettlementId, (Option<usize>, i64)>,
}

impl Market {
    /// What so many units cost a shop's customer now.
    pub fn price(&self, shop: usize, offering: OfferingId, quantity: i64) -> Price {
        let (unit, markup) = (self.offers[&offering].price, self.sellers[shop].markup);
        let base = i128::from(unit) * i128::from(quantity);
        let with_markup = base + i128::from(half_up(base * i128::from(markup), 100));
        Price { unit, markup, base: half_up(base, PER_MINOR), total: half_up(with_markup, PER_MINOR) }
    }

    /// Units that can still be ordered; none where there is no limit.
    pub fn left(&self, offering: OfferingId) -> Option<i64> {
        let held: i64 = self.orders.values().filter(|order| order.offering == offering).map(Order::holds).sum();
        self.offers[&offering].stocked.map(|stocked| stocked - held)
    }

    pub fn books(&self, shop: usize) -> Books {
        let paid = self.sellers[shop].settled;
        let mut books = Books { customers: 0, payable: -paid, paid, markup: 0 };
        for order in self.orders.values().filter(|order| order.shop == shop && order.paid) {
            let (of_provider, of_shop) = order.shares();
            books.customers += order.price.total - order.back;
            books.payable += of_provider;
            books.markup += of_shop;
        }
        books
    }

    /// What is owed to the provider, through all shops that owe or through one.
    pub fn owed(&self, only: Option<usize>) -> i64 {
        let asked = (0..self.sellers.len()).filter(|shop| only.is_none_or(|only| only == *shop));
        asked.map(|shop| self.books(shop).payable.max(0)).sum()
    }

    /// Somebody orders, or repeats it.
    pub fn order(&mut self, id: OrderId, wish: &Wish) -> Ruling {
        if let Some(known) = self.orders.get(&id) {
            let same = (known.shop, known.offering, known.quantity, known.by_customer)
                == (wish.shop, wish.offering, wish.quantity, wish.by_customer);
            let done = !wish.place || known.stage() != Stage::Draft;
            return if same && done { Ruling::Again } else { Ruling::Reused };
        }
        if wish.place
            && let Err(ruling) = self.may_place(wish)
        {
            return ruling;
        }
        let order = Order {
            shop: wish.shop,
            offering: wish.offering,
            quantity: wish.quantity,
            by_customer: wish.by_customer,
            price: self.price(wish.shop, wish.offering, wish.quantity),
            placed: wish.place,
            paid: false,
            asked: false,
            delivered: 0,
            back: 0,
            end: None,
        };
        self.orders.insert(id, order);
        if wish.place {
            self.steps.insert(OpId(id.0), (id, Deed::Place));
        }
        Ruling::Done
    }

    fn may_place(&self, wish: &Wish) -> Result<(), Ruling> {
        let total = self.price(wish.shop, wish.offering, wish.quantity).total;
        if !self.sellers[wish.shop].sells || !self.offers[&wish.offering].offered {
            return Err(Ruling::Wrong);
        }
        if wish.shown.is_some_and(|shown| shown != total) {
            return Err(Ruling::Moved);
        }
        let there = self.left(wish.offering).is_none_or(|left| wish.quantity <= left);
        if there { Ok(()) } else { Err(Ruling::Wrong) }
    }

    /// A draft is written anew, as a whole and at the price of now; it may be placed with the same. One that was placed as it
    /// is answers a repeat.
    pub fn edit(&mut self, asker: Option<usize>, id: OrderId, wish: &Wish) -> Ruling {
        let known = self.orders.get(&id).filter(|order| asker.is_none_or(|shop| shop == order.shop));
        let Some(draft) = known.cloned() else { return Ruling::Unknown };
        let Wish { shop, offering, quantity, .. } = *wish;
        if draft.stage() != Stage::Draft {
            let same = (draft.offering, draft.quantity, draft.by_customer) == (offering, quantity, false);
            let placed = self.steps.get(&OpId(id.0)) == Some(&(id, Deed::Place));
            return if wish.place && same && placed { Ruling::Again } else { Ruling::Wrong };
        }
        if wish.place
            && let Err(ruling) = self.may_place(wish)
        {
            return ruling;
        }
        let price = self.price(shop, offering, quantity);
        self.orders.insert(id, Order { offering, quantity, price, placed: wish.place, ..draft });
        if wish.place {
            self.steps.insert(OpId(id.0), (id, Deed::Place));
        }
        Ruling::Done
    }

    /// A draft is placed, at the price of now.
    pub fn place(&mut self, asker: Option<usize>, id: OrderId, step: OpId, shown: Option<i64>) -> Ruling {
        let draft = match self.asked(asker, id, step, &Deed::Place) {
            Ok(draft) => draft.clone(),
            Err(ruling) => return ruling,
        };
        if draft.stage() != Stage::Draft {
            return Ruling::Wrong;
        }
        let Order { shop, offering, quantity, by_customer, .. } = draft;
        if let Err(ruling) = self.may_place(&Wish { shop, offering, quantity, by_customer, place: true, shown }) {
            return ruling;
        }
        let price = self.price(shop, offering, quantity);
        self.orders.insert(id, Order { price, placed: true, ..draft });
        self.steps.insert(step, (id, Deed::Place));
        Ruling::Done
    }

    /// A step is taken, or repeated. Without an asker it is staff, or somebody whose own the order is.
    pub fn take(&mut self, asker: Option<usize>, id: OrderId, step: OpId, deed: &Deed) -> Ruling {
        let mut order = match self.asked(asker, id, step, deed) {
            Ok(order) => order.clone(),
            Err(ruling) => return ruling,
        };
        let stage = order.stage();
        let units = order.quantity - order.delivered;
        let money = if order.paid { order.price.total - order.back } else { 0 };
        let follows = match deed {
            Deed::Place => false,
            Deed::Pay { .. } => stage == Stage::Placed,
            Deed::Submit { .. } => stage == Stage::Paid,
            Deed::Deliver { units: asked, .. } => stage.waits_for_units() && (1..=units).contains(asked),
            Deed::Fail { .. } => stage.waits_for_units(),
            Deed::Cancel { .. } => matches!(stage, Stage::Draft | Stage::Placed),
            Deed::Refund { amount, .. } => (1..=money).contains(amount),
        };
        if !follows {
            return Ruling::Wrong;
        }
        match deed {
            Deed::Place => {}
            Deed::Pay { .. } => order.paid = true,
            Deed::Submit { .. } => order.asked = true,
            Deed::Deliver { units, .. } => order.delivered += units,
            Deed::Fail { .. } => order.end = Some(End::Failed),
            Deed::Cancel { .. } => order.end = Some(End::Cancelled),
            Deed::Refund { amount, .. } => order.back += amount,
        }
        self.orders.insert(id, order);
        self.steps.insert(step, (id, deed.clone()));
        Ruling::Done
    }

    /// Whether a step was taken under this id.
    pub fn has_step(&self, step: OpId) -> bool {
        self.steps.contains_key(&step)
    }

    /// The order, where the asker has it and the step is new.
    fn asked(&self, asker: Option<usize>, id: OrderId, step: OpId, deed: &Deed) -> Result<&Order, Ruling> {
        let order = self.orders.get(&id).filter(|order| asker.is_none_or(|shop| shop == order.shop));
        let order = order.ok_or(Ruling::Unknown)?;
        match self.steps.get(&step) {
            None => Ok(order),
            Some((of, known)) if *of == id && known == deed => Err(Ruling::Again),
            Some(_) => Err(Ruling::Reused),
        }
    }

    /// The provider was paid that much: all that is owed, or it is refused.
    pub fn settle(&mut self, id: SettlementId, only: Option<usize>, amount: i64) -> Ruling {
        if let Some(known) = self.settlements.get(&id) {
            return if *known == (only, amount) { Ruling::Again } else { Ruling::Reused };
        }
        if amount <= 0 || amount != self.owed(only) {
            return Ruling::Moved;
        }
        for shop in (0..self.sellers.len()).filter(|shop| only.is_none_or(|only| only == *shop)) {
            self.sellers[shop].settled += self.books(shop).payable.max(0);
        }
        self.settlements.insert(id, (only, amount));
        Ruling::Done
    }

    /// What is wrong with this reference itself.
    pub fn unsound(&self) -> Option<String> {
        let order = self.orders.iter().find(|(_, order)| {
            let (of_provider, of_shop) = order.shares();
            !(0..=order.quantity).contains(&order.delivered)
                || !(0..=order.price.total).contains(&order.back)
                || of_provider < 0
                || of_shop < 0
        });
        let offer = self.offers.keys().find(|offering| self.left(**offering).is_some_and(|left| left < 0));
        let shop = (0..self.sellers.len()).find(|shop| {
            let books = self.books(*shop);
            books.customers != books.payable + books.paid + books.markup
        });
        order
            .map(|(id, order)| format!("order {id}: {order:?}"))
            .or_else(|| offer.map(|offering| format!("offering {offering} has {:?} left", self.left(*offering))))
            .or_else(|| shop.map(|shop| format!("shop {shop}: {:?}", self.books(shop))))
    }
}

/// A quotient, of which a half counts as one more.
fn half_up(dividend: i128, divisor: i128) -> i64 {
    i64::try_from((dividend * 2 + divisor).div_euclid(divisor * 2)).expect("a price within the market's bounds")
}
