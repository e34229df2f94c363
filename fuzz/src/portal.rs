//! Answers of a Stalker Portal, and what a portal's own texts become: somebody else's program has written them.

use std::io::Read;

use counterfoil_stalker::fuzzing::{address_of, answer, list, record, redacted};
use counterfoil_stalker::{
    AccountRecord, ApiAddress, BoxRecord, Channel, ChannelSubscription, Error, FieldText, Login, Mac, Modules, Package,
    PackageSubscription, ResellerRecord, StoredMac, Tariff,
};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

/// Stands in the corpus where a portal would tell a customer's password.
const SECRET: &str = "hunter2";
const LARGEST: u64 = 1024 * 1024;
/// What is shown of a portal's words, in characters.
const LONGEST_WORDS: usize = 201;

pub(crate) fn run(bytes: &[u8]) {
    for account in both_ways::<AccountRecord>(bytes) {
        is_addressed_by_its_own_login(&account);
        let texts = [&account.login, &account.full_name, &account.comment, &account.account_number];
        assert!(!texts.iter().any(|text| text.contains('\0')), "a zero byte came in");
    }
    for row in both_ways::<BoxRecord>(bytes) {
        row.fingerprint();
    }
    both_ways::<Tariff>(bytes);
    both_ways::<Package>(bytes);
    both_ways::<Channel>(bytes);
    both_ways::<PackageSubscription>(bytes);
    both_ways::<ChannelSubscription>(bytes);
    both_ways::<ResellerRecord>(bytes);
    one::<AccountRecord>(bytes);
    one::<Modules>(bytes);
    for status in [301, 401, 403, 404, 414, 500] {
        says_what_to_do(&answer::<AccountRecord>(status, bytes, &[]).expect_err("no answer"));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        texts(text);
    }
}

/// A whole answer and the same bytes in small parts give the same rows.
fn both_ways<T: DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) -> Vec<T> {
    let in_parts = list::<T>(Parts(bytes), LARGEST);
    match answer::<T>(200, bytes, &[SECRET.to_owned()]) {
        Ok(rows) => {
            let (same, end) = in_parts.expect("the same answer in parts");
            assert_eq!((rows.len() as u64, &rows), (end.rows, &same));
            rows
        }
        Err(error) => {
            says_what_to_do(&error);
            if let Err(error) = in_parts {
                crate::says_why(&error);
            }
            Vec::new()
        }
    }
}

fn one<T: DeserializeOwned>(bytes: &[u8]) {
    if let Err(error) = record::<T>(200, bytes) {
        crate::says_why(&error);
    }
}

fn says_what_to_do(error: &Error) {
    crate::says_why(error);
    let told = format!("{error} {error:?} {}", error.remedy());
    assert!(!told.contains(SECRET), "a password came out of an error");
    assert!(!error.remedy().is_empty() && !error.code().is_empty());
}

/// What an address says is the login, and nothing of it means something else to a rewrite rule.
fn is_addressed_by_its_own_login(account: &AccountRecord) {
    let Ok(login) = account.login() else { return };
    assert_eq!(login.as_str(), account.login);
    let address = address_of(&login);
    let (_, id) = address.rsplit_once("users/").expect("the resource");
    assert!(!id.contains(['/', ',', '&', '+', '#', '?', ' ']), "{address}");
    assert_eq!(percent_decode_str(id).decode_utf8().expect("UTF-8"), login.as_str());
}

fn texts(text: &str) {
    let shown = redacted(text, &[SECRET.to_owned()]);
    assert!(shown.chars().count() <= LONGEST_WORDS && !shown.contains(SECRET) && !shown.contains('\0'));
    if let Ok(mac) = text.parse::<Mac>() {
        assert_eq!(mac.to_string().parse(), Ok(mac));
    }
    if let Ok(login) = Login::new(text) {
        let account = AccountRecord { login: login.to_string(), ..AccountRecord::default() };
        is_addressed_by_its_own_login(&account);
        assert!(!matches!(account.mac(), StoredMac::Good(_)));
    }
    let (fitted, whole) = FieldText::fitted(text);
    assert_eq!(FieldText::new(fitted.as_str()).as_ref(), Ok(&fitted));
    assert!(!whole || fitted.as_str() == text);
    if let Ok(addresses) = ApiAddress::candidates(text) {
        assert!(addresses.iter().all(|api| api.as_str().ends_with("/api/") || api.as_str().ends_with("/api/v1/")));
    }
}

/// A connection that brings seven bytes at a time.
struct Parts<'a>(&'a [u8]);

impl Read for Parts<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(7);
        self.0.read(&mut buffer[..most])
    }
}
