//! A portal's answer, from status and bytes to results or to what is wrong with it.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::loose::rows;
use crate::redact::redact;
use crate::refusal::Refusal;

const MEMORY: &str = "Allowed memory size of ";
const MEGABYTE: u64 = 1024 * 1024;

/// The envelope; `output`, where PHP's notices are, and anything else is ignored.
#[derive(Deserialize)]
struct Envelope<'a> {
    status: String,
    #[serde(borrow, default)]
    results: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "crate::loose::text")]
    error: String,
}

/// The results of an answer with `"status":"OK"`, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Results(String);

impl Results {
    /// Something was done. `false` is a failure.
    pub(crate) fn done(&self) -> Result<(), Error> {
        if self.is_false() { Err(Error::Declined) } else { Ok(()) }
    }

    pub(crate) fn is_false(&self) -> bool {
        self.0 == "false"
    }

    pub(crate) fn is_null(&self) -> bool {
        self.0 == "null"
    }

    /// One object.
    pub(crate) fn one<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.done()?;
        if !self.0.starts_with('{') {
            return Err(self.unexpected("one record"));
        }
        serde_json::from_str(&self.0).map_err(|error| unreadable(&error))
    }

    /// A list of objects, without rows that are none.
    pub(crate) fn list<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        self.done()?;
        if !self.0.starts_with(['[', '{']) {
            return Err(self.unexpected("a list"));
        }
        rows(&self.0).map_err(|error| unreadable(&error))
    }

    fn unexpected(&self, wanted: &str) -> Error {
        let kind = match self.0.as_bytes().first() {
            Some(b'n') => "null",
            Some(b't') => "true",
            Some(b'"') => "a text",
            Some(b'[') => "a list",
            Some(b'{') => "a record",
            _ => "a number",
        };
        Error::Unreadable(format!("{wanted} was expected, {kind} came"))
    }
}

/// A parser's own words may quote the value that it met.
fn unreadable(error: &serde_json::Error) -> Error {
    Error::Unreadable(format!("{:?} error at character {} of the results", error.classify(), error.column()))
}

/// Reads a whole answer. `location` is where a redirection leads.
pub(crate) fn read(status: u16, location: Option<&str>, body: &[u8], secrets: &[String]) -> Result<Results, Error> {
    check_status(status, location, body)?;
    let body = trimmed(body);
    if !body.starts_with(b"{") {
        return Err(no_envelope(body, secrets));
    }
    // The first value counts: PHP may print its warnings behind it.
    let mut values = serde_json::Deserializer::from_slice(body).into_iter::<Envelope<'_>>();
    let envelope = match values.next() {
        Some(Ok(envelope)) => envelope,
        Some(Err(error)) if error.is_eof() => return Err(Error::CutShort),
        Some(Err(error)) => return Err(Error::Unreadable(format!("no envelope: {:?}", error.classify()))),
        None => return Err(Error::EmptyAnswer),
    };
    verdict(&envelope.status, &envelope.error, secrets)?;
    Ok(Results(envelope.results.map_or("null", RawValue::get).to_owned()))
}

/// What the two texts of an envelope say.
pub(crate) fn verdict(status: &str, error: &str, secrets: &[String]) -> Result<(), Error> {
    match status {
        "OK" => Ok(()),
        "ERROR" => Err(Error::Refused(Refusal::of(error, secrets))),
        _ => Err(Error::Unreadable("the status is neither OK nor ERROR".to_owned())),
    }
}

/// What a status says by itself.
pub(crate) fn check_status(status: u16, location: Option<&str>, body: &[u8]) -> Result<(), Error> {
    match status {
        200 => Ok(()),
        401 => Err(Error::WrongCredentials),
        301 | 302 | 303 | 307 | 308 => Err(Error::Moved(redact_location(location))),
        403 | 414 => Err(Error::Forbidden),
        404 if body.windows(15).any(|part| part == b"API not enabled") => Err(Error::ApiDisabled),
        404 => Err(Error::WrongPath),
        other => Err(Error::Server(other)),
    }
}

/// An address without what may be secret in it.
fn redact_location(location: Option<&str>) -> String {
    let location = location.unwrap_or("an address it does not name");
    let shown = location.split(['?', '#']).next().unwrap_or_default();
    let without_user = shown.split_once("//").and_then(|(scheme, rest)| {
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (_, host) = authority.rsplit_once('@')?;
        Some(format!("{scheme}//{host}{path}"))
    });
    without_user.as_deref().unwrap_or(shown).chars().take(200).collect()
}

/// Without a byte order mark and white space in front.
pub(crate) fn trimmed(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start()
}

/// What came with 200 and is no JSON.
pub(crate) fn no_envelope(body: &[u8], secrets: &[String]) -> Error {
    if body.is_empty() {
        return Error::EmptyAnswer;
    }
    let head = &body[..body.len().min(4_096)];
    let page = String::from_utf8_lossy(head);
    if let Some(start) = page.find(MEMORY) {
        let digits: String = page[start + MEMORY.len()..].chars().take_while(char::is_ascii_digit).collect();
        return Error::OutOfMemory { megabytes: digits.parse::<u64>().map_or(0, |bytes| bytes / MEGABYTE) };
    }
    let excerpt = redact(&page, secrets);
    if page.contains("Fatal error") || page.contains("Parse error") {
        Error::PhpFailed(excerpt)
    } else {
        Error::NotThePortal(excerpt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Results, Error> {
        super::read(200, None, body.as_bytes(), &[])
    }

    #[test]
    fn the_first_value_counts() {
        let results = Results("true".to_owned());
        assert_eq!(read(r#"{"status":"OK","results":true}"#), Ok(results.clone()));
        assert_eq!(read("\u{feff} {\"status\":\"OK\",\"results\":true}<br />\n<b>Warning</b>"), Ok(results.clone()));
        assert_eq!(read(r#"{"status":"OK","results":true,"output":"<b>x</b>","new":[{}]}"#), Ok(results));
    }

    #[test]
    fn false_is_a_failure_and_null_is_nothing() {
        assert_eq!(read(r#"{"status":"OK","results":false}"#).and_then(|results| results.done()), Err(Error::Declined));
        assert!(read(r#"{"status":"OK","results":null}"#).is_ok_and(|results| results.is_null()));
        assert!(read(r#"{"status":"OK","results":null}"#).and_then(|r| r.list::<serde_json::Value>()).is_err());
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        assert_eq!(read(""), Err(Error::EmptyAnswer));
        assert_eq!(read(" \n"), Err(Error::EmptyAnswer));
        assert_eq!(read(r#"{"status":"OK","results"#), Err(Error::CutShort));
        assert!(matches!(read("<html><body>Hi"), Err(Error::NotThePortal(_))));
        assert!(matches!(read("<b>Fatal error</b>: x"), Err(Error::PhpFailed(_))));
        assert!(matches!(read(r#"{"status":"MAYBE"}"#), Err(Error::Unreadable(_))));
        let page = "<br />\n<b>Fatal error</b>:  Allowed memory size of 134217728 bytes exhausted";
        assert_eq!(read(page), Err(Error::OutOfMemory { megabytes: 128 }));
    }

    #[test]
    fn a_status_speaks_for_itself() {
        let read = |status, body: &str| super::read(status, Some("http://x/y?token=1"), body.as_bytes(), &[]);
        assert_eq!(read(401, "{}"), Err(Error::WrongCredentials));
        assert_eq!(read(404, "API not enabled"), Err(Error::ApiDisabled));
        assert_eq!(read(404, "<html>"), Err(Error::WrongPath));
        assert_eq!(read(301, ""), Err(Error::Moved("http://x/y".to_owned())));
        assert_eq!(read(502, ""), Err(Error::Server(502)));
    }

    #[test]
    fn no_user_and_no_password_is_told_of_where_it_sends_us() {
        for (location, shown) in [
            ("https://stalker:hunter2@tv.example.org/api/?x=1", "https://tv.example.org/api/"),
            ("//stalker:hunter@2@tv.example.org", "//tv.example.org"),
            ("http://tv.example.org/@ann", "http://tv.example.org/@ann"),
            ("/api/v1/", "/api/v1/"),
        ] {
            assert_eq!(super::read(301, Some(location), b"", &[]), Err(Error::Moved(shown.to_owned())));
        }
    }
}
