//! Who and what is in the sample data. All invented.

use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_domain::ledger::TransferKind::{Bonus, Purchase};
use counterfoil_domain::permission::{MemberRole, StaffRole};
use counterfoil_domain::plan::PlanKind;
use counterfoil_domain::reseller::SettlementMode;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Funding;

pub(super) struct SampleOperator {
    pub(super) name: &'static str,
    pub(super) time_zone: &'static str,
    pub(super) currency: &'static str,
    pub(super) code_prefix: &'static str,
}

pub(super) struct SampleReseller {
    number: u32,
    pub(super) username: &'static str,
    pub(super) company: &'static str,
    pub(super) contact: &'static str,
    pub(super) phone: &'static str,
    /// Its place in the list.
    pub(super) parent: Option<u32>,
    pub(super) mode: SettlementMode,
    pub(super) credit_limit: i64,
    pub(super) funding: Funding,
    /// Of a hundred accounts, how many it has.
    pub(super) share: u32,
}

pub(super) struct SamplePlan {
    number: u32,
    pub(super) name: &'static str,
    pub(super) kind: PlanKind,
    pub(super) price: i64,
    pub(super) term_days: u16,
    pub(super) features: &'static [&'static str],
}

impl SampleReseller {
    pub(super) fn id(&self) -> ResellerId {
        sample_id("reseller", self.number)
    }
}

impl SamplePlan {
    pub(super) fn id(&self) -> PlanId {
        sample_id("plan", self.number)
    }
}

/// The same id for the same thing, every time, ordered by number.
pub(super) fn sample_id<T: From<Uuid>>(what: &str, number: u32) -> T {
    // The first of November 2026, a millisecond a thing.
    const START_MS: u64 = 1_793_491_200_000;
    let digest = Sha256::digest(format!("counterfoil/sample/{what}/{number}"));
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    uuid::Builder::from_unix_timestamp_millis(START_MS + u64::from(number), &random).into_uuid().into()
}

pub(super) fn password(username: &str) -> String {
    format!("sample-{username}")
}

pub(super) const OPERATOR: SampleOperator =
    SampleOperator { name: "Lumen Networks", time_zone: "Europe/Berlin", currency: "EUR", code_prefix: "PM2D" };

pub(super) const STAFF: [(&str, StaffRole); 4] = [
    ("admin", StaffRole::SuperAdmin),
    ("finance", StaffRole::Finance),
    ("support", StaffRole::Support),
    ("auditor", StaffRole::Auditor),
];

pub(super) const RESELLERS: [SampleReseller; 4] = [
    SampleReseller {
        number: 0,
        username: "anker",
        company: "Anker Telecom",
        contact: "Imke Petersen",
        phone: "+49 40 5550 101",
        parent: None,
        mode: SettlementMode::Wholesale,
        credit_limit: 0,
        funding: &[(Purchase, 10_800, "Enterprise pack"), (Bonus, 360, "Welcome bonus")],
        share: 45,
    },
    SampleReseller {
        number: 1,
        username: "birke",
        company: "Birke Media",
        contact: "Jonas Adler",
        phone: "+49 89 5550 102",
        parent: None,
        mode: SettlementMode::Share,
        credit_limit: 20_000,
        funding: &[(Purchase, 150_000, "Bank transfer 2026-118")],
        share: 25,
    },
    SampleReseller {
        number: 2,
        username: "cedar",
        company: "Cedar & Sons",
        contact: "Leila Haddad",
        phone: "+49 221 5550 103",
        parent: None,
        mode: SettlementMode::Wholesale,
        credit_limit: 365,
        funding: &[(Purchase, 3_600, "Business pack")],
        share: 15,
    },
    SampleReseller {
        number: 3,
        username: "dockside",
        company: "Anker Dockside",
        contact: "Marek Nowak",
        phone: "+49 40 5550 104",
        parent: Some(0),
        mode: SettlementMode::Wholesale,
        credit_limit: 0,
        funding: &[(Purchase, 900, "Starter pack")],
        share: 10,
    },
];

/// Besides the owners.
pub(super) const MEMBERS: [(&str, u32, MemberRole); 2] =
    [("anker-clerk", 0, MemberRole::Clerk), ("anker-field", 0, MemberRole::FieldAgent)];

pub(super) const PLANS: [SamplePlan; 5] = [
    SamplePlan {
        number: 0,
        name: "Basic Month",
        kind: PlanKind::Monthly,
        price: 999,
        term_days: 30,
        features: &["One screen", "80 channels"],
    },
    SamplePlan {
        number: 1,
        name: "Family Month",
        kind: PlanKind::Monthly,
        price: 1_499,
        term_days: 30,
        features: &["Three screens", "120 channels", "Catch-up, 7 days"],
    },
    SamplePlan {
        number: 2,
        name: "Family Quarter",
        kind: PlanKind::Quarterly,
        price: 3_999,
        term_days: 90,
        features: &["Three screens", "120 channels", "Catch-up, 7 days"],
    },
    SamplePlan {
        number: 3,
        name: "Family Year",
        kind: PlanKind::Yearly,
        price: 13_999,
        term_days: 365,
        features: &["Three screens", "120 channels", "Catch-up, 14 days", "Recording"],
    },
    SamplePlan {
        number: 4,
        name: "Weekend Pass",
        kind: PlanKind::Custom,
        price: 299,
        term_days: 3,
        features: &["One screen", "80 channels"],
    },
];

const COLOURS: [&str; 16] = [
    "amber", "azure", "coral", "copper", "cream", "ebony", "ivory", "jade", "lilac", "mauve", "ochre", "olive",
    "pearl", "ruby", "sand", "teal",
];
const ANIMALS: [&str; 16] = [
    "badger", "crane", "dove", "fox", "finch", "hare", "heron", "ibex", "lark", "lynx", "marten", "otter", "owl",
    "raven", "seal", "wren",
];

/// `amber-fox-000041`: no two numbers give the same.
pub(super) fn username(number: u32) -> String {
    let colour = COLOURS[number as usize % COLOURS.len()];
    let animal = ANIMALS[(number as usize / COLOURS.len()) % ANIMALS.len()];
    format!("{colour}-{animal}-{number:06}")
}

/// A number below `below` that looks random and is the same every time.
pub(super) fn roll(number: u32, what: u64, below: u32) -> u32 {
    // SplitMix64's finisher.
    let mut z = (u64::from(number) << 8 | what).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    u32::try_from((z ^ (z >> 31)) % u64::from(below)).unwrap_or_default()
}
