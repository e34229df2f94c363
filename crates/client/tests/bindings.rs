//! The TypeScript of the command list. Writes `ui/src/lib/api/`; with `COUNTERFOIL_CHECK_BINDINGS=1` compares instead.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use counterfoil_client::api::{
    ApiError, Topic, accounts, admin, api_keys, applications, audit, boxes, brand, bulk, codes, commission, credit,
    credit_packs, customers, dashboard, direct, drift, lots, market, members, notices, orders, payments, permissions,
    plans, portals, prices, providers, queue, relationships, reports, second_factor, selling, sendings, session,
    sessions, settings, settlements, staff, statistics, status, top_ups, troubleshooting, types, wallets,
};
use counterfoil_domain::password;
use ts_rs::{Config, TS, TypeVisitor};

const HEADER: &str = "// Generated from the one command list. Do not edit.\n";

/// Every exported type, by name, with its file's text.
struct Collected<'a> {
    config: &'a Config,
    files: BTreeMap<String, String>,
}

impl TypeVisitor for Collected<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.files.contains_key(&name) {
                return;
            }
            let text = T::export_to_string(self.config).expect("the type can be written");
            self.files.insert(name, tidied(&text));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// Without white space at line ends, and without the blank line below the header.
fn tidied(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut kept = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at == 1 && line.is_empty() {
            continue;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

struct Command {
    name: &'static str,
    argument: String,
    result: String,
}

fn generate() -> BTreeMap<PathBuf, String> {
    let config = Config::new().with_large_int("number");
    let mut collected = Collected { config: &config, files: BTreeMap::new() };
    let mut commands: Vec<Command> = Vec::new();
    macro_rules! collect {
        ($($module:ident :: $function:ident : $argument:ty => $result:ty;)*) => {$(
            collected.visit::<$argument>();
            collected.visit::<$result>();
            commands.push(Command {
                name: stringify!($function),
                argument: <$argument as TS>::name(&config),
                result: <$result as TS>::name(&config),
            });
        )*};
    }
    counterfoil_client::commands!(collect);
    let in_commands: Vec<String> = collected.files.keys().cloned().collect();
    collected.visit::<ApiError>();
    collected.visit::<Topic>();

    let mut text = HEADER.to_owned();
    for name in in_commands.iter().filter(|name| {
        commands.iter().any(|command| mentions(&command.argument, name) || mentions(&command.result, name))
    }) {
        writeln!(text, "import type {{ {name} }} from \"./bindings/{name}\";").expect("a string grows");
    }
    text.push_str("\nexport interface Commands {\n");
    for Command { name, argument, result } in &commands {
        writeln!(text, "  {name}: {{ args: {argument}; result: {result} }};").expect("a string grows");
    }
    text.push_str("}\n");

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/api");
    let bindings = folder.join("bindings");
    let mut files: BTreeMap<PathBuf, String> =
        collected.files.into_iter().map(|(name, text)| (bindings.join(format!("{name}.ts")), text)).collect();
    files.insert(folder.join("commands.ts"), text);
    files.insert(folder.join("limits.ts"), limits());
    files
}

/// What forms check beforehand, as Central takes it.
fn limits() -> String {
    format!("{HEADER}export const SHORTEST_PASSWORD = {};\n", password::SHORTEST)
}

/// Whether a TypeScript type names another as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

fn is_binding(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ts")
}

#[test]
fn bindings_are_current() {
    let files = generate();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/api/bindings");
    let existing: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_binding(path)).collect())
        .unwrap_or_default();
    let stale: Vec<&PathBuf> = existing.iter().filter(|path| !files.contains_key(*path)).collect();
    let changed: Vec<&PathBuf> = files
        .iter()
        .filter(|(path, text)| std::fs::read_to_string(path).ok().as_ref() != Some(text))
        .map(|(path, _)| path)
        .collect();
    if std::env::var("COUNTERFOIL_CHECK_BINDINGS").is_ok_and(|value| value == "1") {
        assert!(
            stale.is_empty() && changed.is_empty(),
            "the TypeScript bindings are not what the command list gives: run `make bindings` and commit. \
             Changed: {changed:?}; no longer there: {stale:?}"
        );
        return;
    }
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    for path in stale {
        std::fs::remove_file(path).expect("a stale binding can be removed");
    }
    for path in changed {
        std::fs::write(path, &files[path]).expect("a binding can be written");
    }
}
