//! Tariffs, packages and channels: the same few as in the recordings.

use crate::accounts::Call;
use crate::json::Json;
use crate::setup::Setup;

/// What an account without a plan of its own shows.
pub(crate) const DEFAULT_PLAN: &str = "T1";

struct Package {
    id: u32,
    external_id: &'static str,
    name: &'static str,
    kind: &'static str,
    service_type: &'static str,
    price: &'static str,
}

struct Plan {
    id: u32,
    external_id: &'static str,
    name: &'static str,
    /// Package ids, each with whether a customer may choose it.
    packages: &'static [(u32, bool)],
}

const PACKAGES: &[Package] = &[
    Package { id: 1, external_id: "BASE", name: "Base TV", kind: "tv", service_type: "periodic", price: "0.00" },
    Package { id: 2, external_id: "HBO", name: "HBO pack", kind: "tv", service_type: "periodic", price: "5.50" },
    Package { id: 3, external_id: "VOD1", name: "Single VOD", kind: "video", service_type: "single", price: "2.00" },
];

const PLANS: &[Plan] = &[
    Plan { id: 1, external_id: "T1", name: "Standard", packages: &[(1, false), (2, true)] },
    Plan { id: 2, external_id: "T2", name: "Премиум", packages: &[(1, false), (2, false), (3, true)] },
];

const CHANNELS: &[(u32, &str)] = &[(1, "ONE TV"), (2, "Два ТВ")];

pub(crate) fn plan_id(external_id: &str) -> Option<u32> {
    PLANS.iter().find(|plan| plan.external_id == external_id).map(|plan| plan.id)
}

pub(crate) fn plan_shown(id: u32) -> &'static str {
    PLANS.iter().find(|plan| plan.id == id).map_or(DEFAULT_PLAN, |plan| plan.external_id)
}

pub(crate) fn package_shown(id: u32) -> &'static str {
    PACKAGES.iter().find(|package| package.id == id).map_or("", |package| package.external_id)
}

/// The package of this external id that an account of this plan may choose.
pub(crate) fn optional_package(plan: u32, external_id: &str) -> Option<u32> {
    let plan = PLANS.iter().find(|known| known.id == plan).unwrap_or(&PLANS[0]);
    let id = PACKAGES.iter().find(|package| package.external_id == external_id)?.id;
    plan.packages.contains(&(id, true)).then_some(id)
}

pub(crate) fn tariffs(call: &Call<'_>) -> Json {
    one_or_all(call, PLANS, |plan| plan.id, |plan| tariff(plan, call.setup))
}

pub(crate) fn packages(call: &Call<'_>) -> Json {
    one_or_all(
        call,
        PACKAGES,
        |package| package.id,
        |package| {
            let mut fields = package_fields(package);
            fields.push(("services", services(package, call.setup)));
            Json::Object(fields)
        },
    )
}

fn one_or_all<T>(call: &Call<'_>, all: &[T], id: impl Fn(&T) -> u32, show: impl Fn(&T) -> Json) -> Json {
    match call.ids {
        [] => Json::List(all.iter().map(show).collect()),
        ids => all.iter().find(|one| ids.contains(&id(one).to_string())).map_or(Json::Null, show),
    }
}

fn tariff(plan: &Plan, setup: &Setup) -> Json {
    let mut fields = vec![
        ("id", Json::text(plan.id.to_string())),
        ("external_id", Json::text(plan.external_id)),
        ("name", Json::text(plan.name)),
        ("user_default", Json::text(if plan.external_id == DEFAULT_PLAN { "1" } else { "0" })),
    ];
    if setup.is_ministra() {
        fields.push(("days_to_expires", Json::text("0")));
    }
    let packages = plan.packages.iter().filter_map(|(id, optional)| {
        let package = PACKAGES.iter().find(|package| package.id == *id)?;
        let mut fields = package_fields(package);
        fields.push(("optional", Json::text(if *optional { "1" } else { "0" })));
        Some(Json::Object(fields))
    });
    fields.push(("packages", Json::List(packages.collect())));
    Json::Object(fields)
}

fn package_fields(package: &Package) -> Vec<(&'static str, Json)> {
    vec![
        ("id", Json::text(package.id.to_string())),
        ("external_id", Json::text(package.external_id)),
        ("name", Json::text(package.name)),
        ("description", Json::text("")),
        ("type", Json::text(package.kind)),
        ("all_services", Json::text(if package.id == 1 { "1" } else { "0" })),
        ("service_type", Json::text(package.service_type)),
        ("rent_duration", Json::text("0")),
        ("price", Json::text(package.price)),
    ]
}

fn services(package: &Package, setup: &Setup) -> Json {
    match package.id {
        1 => Json::text("all"),
        // 4.9 lists every channel there is.
        2 => Json::List(
            CHANNELS
                .iter()
                .take(if setup.is_ministra() { 1 } else { CHANNELS.len() })
                .map(|(id, name)| Json::Object(vec![("id", Json::text(id.to_string())), ("name", Json::text(*name))]))
                .collect(),
        ),
        _ => Json::List(Vec::new()),
    }
}

pub(crate) fn channels(call: &Call<'_>) -> Json {
    let wanted = |id: u32| call.ids.is_empty() || call.ids.contains(&id.to_string());
    let list = CHANNELS.iter().filter(|(id, _)| wanted(*id)).map(|(id, name)| {
        let mut fields = vec![
            ("id", Json::text(id.to_string())),
            ("name", Json::text(*name)),
            ("number", Json::text(id.to_string())),
        ];
        if call.setup.is_ministra() {
            fields.push(("descr", Json::Null));
        }
        fields.extend([
            ("base_ch", Json::text("1")),
            ("hd", Json::text("0")),
            ("enable_monitoring", Json::text("0")),
            ("url", Json::text("")),
        ]);
        Json::Object(fields)
    });
    Json::List(list.collect())
}
