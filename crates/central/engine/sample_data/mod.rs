//! Invented data to look around in: an operator, resellers, plans, credits, external providers, accounts and codes.
//!
//! The same every time. Every id is derived, so that a run that was cut off is continued by the next.

mod accounts;
mod cast;
mod codes;
mod market;
mod orders;
mod portal;
mod repo;

use counterfoil_central_platform::console::{NewOperator, NewStaff, Sample, SampleSignIn, SampleSize};
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::TransferKind;
use counterfoil_domain::permission::{MemberRole, StaffRole};
use counterfoil_domain::plan::PlanStatus;
use counterfoil_domain::reseller::ResellerStatus;
use counterfoil_wire::credits::MoveCredits;
use counterfoil_wire::plans::SavePlan;
use counterfoil_wire::problem::Code;
use counterfoil_wire::resellers::SaveReseller;

use super::audit::{self, Actor, NOTHING};
use super::{App, credits, members, notices, operators, plans, resellers, staff};
use cast::{MEMBERS, OPERATOR, PLANS, RESELLERS, STAFF, password, sample_id};

const DONE: &str = "sample_data.complete";

/// Fills an empty Central. `progress` is told how many of which there are. A portal comes with an address.
pub async fn fill(
    app: &App,
    size: SampleSize,
    portal: Option<&str>,
    progress: &(dyn Fn(&str, u32) + Sync),
) -> Result<Sample, Failure> {
    let sample = fill_books(app, size, progress).await?;
    if let Some(address) = portal {
        portal::fill(app, sample_id("operator", 0), address).await?;
    }
    Ok(sample)
}

async fn fill_books(app: &App, size: SampleSize, progress: &(dyn Fn(&str, u32) + Sync)) -> Result<Sample, Failure> {
    let operator: OperatorId = sample_id("operator", 0);
    let mut reader = app.reader().await?;
    let known = operators::first(&mut reader).await?;
    let done = repo::has_audit(&mut reader, operator, DONE).await?;
    drop(reader);
    match known {
        Some(known) if known.id != operator => {
            let detail = format!("This database belongs to {}: sample data goes only into an empty one.", known.name);
            return Err(Failure::new(Code::Conflict, detail));
        }
        Some(_) if done => return Ok(Sample { fresh: false, sign_ins: sign_ins() }),
        Some(_) => {}
        None => {
            let new = NewOperator {
                name: OPERATOR.name.to_owned(),
                time_zone: OPERATOR.time_zone.to_owned(),
                currency: OPERATOR.currency.to_owned(),
                code_prefix: OPERATOR.code_prefix.to_owned(),
            };
            operators::create(app, operator, &new).await?;
        }
    }
    fill_people(app, operator).await?;
    fill_plans(app, operator).await?;
    fill_credits(&app.at(app.now().plus_days(-31)), operator).await?;
    market::fill(&app.at(app.now().plus_days(-30)), operator).await?;
    codes::fill(app, operator, size.codes, size.shops, progress).await?;
    accounts::fill(app, operator, size.accounts, progress).await?;
    orders::fill(app, operator).await?;
    told_already(app, operator).await?;
    let mut work = app.begin(operator).await?;
    audit::record(&mut work, &Actor::system(), DONE, Some(operator.0), NOTHING, NOTHING).await?;
    work.commit().await?;
    Ok(Sample { fresh: true, sign_ins: sign_ins() })
}

/// Nobody is reminded by mail of what was invented: its people have no addresses that anybody reads.
async fn told_already(app: &App, operator: OperatorId) -> Result<(), Failure> {
    let mut work = app.begin(operator).await?;
    repo::forget_reminders(work.conn(), operator).await?;
    work.commit().await?;
    // Without a mail server a wallet that is low is marked and nobody is told.
    notices::look_for_low_credit(app).await.map(drop)
}

async fn fill_people(app: &App, operator: OperatorId) -> Result<(), Failure> {
    for (username, role) in STAFF {
        let new = NewStaff { username: username.to_owned(), password: password(username), role };
        match staff::create(app, operator, &Actor::system(), new).await {
            Err(failure) if failure.code() == Code::UsernameTaken => {}
            other => drop(other?),
        }
    }
    for reseller in RESELLERS {
        let asked = SaveReseller {
            reseller_id: reseller.id(),
            version: None,
            username: reseller.username.to_owned(),
            password: Some(password(reseller.username)),
            company: reseller.company.to_owned(),
            email: format!("{}@example.org", reseller.username),
            contact: reseller.contact.to_owned(),
            phone: reseller.phone.to_owned(),
            parent_id: reseller.parent.map(|parent| sample_id("reseller", parent)),
            settlement_mode: reseller.mode,
            credit_limit: reseller.credit_limit,
            status: ResellerStatus::Active,
            template: None,
        };
        resellers::create(app, operator, &Actor::system(), asked).await?;
    }
    for (username, reseller, role) in MEMBERS {
        let reseller: ResellerId = sample_id("reseller", reseller);
        members::add(app, operator, &Actor::system(), reseller, username, password(username), role).await?;
    }
    Ok(())
}

async fn fill_plans(app: &App, operator: OperatorId) -> Result<(), Failure> {
    let currency = operators::get(&mut *app.reader().await?, operator).await?.currency;
    for plan in PLANS {
        let save = SavePlan {
            plan_id: plan.id(),
            version: None,
            name: plan.name.to_owned(),
            kind: plan.kind,
            price: Amount::new(plan.price, Unit::Minor(currency)).map_err(Failure::internal)?,
            term_days: plan.term_days,
            features: plan.features.iter().map(|f| (*f).to_owned()).collect(),
            status: PlanStatus::Active,
            sold_by: None,
            trials_a_month: None,
        };
        plans::create(app, operator, &Actor::system(), &save).await?;
    }
    Ok(())
}

async fn fill_credits(app: &App, operator: OperatorId) -> Result<(), Failure> {
    let mut number = 0;
    for reseller in RESELLERS {
        for (kind, amount, note) in reseller.funding {
            let transfer_id: TransferId = sample_id("transfer", number);
            number += 1;
            let movement =
                MoveCredits { transfer_id, kind: *kind, amount: *amount, note: (*note).to_owned(), pack: None };
            credits::move_credits(app, operator, &Actor::system(), reseller.id(), &movement).await?;
        }
    }
    Ok(())
}

fn sign_ins() -> Vec<SampleSignIn> {
    let staff = STAFF.into_iter().map(|(username, role)| SampleSignIn {
        audience: "admin",
        username: username.to_owned(),
        password: password(username),
        who: format!("{} of {}", words(StaffRole::as_str(role)), OPERATOR.name),
    });
    let owners = RESELLERS.iter().map(|reseller| SampleSignIn {
        audience: "reseller",
        username: reseller.username.to_owned(),
        password: password(reseller.username),
        who: format!(
            "owner of {} ({}{})",
            reseller.company,
            reseller.mode.as_str(),
            match reseller.parent {
                Some(parent) => format!(", below {}", RESELLERS[parent as usize].company),
                None => String::new(),
            }
        ),
    });
    let members = MEMBERS.into_iter().map(|(username, reseller, role)| SampleSignIn {
        audience: "reseller",
        username: username.to_owned(),
        password: password(username),
        who: format!("{} of {}", words(MemberRole::as_str(role)), RESELLERS[reseller as usize].company),
    });
    staff.chain(owners).chain(members).collect()
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// The kinds of funding the cast uses.
type Funding = &'static [(TransferKind, i64, &'static str)];
