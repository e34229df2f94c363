//! Looking codes up before they are redeemed. Look-ups that meet share two queries, whatever operators they end at:
//! guesses may be the most of them, and must cost little.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::code::Code;

use super::Guard;
use crate::engine::App;
use crate::engine::candidate::{self, Found};
use crate::engine::together::{self, Lanes, Serve};

/// A code, and who tries it.
#[derive(Debug)]
pub(crate) struct Tried {
    code: Code,
    guard: Guard,
}

/// None where no lease or lot can produce the code; a failure where there were too many misses.
type Known = Result<Option<Found>, Failure>;

/// Who waits for a look-up.
pub(crate) type Findings = Lanes<(), Tried, Known>;

/// Refuses whoever missed too often, and looks up what the others hold.
pub(super) async fn find(app: &App, code: &Code, guard: &Guard) -> Known {
    together::ask(&Finds(app.clone()), (), Tried { code: code.clone(), guard: guard.clone() }).await
}

#[derive(Clone)]
struct Finds(App);

impl Serve for Finds {
    type Lane = ();
    type Asked = Tried;
    type Told = Known;
    type Alone = ();

    fn lanes(&self) -> &Findings {
        self.0.findings()
    }

    fn most(&self) -> usize {
        self.0.together()
    }

    fn alone(_: &Tried) -> Option<()> {
        None
    }

    async fn serve(&self, (): (), tried: &[Tried]) -> Result<Vec<Known>, Failure> {
        let mut reader = self.0.reader().await?;
        let guards: Vec<&Guard> = tried.iter().map(|one| &one.guard).collect();
        let allowed = Guard::check_all(&guards, &mut reader, self.0.now()).await?;
        let codes: Vec<&Code> =
            tried.iter().zip(&allowed).filter(|(_, ok)| ok.is_ok()).map(|(one, _)| &one.code).collect();
        let mut found = candidate::find_all(&self.0, &mut reader, &codes).await?.into_iter();
        Ok(allowed.into_iter().map(|allowed| allowed.map(|()| found.next().flatten())).collect())
    }

    fn failed(failure: Failure) -> Known {
        Err(failure)
    }
}
