//! What can happen. A story is a list of steps; a step names things by number and fits whatever world it meets, so that
//! steps can be left out when a failing story is made shorter.

use crate::chance::Chance;
use crate::lots::story::LotStep;
pub use crate::market::story::MarketStep;
use crate::money::story::MoneyStep;
use crate::{lots, market, money};

/// What goes wrong at a machine while it does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    None,
    /// The power goes at this event: a write or sync of a database, a keyring entry, a request.
    PowerCut {
        event: u8,
    },
    DiskFull {
        event: u8,
    },
    SyncFails {
        event: u8,
    },
    KeyringLocked,
}

/// What happens to requests: fair for 0, else each exchange meets its own fate by this seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather(pub u32);

impl Weather {
    /// What the network does from here on; none when it is fair.
    pub fn chance(self) -> Option<Chance> {
        (self.0 != 0).then(|| Chance::new(u64::from(self.0)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Sell {
        machine: u8,
        plan: u8,
        quantity: u8,
        trouble: Trouble,
    },
    /// The counter asks for its last sale again.
    SellAgain {
        machine: u8,
        trouble: Trouble,
    },
    Void {
        machine: u8,
        pick: u16,
        trouble: Trouble,
    },
    TakeLease {
        machine: u8,
        amount: u16,
        trouble: Trouble,
        weather: Weather,
    },
    CloseLease {
        machine: u8,
        pick: u8,
        trouble: Trouble,
    },
    Sync {
        machine: u8,
        trouble: Trouble,
        weather: Weather,
    },
    Restart {
        machine: u8,
    },
    /// Keeps a copy of the database; the keyring is elsewhere.
    Backup {
        machine: u8,
    },
    RestoreBackup {
        machine: u8,
        pick: u8,
    },
    /// A second machine with a copy of everything, keyring included.
    Clone {
        machine: u8,
    },
    TurnClock {
        machine: u8,
        days: i16,
    },
    /// A request that was held back arrives after all.
    ArrivesLate {
        pick: u8,
    },
    Redeem {
        pick: u16,
        who: u8,
    },
    /// Two customers with one code at once, at two Centrals where there are two.
    RedeemTogether {
        pick: u16,
        who: u8,
        other: u8,
    },
    /// Someone types a code that a lease can produce and nobody sold.
    RedeemUnsold {
        lease: u8,
        slot: u8,
        seq: u8,
        who: u8,
    },
    TopUp {
        shop: u8,
        amount: u8,
    },
    Withdraw {
        shop: u8,
        amount: u8,
    },
    Reprice {
        plan: u8,
        price: u8,
    },
    Revoke {
        lease: u8,
        cut: u8,
    },
    Approve {
        pick: u8,
    },
    /// Central's clock goes on, and its jobs run.
    TimePasses {
        hours: u16,
    },
    /// What is due is written to the portal, with this going wrong there.
    Provision {
        trouble: u8,
    },
    /// All accounts of the portal are looked at, with this going wrong there.
    LookAtPortal {
        trouble: u8,
    },
    RestartCentral,
    /// Power goes at Central at this event, with a sync of this machine or a redemption under way. On SQLite.
    CentralPowerCut {
        event: u8,
        machine: u8,
    },
    /// Central's disk fills up at this event of a push, and has room again afterwards. On SQLite.
    CentralDiskFull {
        event: u8,
        machine: u8,
    },
    BackupCentral,
    RestoreCentral,
    Market(MarketStep),
    Money(MoneyStep),
    Lots(LotStep),
}

impl Step {
    /// The kind, for counting.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sell { .. } => "sell",
            Self::SellAgain { .. } => "sell again",
            Self::Void { .. } => "void",
            Self::TakeLease { .. } => "take lease",
            Self::CloseLease { .. } => "close lease",
            Self::Sync { .. } => "sync",
            Self::Restart { .. } => "restart",
            Self::Backup { .. } => "back up",
            Self::RestoreBackup { .. } => "restore backup",
            Self::Clone { .. } => "clone machine",
            Self::TurnClock { .. } => "turn clock",
            Self::ArrivesLate { .. } => "arrives late",
            Self::Redeem { .. } => "redeem",
            Self::RedeemTogether { .. } => "redeem together",
            Self::RedeemUnsold { .. } => "redeem unsold",
            Self::TopUp { .. } => "top up",
            Self::Withdraw { .. } => "withdraw",
            Self::Reprice { .. } => "reprice",
            Self::Revoke { .. } => "revoke",
            Self::Approve { .. } => "approve",
            Self::TimePasses { .. } => "time passes",
            Self::Provision { .. } => "provision",
            Self::LookAtPortal { .. } => "look at portal",
            Self::RestartCentral => "restart central",
            Self::CentralPowerCut { .. } => "central power cut",
            Self::CentralDiskFull { .. } => "central disk full",
            Self::BackupCentral => "back up central",
            Self::RestoreCentral => "restore central",
            Self::Market(step) => step.kind(),
            Self::Money(step) => step.kind(),
            Self::Lots(step) => step.kind(),
        }
    }
}

pub(crate) fn trouble(chance: &mut Chance) -> Trouble {
    let event = u8::try_from(1 + chance.below(24)).unwrap_or(1);
    match chance.below(20) {
        0 | 1 => Trouble::PowerCut { event },
        2 => Trouble::DiskFull { event },
        3 => Trouble::SyncFails { event },
        4 => Trouble::KeyringLocked,
        _ => Trouble::None,
    }
}

pub(crate) fn weather(chance: &mut Chance) -> Weather {
    let seed = u32::try_from(chance.below(u64::from(u32::MAX))).unwrap_or(1);
    Weather(if chance.one_in(2) { 0 } else { seed })
}

/// The story of a seed.
pub fn story(seed: u64, length: usize) -> Vec<Step> {
    let mut chance = Chance::new(seed ^ 0x5157_0e57);
    (0..length).map(|_| step(&mut chance)).collect()
}

fn step(chance: &mut Chance) -> Step {
    let machine = chance.byte();
    let pick = u16::from(chance.byte()) << 8 | u16::from(chance.byte());
    let (who, byte, other) = (chance.byte(), chance.byte(), chance.byte());
    // Of five steps four are of selling, nearly one of the market, and a few of payments, payouts and kept codes.
    match chance.below(270) {
        0..=51 => {
            let quantity = if chance.one_in(6) { 1 + byte % 20 } else { 1 + byte % 3 };
            Step::Sell { machine, plan: other, quantity, trouble: trouble(chance) }
        }
        52..=56 => Step::SellAgain { machine, trouble: trouble(chance) },
        57..=62 => Step::Void { machine, pick, trouble: trouble(chance) },
        63..=67 => Step::TakeLease { machine, amount: pick, trouble: trouble(chance), weather: weather(chance) },
        68..=70 => Step::CloseLease { machine, pick: byte, trouble: trouble(chance) },
        71..=111 => Step::Sync { machine, trouble: trouble(chance), weather: weather(chance) },
        112..=113 => Step::Restart { machine },
        114..=115 => Step::Backup { machine },
        116 => Step::RestoreBackup { machine, pick: byte },
        117 if byte < 64 => Step::Clone { machine },
        117..=119 => Step::TurnClock { machine, days: [-3_650, -40, -1, 0, 0, 1, 29, 3_650][usize::from(byte) % 8] },
        120..=125 => Step::ArrivesLate { pick: byte },
        126..=155 => Step::Redeem { pick, who },
        156..=159 => Step::RedeemTogether { pick, who, other },
        160..=163 => Step::RedeemUnsold { lease: byte, slot: other, seq: machine, who },
        164..=169 => Step::TopUp { shop: byte, amount: other },
        170..=173 => Step::Withdraw { shop: byte, amount: other },
        174..=176 => Step::Reprice { plan: byte, price: other },
        177..=178 => Step::Revoke { lease: byte, cut: other },
        179..=182 => Step::Approve { pick: byte },
        183..=185 => Step::Provision { trouble: other },
        186 => Step::LookAtPortal { trouble: other },
        187..=190 => {
            let hours = match byte {
                0..=199 => u16::from(other),
                200..=250 => 24 * u16::from(other % 30),
                _ => 24 * 70,
            };
            Step::TimePasses { hours }
        }
        191..=192 => Step::RestartCentral,
        193..=195 => Step::CentralPowerCut { event: 1 + other % 40, machine },
        196 => Step::CentralDiskFull { event: 1 + other % 20, machine },
        197..=198 if byte < 200 => Step::BackupCentral,
        197..=199 => Step::RestoreCentral,
        200..=247 => Step::Market(market::story::step(chance)),
        248..=257 => Step::Money(money::story::step(chance)),
        _ => Step::Lots(lots::story::step(chance)),
    }
}
