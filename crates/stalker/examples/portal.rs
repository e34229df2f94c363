//! Looks at a portal and writes nothing: what it is, what it can hold, and which of its accounts are in trouble.
//!
//! `PORTAL_PASSWORD=secret cargo run -p counterfoil-stalker --example portal -- http://portal.example stalker`

#![expect(clippy::print_stdout, reason = "a program for the command line")]

use std::error::Error;

use counterfoil_stalker::{ApiAddress, Census, Config, Credentials, Portal};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("usage: portal ADDRESS [LOGIN], with PORTAL_PASSWORD in the environment")?;
    let password = std::env::var("PORTAL_PASSWORD").unwrap_or_default();
    let credentials = arguments.next().map(|login| Credentials::new(login, password));
    let candidates = ApiAddress::candidates(&address)?;
    let mut config = Config::new(candidates[0].clone(), credentials);
    let found = match config.probe(&candidates, None).await {
        Ok(found) => found,
        Err(error) => return Err(format!("{error}. {}", error.remedy()).into()),
    };
    println!("{found:#?}");
    config.api = found.api;
    let portal = Portal::new(&config)?;
    let mut census = Census::default();
    let mut rows = portal.boxes().await?;
    while let Some(row) = rows.next().await {
        census.count(&row);
    }
    let end = rows.end().await?;
    println!("{} accounts, {} ghosts, {} unreadable rows", census.accounts(), census.ghosts(), end.unreadable);
    for shared in census.shared_numbers() {
        println!("account number {} belongs to {}", shared.key, shared.logins.join(", "));
    }
    for shared in census.shared_macs() {
        println!("MAC {} belongs to {}", shared.key, shared.logins.join(", "));
    }
    for odd in census.odd() {
        println!("{:?}: login {:?}, number {:?}, MAC {:?}", odd.why, odd.login, odd.account_number, odd.stb_mac);
    }
    Ok(())
}
