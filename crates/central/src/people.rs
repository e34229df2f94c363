//! `admin create`, `admin remove-second-factor` and `admin revoke-api-keys`.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use counterfoil_central_platform::console::{NewOperator, NewStaff};
use counterfoil_central_platform::tokens::new_password;

use crate::arguments::{Admin, AdminCreate, AdminName, Database};
use crate::central::Central;

pub(crate) async fn run(command: Admin) -> Result<()> {
    match command {
        Admin::Create(options) => create(options).await,
        Admin::RemoveSecondFactor(who) => remove_second_factor(who).await,
        Admin::RevokeApiKeys(database) => revoke_api_keys(&database).await,
    }
}

async fn remove_second_factor(who: AdminName) -> Result<()> {
    let central = Central::open_existing(&who.database).await?;
    let removed = central.remove_second_factor(&who.username).await;
    central.close().await;
    if removed? {
        println!("{} signs in with the password alone now. Every session is over.", who.username);
    } else {
        println!("{} has no second factor. Nothing was changed.", who.username);
    }
    Ok(())
}

async fn revoke_api_keys(database: &Database) -> Result<()> {
    let central = Central::open_existing(database).await?;
    let revoked = central.revoke_api_keys().await;
    central.close().await;
    match revoked? {
        0 => println!("There is no API key that was not revoked. Nothing was changed."),
        keys => println!("{keys} API key(s) revoked. Their resellers make new ones, under API keys."),
    }
    Ok(())
}

async fn create(options: AdminCreate) -> Result<()> {
    let (password, made) = match &options.password_file {
        Some(file) => (read_password(file)?, false),
        None => (new_password(), true),
    };
    let central = Central::open(&options.database).await?;
    let created = add(&central, &options, password.clone()).await;
    central.close().await;
    if created? {
        println!("The operator {} is set up.", options.operator_name);
    }
    println!("{} can sign in as staff.", options.username);
    if made {
        println!("Password, shown only now: {password}");
    }
    Ok(())
}

async fn add(central: &Central, options: &AdminCreate, password: String) -> Result<bool> {
    let operator = NewOperator {
        name: options.operator_name.clone(),
        time_zone: options.time_zone.clone(),
        currency: options.currency.clone(),
        code_prefix: options.prefix.clone(),
    };
    let staff = NewStaff { username: options.username.clone(), password, role: options.role.into() };
    central.create_admin(&operator, staff).await
}

fn read_password(file: &Path) -> Result<String> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).context("cannot read the password from standard input")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    let password = text.lines().next().unwrap_or_default().to_owned();
    ensure!(!password.is_empty(), "the password is empty");
    Ok(password)
}
