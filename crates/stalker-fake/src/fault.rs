//! Failures on demand.

use std::str::FromStr;

use crate::answer::Answer;

const PHP_FATAL: &str = include_str!("recorded/php_fatal.txt");
const TRAILING_WARNING: &str = include_str!("recorded/trailing_warning.txt");
const DATABASE_DOWN_OUTPUT: &str = include_str!("recorded/database_down_output.txt");
const DATABASE_DOWN: &str = "Connect Error (1045) Access denied for user 'stalker'@'127.0.0.1' (using password: YES)";
const MISSING_EXTENSION: &str = "php-intl extension not installed.";
const LOGIN_PAGE: &str =
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form></form></body></html>\n";
const MEGABYTE: u64 = 1024 * 1024;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 404, `API not enabled`.
    ApiDisabled,
    /// 200, and PHP's page of an uncaught error.
    PhpFatal,
    /// 200, and PHP's page of a script that met its memory limit.
    MemoryExhausted {
        /// PHP's `memory_limit`, in MiB.
        megabytes: u64,
    },
    /// 200 with zero bytes.
    Nothing,
    /// The connection ends in the middle of the body.
    HalfAnswer,
    /// Half an answer, and nothing more for ever.
    Stall,
    /// Nothing for ever.
    Silence,
    /// Nothing until [`FakePortal::heal`](crate::FakePortal::heal), and then the answer: empty where nothing was done.
    Held,
    /// The envelope of a portal whose database refuses it.
    DatabaseDown,
    /// The envelope of a portal that lacks an extension of PHP.
    MissingExtension,
    /// The answer, and a warning of PHP behind it.
    TrailingWarning,
    /// 500 without a word, as when errors are not displayed.
    ServerError,
    /// 502 of a proxy in front.
    BadGateway,
    /// Some other program's page.
    LoginPage,
    /// 301 to the same portal by `https`.
    Moved,
    /// The answer under the name of an operator's proxy that waited too long.
    GatewayTimeout,
}

/// Whether the portal did its work before things went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nothing was done.
    Before,
    /// All of it was done, and the answer is lost or wrong.
    After,
}

/// A fault that waits for its requests.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What goes wrong.
    pub fault: Fault,
    /// Before the work or after it.
    pub when: When,
    /// Only for this method, when one is named.
    pub method: Option<&'static str>,
    /// Only for this resource, when one is named.
    pub resource: Option<&'static str>,
    /// How many requests it spares before the first.
    pub after: usize,
    /// For how many requests; `None` is for ever.
    pub times: Option<usize>,
}

impl Planned {
    /// For every request from now on, before any work is done.
    pub fn always(fault: Fault) -> Self {
        Self { fault, when: When::Before, method: None, resource: None, after: 0, times: None }
    }

    /// For the next request of this method, after the work is done: the portal changed and its answer is lost.
    pub fn lost_answer(method: &'static str, fault: Fault) -> Self {
        Self { fault, when: When::After, method: Some(method), resource: None, after: 0, times: Some(1) }
    }

    /// The same for one resource only.
    pub fn on(self, resource: &'static str) -> Self {
        Self { resource: Some(resource), ..self }
    }
}

/// What a request gets in the end.
#[derive(Debug)]
pub(crate) enum Reply {
    Whole(Answer),
    Half(Answer),
    Stalled(Answer),
    Held(Answer),
    Silence,
}

impl Fault {
    /// `answer` is what the portal would have said.
    pub(crate) fn spoil(self, answer: Answer, resource: &str) -> Reply {
        Reply::Whole(match self {
            Self::ApiDisabled => Answer::api_disabled(),
            Self::PhpFatal => Answer::php_page(PHP_FATAL),
            Self::MemoryExhausted { megabytes } => Answer::php_page(memory_exhausted(megabytes, resource)),
            Self::Nothing => Answer::empty(),
            Self::HalfAnswer => return Reply::Half(answer),
            Self::Stall => return Reply::Stalled(answer),
            Self::Silence => return Reply::Silence,
            Self::Held => return Reply::Held(answer),
            Self::DatabaseDown => Answer::json(&Err(DATABASE_DOWN.to_owned()), DATABASE_DOWN_OUTPUT),
            Self::MissingExtension => Answer::json(&Err(MISSING_EXTENSION.to_owned()), ""),
            Self::TrailingWarning => {
                let body = [answer.body.as_slice(), TRAILING_WARNING.as_bytes()].concat();
                Answer { body, ..answer }
            }
            Self::ServerError => Answer::apache(500, "Internal Server Error", ""),
            Self::BadGateway => Answer::apache(502, "Bad Gateway", ""),
            Self::GatewayTimeout => Answer::apache(504, "Gateway Timeout", ""),
            Self::LoginPage => Answer::php_page(LOGIN_PAGE),
            Self::Moved => Answer::moved("https://portal.example/stalker_portal/api/".to_owned()),
        })
    }
}

fn memory_exhausted(megabytes: u64, resource: &str) -> String {
    // Where it ended in the recordings.
    let (asked, file, line) = match resource {
        "stb" => (8_192, "mysqlresult.class.php", 56),
        _ => (68_001_360, "mysql.class.php", 790),
    };
    format!(
        "<br />\n<b>Fatal error</b>:  Allowed memory size of {} bytes exhausted (tried to allocate {asked} bytes) in \
         <b>/var/www/stalker_portal/server/lib/{file}</b> on line <b>{line}</b><br />\n",
        megabytes * MEGABYTE
    )
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name {
            "api-disabled" => Self::ApiDisabled,
            "php-fatal" => Self::PhpFatal,
            "memory-exhausted" => Self::MemoryExhausted { megabytes: 128 },
            "nothing" => Self::Nothing,
            "half-answer" => Self::HalfAnswer,
            "stall" => Self::Stall,
            "silence" => Self::Silence,
            "held" => Self::Held,
            "database-down" => Self::DatabaseDown,
            "missing-extension" => Self::MissingExtension,
            "trailing-warning" => Self::TrailingWarning,
            "server-error" => Self::ServerError,
            "bad-gateway" => Self::BadGateway,
            "gateway-timeout" => Self::GatewayTimeout,
            "moved" => Self::Moved,
            "login-page" => Self::LoginPage,
            other => return Err(format!("{other} is no fault: see Fault in crates/stalker-fake")),
        })
    }
}
