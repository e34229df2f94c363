//! How many files this process may have open. Each connection is one, and so is each live stream, of which it takes ten
//! thousand; systems begin a process with 1,024, and let it ask for more.

/// As many as this process may ask for.
#[cfg(unix)]
pub(crate) fn allow_all() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        tracing::warn!(%error, may = limit.current, "this process may not have more files open, or connections");
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(crate) const fn allow_all() {}

#[cfg(all(test, unix))]
mod tests {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use super::*;

    #[test]
    fn a_process_that_begins_with_few_open_files_may_have_all_that_it_can_ask_for() {
        let most = getrlimit(Resource::Nofile).maximum;
        setrlimit(Resource::Nofile, Rlimit { current: Some(256), maximum: most }).expect("fewer are always allowed");
        allow_all();
        assert_eq!(getrlimit(Resource::Nofile).current, most);
    }
}
