//! Query strings that Central reads.

use axum::extract::FromRequestParts as _;
use axum::http::{Request, Uri};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::QueryString;
use counterfoil_wire::problem::Code;
use counterfoil_wire::{codes, devices, leases, market, orders, page, providers, pull, push, settlements, snapshot};
use futures_util::FutureExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) fn run(bytes: &[u8]) {
    let Ok(uri) = Uri::try_from([b"/?", bytes].concat()) else { return };
    read::<page::PageQuery>(&uri);
    read::<codes::CodesQuery>(&uri);
    read::<devices::DevicesQuery>(&uri);
    read::<leases::LeasesQuery>(&uri);
    read::<push::LogQuery>(&uri);
    read::<pull::PullQuery>(&uri);
    read::<snapshot::SnapshotQuery>(&uri);
    read::<orders::OrdersQuery>(&uri);
    read::<settlements::StatementQuery>(&uri);
    read::<providers::OfferingsQuery>(&uri);
    read::<market::MarketQuery>(&uri);
}

fn read<T: DeserializeOwned + Serialize + PartialEq>(uri: &Uri) {
    match parse::<T>(uri) {
        Ok(query) => {
            let written = serde_urlencoded::to_string(&query).expect("plain data");
            let uri = Uri::try_from(format!("/?{written}")).expect("an address");
            let again = parse::<T>(&uri).unwrap_or_else(|_| panic!("its own text is refused"));
            assert!(again == query, "it reads back as something else");
            assert!(!written.contains("%00"), "a zero byte came in");
        }
        Err(failure) => {
            assert!(matches!(failure.code(), Code::Malformed | Code::ValidationFailed), "{:?}", failure.code());
            crate::says_why(&failure.problem().detail);
        }
    }
}

fn parse<T: DeserializeOwned>(uri: &Uri) -> Result<T, Failure> {
    let (mut parts, ()) = Request::get(uri.clone()).body(()).expect("a request").into_parts();
    let read = QueryString::<T>::from_request_parts(&mut parts, &()).now_or_never().expect("it waits for nothing");
    read.map(|QueryString(query)| query)
}
