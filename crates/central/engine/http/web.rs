//! The pages for customers and applicants, which need no script: forms in, pages out. Those of the market are in
//! `web_market`.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::get;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::{ClientAddress, Segment};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::pages::activate::{self, ActivationForm};
use counterfoil_central_platform::pages::apply::{self, ApplyForm};
use counterfoil_central_platform::pages::subscription::{self, SubscriptionForm};
use counterfoil_central_platform::pages::{self, Letterhead, MAX_FORM_BYTES, Page, Sent};
use counterfoil_domain::ids::ResellerId;
use counterfoil_wire::brand::ShownBrand;

use super::web_market;
use crate::engine::{App, applications, brand, operators, redemption};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/activate", get(show_activate).post(activate))
        .route("/apply", get(show_apply).post(apply))
        .route("/subscription", get(show_subscription).post(subscription))
        .route("/brand/{sheet}", get(brand_sheet))
        .route(pages::stylesheet_path(), get(pages::stylesheet))
        .merge(web_market::router())
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
}

/// The form opens even when the database does not answer: by the time it is filled in, it may.
pub(super) async fn letterhead(app: &App) -> Letterhead {
    let operator = async { operators::first(&mut *app.reader().await?).await };
    match operator.await {
        Ok(Some(operator)) => Letterhead {
            operator_name: operator.shown_name().to_owned(),
            // One that an older rule let pass is not shown.
            accent: operator.brand.accent.as_deref().and_then(|accent| accent.parse().ok()),
            logo: operator.brand.logo,
            code_prefix: operator.code_prefix.as_str().to_owned(),
            support_email: operator.support_email,
            support_phone: operator.support_phone,
        },
        Ok(None) => Letterhead::default(),
        Err(failure) => {
            failure.log();
            Letterhead::default()
        }
    }
}

/// The sheet with the operator's colour, which its name says.
async fn brand_sheet(Segment(name): Segment) -> Result<Response, Failure> {
    pages::brand_sheet(&name).ok_or_else(|| Failure::not_found("sheet"))
}

/// The form to activate a code, with an id for the account it may open.
async fn show_activate(State(app): State<App>) -> Page {
    activate::form(&letterhead(&app).await, &ActivationForm::new(mint(app.now())))
}

/// Activates, or says on the same form why not.
async fn activate(State(app): State<App>, address: ClientAddress, sent: Result<Sent<ActivationForm>, Failure>) -> Page {
    let (letterhead, fresh) = (letterhead(&app).await, mint(app.now()));
    let sent = match sent {
        Ok(sent) => sent,
        Err(failure) => return activate::refused(&letterhead, &ActivationForm::new(fresh), &failure, fresh),
    };
    let form = sent.form.with_id_or(fresh);
    if form.only_fills() || sent.by_another_site {
        return activate::form(&letterhead, &form);
    }
    let asked = async { Ok::<_, Failure>(redemption::activate(&app, &form.request()?, address).await?) };
    match asked.await {
        Ok(done) => activate::done(&letterhead, &done.activation, sellers_brand(&app, done.seller).await.as_ref()),
        Err(failure) => activate::refused(&letterhead, &form, &failure, fresh),
    }
}

/// The brand of the shop that the code was of; none where it is the operator's. What was activated is told without it, too.
async fn sellers_brand(app: &App, seller: ResellerId) -> Option<ShownBrand> {
    let brand = async { brand::of_reseller(&mut *app.reader().await?, seller).await };
    brand.await.unwrap_or_else(|failure: Failure| {
        failure.log();
        None
    })
}

/// The form to look a subscription up.
async fn show_subscription(State(app): State<App>) -> Page {
    subscription::form(&letterhead(&app).await)
}

/// Shows the subscription of a token. It changes nothing, so a form of another site may ask too: only the visitor sees
/// the answer.
async fn subscription(
    State(app): State<App>,
    address: ClientAddress,
    sent: Result<Sent<SubscriptionForm>, Failure>,
) -> Page {
    let letterhead = letterhead(&app).await;
    let form = match sent {
        Ok(sent) => sent.form,
        Err(failure) => return subscription::refused(&letterhead, &SubscriptionForm::default(), &failure),
    };
    let asked = async { redemption::subscription(&app, &form.token()?, address).await };
    match asked.await {
        Ok(found) => subscription::shown(&letterhead, &found, app.now()),
        Err(failure) => subscription::refused(&letterhead, &form, &failure),
    }
}

/// The form to apply, with an id for the application.
async fn show_apply(State(app): State<App>) -> Page {
    apply::form(&letterhead(&app).await, &ApplyForm::new(mint(app.now())))
}

/// Takes an application, or says on the same form what is wrong, at every field at once.
async fn apply(State(app): State<App>, address: ClientAddress, sent: Result<Sent<ApplyForm>, Failure>) -> Page {
    let (letterhead, fresh) = (letterhead(&app).await, mint(app.now()));
    let sent = match sent {
        Ok(sent) => sent,
        Err(failure) => return apply::refused(&letterhead, &ApplyForm::new(fresh), &failure, fresh),
    };
    let form = sent.form.with_id_or(fresh);
    if sent.by_another_site {
        return apply::form(&letterhead, &form);
    }
    let asked = async {
        let (mut wrong, asked) = (form.slips(), form.request()?);
        if wrong.is_empty() {
            return applications::apply(&app, asked, address).await;
        }
        wrong.extend(applications::wrong_fields(asked));
        Err(Failure::validation(wrong))
    };
    match asked.await {
        Ok(_) => apply::done(&letterhead, &form),
        Err(failure) => apply::refused(&letterhead, &form, &failure, fresh),
    }
}
