//! What an order is called by, and what opens its customer's page: both derived, so that a repeat tells the same and
//! nothing readable is stored.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::ids::OrderId;

/// Without I, L, O and U, which look like others.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What every contract id begins with.
pub(super) const PREFIX: &str = "CF-";
/// Symbols behind it: fifty random bits that can be read out.
pub(super) const LENGTH: usize = 10;

/// Symbols of one that came out of a file, where others gave it.
pub(super) const LONGEST: usize = 40;

/// `CF-7K2XW9HD4T`; another one for each attempt.
pub(super) fn contract_id(keys: &Keys, order: OrderId, attempt: u32) -> String {
    let secret = keys.order_secret(order, &format!("contract/{attempt}"));
    let symbols = secret.iter().take(LENGTH).map(|byte| char::from(SYMBOLS[usize::from(byte & 31)]));
    PREFIX.chars().chain(symbols).collect()
}

/// Opens the customer's page `/order/{token}`; 256 bits, out of Central's secret and the order's id.
pub(crate) fn token(keys: &Keys, order: OrderId) -> String {
    URL_SAFE_NO_PAD.encode(keys.order_secret(order, "token"))
}

/// The path of the customer's page on Central.
pub(crate) fn customer_path(keys: &Keys, order: OrderId) -> String {
    format!("/order/{}", token(keys, order))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_always_called_the_same_and_no_other_has_its_names() {
        let keys = Keys::fixed([1; 32], [2; 32], [3; 32]);
        let [one, other] = [7, 8].map(|n| OrderId::from_bytes([n; 16]));
        let contract = contract_id(&keys, one, 0);
        assert_eq!(contract, contract_id(&keys, one, 0));
        assert_ne!(contract, contract_id(&keys, one, 1));
        assert_ne!(contract, contract_id(&keys, other, 0));
        assert_eq!(contract.len(), PREFIX.len() + LENGTH);
        assert!(contract[PREFIX.len()..].bytes().all(|symbol| SYMBOLS.contains(&symbol)), "{contract}");
        assert_eq!(token(&keys, one), token(&keys, one));
        assert_ne!(token(&keys, one), token(&keys, other));
        assert_eq!(token(&keys, one).len(), 43, "256 bits");
        assert_eq!(customer_path(&keys, one), format!("/order/{}", token(&keys, one)));
    }
}
