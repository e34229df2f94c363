//! Values on their way into the table: what the portal and the database make of them, and what they say in SQL.

use jiff::civil::DateTime;

use crate::catalog;
use crate::form::{FieldValue, Form, is_falsy};
use crate::mysql::{ZERO_DATE, cut, stored, timestamp};
use crate::setup::Setup;
use crate::tables::User;

const ARRAY_WARNINGS: &str = include_str!("recorded/array_field.txt");
const DATES: [&str; 2] = ["end_date", "tariff_expired_date"];

/// What `accounts` and `users` take; everything else is dropped in silence.
pub(crate) fn account_fields(setup: &Setup) -> Vec<&'static str> {
    let mut fields = vec![
        "login",
        "password",
        "full_name",
        "phone",
        "account_number",
        "tariff_plan",
        "status",
        "stb_mac",
        "comment",
        "end_date",
        "account_balance",
    ];
    if setup.is_ministra() {
        fields.extend(["tariff_expired_date", "tariff_instead_expired"]);
    }
    if setup.has_reseller_id() {
        fields.push("reseller_id");
    }
    if setup.custom_reseller {
        fields.push("reseller");
    }
    fields
}

/// What `stb` takes.
pub(crate) fn stb_fields(setup: &Setup) -> Vec<&'static str> {
    let mut fields =
        vec!["mac", "login", "password", "status", "additional_services_on", "ls", "end_date", "account_balance"];
    if setup.has_reseller_id() {
        fields.push("reseller_id");
    }
    fields
}

/// Fields as the database will hold them.
pub(crate) struct Written {
    values: Vec<(String, String)>,
    /// What a strict database says against it.
    refusal: Option<String>,
    /// As it came, for the statement in an error.
    raw: Vec<(String, String)>,
}

impl Written {
    pub(crate) fn of(form: &Form, setup: &Setup, now: DateTime, output: &mut String) -> Self {
        let mut written = Self { values: Vec::new(), refusal: None, raw: Vec::new() };
        for (name, value) in form.iter() {
            let FieldValue::One(bytes) = value else {
                // Once to look for the login, once to write it.
                output.push_str(&ARRAY_WARNINGS.repeat(2));
                written.values.push((name.clone(), String::new()));
                continue;
            };
            written.raw.push((name.clone(), String::from_utf8_lossy(bytes).into_owned()));
            let text = written.value(name, bytes, setup, now);
            written.values.push((name.clone(), text));
        }
        written
    }

    fn value(&mut self, name: &str, bytes: &[u8], setup: &Setup, now: DateTime) -> String {
        match bytes.to_ascii_lowercase().as_slice() {
            b"now()" => return now.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            b"curdate()" => return now.strftime("%Y-%m-%d").to_string(),
            b"curtime()" => return now.strftime("%H:%M:%S").to_string(),
            _ => {}
        }
        let Some(text) = stored(bytes, setup.strict_sql) else {
            // The error quotes the bytes, and JSON cannot hold them.
            self.refusal = Some(String::new());
            return String::new();
        };
        if DATES.contains(&name) {
            return timestamp(&text).unwrap_or_else(|| {
                if setup.strict_sql {
                    self.refusal = Some(format!("Incorrect datetime value: '{text}' for column '{name}' at row 1"));
                }
                ZERO_DATE.to_owned()
            });
        }
        cut(name, &text)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn set(&mut self, name: &str, value: String) {
        if let Some((_, known)) = self.values.iter_mut().find(|(known, _)| known == name) {
            *known = value;
        }
    }

    pub(crate) fn reseller_id(&self) -> Option<u32> {
        self.text("reseller_id").map(|id| id.parse().unwrap_or(0))
    }

    pub(crate) fn drop_empty_password(&mut self) {
        self.values.retain(|(name, value)| name != "password" || !value.is_empty());
    }

    /// What the database says against an insert, with the whole statement.
    pub(crate) fn insert_refusal(&self, table: &str) -> Result<(), String> {
        let Some(reason) = &self.refusal else { return Ok(()) };
        let names: Vec<&str> = self.raw.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<String> = self.raw.iter().map(|(_, value)| format!("'{value}'")).collect();
        let statement = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(","), values.join(","));
        Err(failed(reason, &statement))
    }

    /// What the database says against an update, with the whole statement.
    pub(crate) fn update_refusal(&self, id: u32) -> Result<(), String> {
        // An empty plan is left in the statement under the name of a column that there is not.
        let no_column = (self.text("tariff_plan") == Some("")).then_some("Unknown column 'tariff_plan' in 'SET'");
        let Some(reason) = no_column.or(self.refusal.as_deref()) else { return Ok(()) };
        let set: Vec<String> = self.raw.iter().map(|(name, value)| format!("{name}='{value}'")).collect();
        Err(failed(reason, &format!("UPDATE users SET {} WHERE (id={id})", set.join(","))))
    }

    pub(crate) fn apply(&self, user: &mut User) {
        for (name, value) in &self.values {
            self.put(name, value.clone(), user);
        }
    }

    fn put(&self, name: &str, value: String, user: &mut User) {
        match name {
            "login" => user.login = value,
            "password" => user.password = value,
            "full_name" => user.full_name = value,
            "phone" => user.phone = value,
            "account_number" | "ls" => user.ls = value,
            "tariff_plan" => user.tariff_plan_id = catalog::plan_id(&value).unwrap_or(0),
            "status" => user.off = is_falsy(value.as_bytes()),
            "stb_mac" | "mac" => user.mac = value,
            "comment" => user.comment = Some(value),
            "end_date" => user.end_date = Some(value),
            "account_balance" => user.account_balance = value,
            "additional_services_on" => user.additional_services_on = value,
            "reseller_id" => user.reseller_id = self.reseller_id().unwrap_or(0),
            "reseller" => user.custom_reseller = (!value.is_empty()).then_some(value),
            "tariff_expired_date" => user.tariff_expired_date = Some(value),
            "tariff_instead_expired" => user.tariff_instead_expired = catalog::plan_id(&value),
            _ => {}
        }
    }
}

/// The error of a failed statement; the empty text stands for one that JSON cannot hold.
fn failed(reason: &str, statement: &str) -> String {
    if reason.is_empty() { String::new() } else { format!("Query failed by reason : {reason} ({statement})") }
}
