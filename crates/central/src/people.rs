//! `admin create` and `admin remove-second-factor`.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use counterfoil_central_platform::console::{NewOperator, NewStaff};
use counterfoil_central_platform::tokens::new_password;

use crate::arguments::{Admin, AdminCreate, AdminName};
use crate::central::Central;

pub(crate) async fn run(command: Admin) -> Result<()> {
    match command {
        Admin::Create(options) => create(options).await,
        Admin::RemoveSecondFactor(who) => remove_second_factor(who).await,
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
