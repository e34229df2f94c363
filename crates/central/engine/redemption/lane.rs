//! Redemptions of one operator that meet share one transaction. Each of them changes the operator's feed, which is one
//! row, and a busy shop's books are a few; they would wait for one another anyway, each for the other's way to the disk.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::Code;
use counterfoil_domain::ids::{CodeId, OperatorId};
use uuid::Uuid;

use super::{Activated, Guard, RedeemError, Subject, batch};
use crate::engine::App;
use crate::engine::candidate::Found;
use crate::engine::together::{self, Lanes, Serve};

/// What one redemption needs to know.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(super) code: Code,
    pub(super) found: Found,
    pub(super) subject: Subject,
    pub(super) guard: Guard,
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Told {
    /// The code's row, where it has one.
    pub(super) seen: Option<CodeId>,
    pub(super) outcome: Result<Activated, RedeemError>,
}

/// Who waits to redeem at which operator.
pub(crate) type Redemptions = Lanes<OperatorId, Asked, Told>;

/// Redeems with whoever else comes.
pub(super) async fn redeem(app: &App, operator: OperatorId, asked: Asked) -> Told {
    together::ask(&Redeems(app.clone()), operator, asked).await
}

#[derive(Clone)]
struct Redeems(App);

impl Serve for Redeems {
    type Lane = OperatorId;
    type Asked = Asked;
    type Told = Told;
    type Alone = (Uuid, i64);

    fn lanes(&self) -> &Redemptions {
        self.0.redemptions()
    }

    fn most(&self) -> usize {
        self.0.together()
    }

    /// The number of which there is only one, whatever its slot.
    fn alone(asked: &Asked) -> Option<(Uuid, i64)> {
        Some((asked.found.source_id, asked.found.seq))
    }

    async fn serve(&self, operator: OperatorId, asked: &[Asked]) -> Result<Vec<Told>, Failure> {
        batch::redeem(&self.0, operator, asked).await
    }

    fn failed(failure: Failure) -> Told {
        Told { seen: None, outcome: Err(RedeemError::Failed(failure)) }
    }
}
