//! One request, from its line and body to its answer.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::DateTime;
use tokio::sync::watch;

use crate::accounts::{self, Call};
use crate::answer::{Answer, Outcome, refuse};
use crate::fault::{Planned, Reply, When};
use crate::form::Form;
use crate::json::Json;
use crate::route::{self, Route};
use crate::select::AccountKey;
use crate::setup::Setup;
use crate::tables::Tables;
use crate::{boxes, catalog, messages, reseller, stb, subscriptions};

/// Requests remembered for tests; later ones are counted out.
const LONGEST_LOG: usize = 20_000;
const MONITORING: &str = "text/channel-monitoring-id-url";

/// A request as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// In capitals.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The header, as it came.
    pub authorization: Option<String>,
    /// The header, as it came.
    pub accept: Option<String>,
    /// The header, as it came.
    pub content_type: Option<String>,
    /// All of it.
    pub body: Vec<u8>,
}

/// The portal itself, without a socket.
#[derive(Debug)]
pub struct State {
    /// Which portal this is, and how it was set up.
    pub setup: Setup,
    /// Its database.
    pub tables: Tables,
    /// What goes wrong from now on; the first that fits a request is taken.
    pub faults: Vec<Planned>,
    /// What was asked, oldest first.
    pub requests: Vec<Request>,
    /// What the portal's own clock shows.
    pub now: DateTime,
    /// Told when all faults are forgotten.
    pub(crate) healed: watch::Sender<()>,
}

impl State {
    pub(crate) fn new(setup: Setup, now: DateTime) -> Self {
        Self {
            setup,
            tables: Tables::default(),
            faults: Vec::new(),
            requests: Vec::new(),
            now,
            healed: watch::Sender::default(),
        }
    }

    /// The reply, and how long it is in the making.
    pub(crate) fn handle(&mut self, request: &Request) -> (Reply, Duration) {
        if self.requests.len() < LONGEST_LOG {
            self.requests.push(request.clone());
        }
        let (path, query) = match request.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (request.target.as_str(), None),
        };
        let route = route::route(&self.setup.folder, path, query, self.setup.decodes_twice);
        let (resource, ids) = match route {
            Route::Api { resource, ids } => (resource, ids),
            Route::Unwritable => return (Reply::Whole(Answer::empty()), Duration::ZERO),
            Route::Moved(to) => return (Reply::Whole(Answer::moved(to)), Duration::ZERO),
            Route::Forbidden => return (Reply::Whole(Answer::forbidden()), Duration::ZERO),
            Route::NotFound => return (Reply::Whole(Answer::not_found()), Duration::ZERO),
            Route::TooLong => {
                return (Reply::Whole(Answer::apache(414, "Request-URI Too Long", "")), Duration::ZERO);
            }
        };
        let planned = self.next_fault(&request.method, &resource);
        if let Some(planned) = &planned
            && planned.when == When::Before
            && !matches!(planned.fault, crate::Fault::HalfAnswer | crate::Fault::Stall | crate::Fault::TrailingWarning)
        {
            return (planned.fault.spoil(Answer::empty(), &resource), Duration::ZERO);
        }
        let answer = self.answer(request, &resource, &ids);
        let took = self.took(request, &resource, &ids);
        match planned {
            Some(planned) => (planned.fault.spoil(answer, &resource), took),
            None => (Reply::Whole(answer), took),
        }
    }

    fn next_fault(&mut self, method: &str, resource: &str) -> Option<Planned> {
        let fits = |planned: &Planned| {
            planned.method.is_none_or(|wanted| wanted == method)
                && planned.resource.is_none_or(|wanted| wanted == resource)
        };
        let at = self.faults.iter().position(fits)?;
        let planned = &mut self.faults[at];
        if planned.after > 0 {
            planned.after -= 1;
            return None;
        }
        let found = planned.clone();
        if let Some(times) = &mut planned.times {
            *times -= 1;
            if *times == 0 {
                self.faults.remove(at);
            }
        }
        Some(found)
    }

    fn answer(&mut self, request: &Request, resource: &str, ids: &[String]) -> Answer {
        if !self.setup.api_enabled {
            return Answer::api_disabled();
        }
        // What is wrong with the request itself is told before anybody is asked who they are.
        if resource.is_empty() {
            return Answer::json(&refuse("Empty resource"), "");
        }
        if !["GET", "POST", "PUT", "DELETE"].contains(&request.method.as_str()) {
            return Answer::json(&refuse("Not supported method"), "");
        }
        if !self.is_authorized(request.authorization.as_deref()) {
            return Answer::unauthorized(if self.setup.is_ministra() { "Ministra API" } else { "Stalker API" });
        }
        if resource == "monitoring_links" && request.accept.as_deref() == Some(MONITORING) {
            return Answer::plain_text("");
        }
        let multipart = request.content_type.as_deref().is_some_and(|kind| kind.starts_with("multipart/"));
        // PHP takes a multipart POST for itself.
        let body = if multipart && request.method == "POST" { &[][..] } else { &request.body };
        let mut output = String::new();
        let mut call = Call {
            setup: &self.setup,
            tables: &mut self.tables,
            ids,
            form: &Form::parse(body),
            now: self.now,
            output: &mut output,
        };
        match dispatch(&mut call, &request.method, resource) {
            // An error that JSON cannot hold.
            Err(text) if text.is_empty() => Answer::empty(),
            outcome => Answer::json(&outcome, &output),
        }
    }

    fn is_authorized(&self, authorization: Option<&str>) -> bool {
        self.setup.credentials.as_ref().is_none_or(|(login, password)| {
            let wanted = format!("Basic {}", STANDARD.encode(format!("{login}:{password}")));
            authorization == Some(wanted.as_str())
        })
    }

    /// A list is made row by row, and `accounts` costs about twenty times what `stb` does.
    fn took(&self, request: &Request, resource: &str, ids: &[String]) -> Duration {
        if request.method != "GET" || !ids.is_empty() {
            return Duration::ZERO;
        }
        let rows = u32::try_from(self.tables.users().count()).unwrap_or(u32::MAX);
        match resource {
            "accounts" | "users" => self.setup.row_delay.saturating_mul(rows),
            "stb" => self.setup.row_delay.saturating_mul(rows) / 20,
            _ => Duration::ZERO,
        }
    }
}

fn dispatch(call: &mut Call<'_>, method: &str, resource: &str) -> Outcome {
    match (resource, method) {
        ("accounts", method) => account(call, method, AccountKey::Number),
        ("users", method) => account(call, method, AccountKey::Login),
        ("stb", "GET") => Ok(stb::get(call)),
        ("stb", "POST") => stb::create(call),
        ("stb", "PUT") => stb::update(call),
        ("stb", _) => stb::delete(call),
        ("stb_msg", "POST") => messages::stb_msg(call),
        ("send_event", "POST") => messages::send_event(call),
        ("account_subscription", "GET") => subscriptions::get(call),
        ("account_subscription", "POST") => subscriptions::change(call, true),
        ("account_subscription", "PUT") => subscriptions::change(call, false),
        ("account_subscription", _) => subscriptions::delete(call),
        ("itv_subscription", "GET") => Ok(subscriptions::channels(call)),
        ("itv_subscription", "PUT") => Ok(subscriptions::put_channels(call)),
        ("stb_auth", "PUT") => boxes::put_auth(call),
        ("stb_modules", "GET") => boxes::modules(call),
        ("stb_modules", "PUT") => boxes::put_modules(call),
        ("tariffs", "GET") => Ok(catalog::tariffs(call)),
        ("services_package", "GET") => Ok(catalog::packages(call)),
        ("itv", "GET") => Ok(catalog::channels(call)),
        ("itv", "PUT") => Ok(Json::Bool(true)),
        ("monitoring_links", "GET") => refuse(&format!("Unsupported Accept header, use {MONITORING}")),
        ("reseller", method) if call.setup.is_ministra() => resellers(call, method),
        (
            "stb_msg" | "send_event" | "itv_subscription" | "stb_auth" | "stb_modules" | "tariffs" | "services_package"
            | "itv" | "monitoring_links",
            method,
        ) => unsupported(resource, method),
        _ => unknown(call.setup, resource),
    }
}

fn account(call: &mut Call<'_>, method: &str, key: AccountKey) -> Outcome {
    match method {
        "GET" => accounts::get(call, key),
        "POST" => accounts::create(call),
        "PUT" => accounts::update(call, key),
        _ => accounts::delete(call, key),
    }
}

fn resellers(call: &mut Call<'_>, method: &str) -> Outcome {
    if !call.setup.resellers_for_api {
        return refuse("Resource denied by admin");
    }
    match method {
        "GET" => reseller::get(call),
        "POST" => reseller::create(call),
        "PUT" => reseller::update(call),
        _ => reseller::delete(call),
    }
}

fn unsupported(resource: &str, method: &str) -> Outcome {
    let action = match method {
        "GET" => "get",
        "POST" => "create",
        "PUT" => "update",
        _ => "delete",
    };
    refuse(&format!("Resource \"{resource}\" does not support action \"{action}\""))
}

fn unknown(setup: &Setup, resource: &str) -> Outcome {
    let class = route::class_name(resource);
    if setup.is_ministra() {
        return refuse(&format!("Resource \"{class}\" does not exist"));
    }
    refuse(&format!("Class file for \"RESTCommand{class}\" not found"))
}
