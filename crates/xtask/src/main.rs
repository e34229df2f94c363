//! The repository's own chores, run as `cargo xtask <chore>`. The Makefile gives the everyday ones a short name.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod bench;
mod cuts;
mod fuzz;
mod mutants;
mod postgres;
mod prepare_sql;
mod process;
mod run;
mod screens;
mod stages;
mod tidy;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <chore>

  tidy                      the rules of the house that the compiler does not know
  prepare-sql [package ...] write each crate's checked SQL, its .sqlx folder
  postgres -- <command>     run a command beside a throw-away PostgreSQL
  run [--accounts N] [--codes N]
                            Central with sample data and the desktop application
  test | lint | bindings | screenshots
                            what is behind `make test` and so on
  fuzz [--target NAME] [--seconds N]
                            libFuzzer on every target of fuzz/, or one, for so many seconds each
  cuts [test ...]           the line cut after every byte, a sale ended at every call, Central killed in a loop
  bench [--write] [--seconds N] [row ...]
                            what Counterfoil costs beside what anyone can compare it with
  mutants [name ...]        deliberate faults in the real code, and whether a test objects to each
";

fn main() -> ExitCode {
    if let Some(code) = prepare_sql::stand_in_for_the_compiler() {
        return code;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (chore, rest) = match arguments.split_first() {
        Some((chore, rest)) => (chore.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match chore {
        "tidy" => tidy::run(),
        "prepare-sql" => prepare_sql::run(rest),
        "postgres" => postgres::run(rest),
        "run" => run::run(rest),
        "test" => stages::test(),
        "lint" => stages::lint(),
        "bindings" => stages::bindings(),
        "screenshots" => stages::screenshots(),
        "fuzz" => fuzz::run(rest),
        "mutants" => mutants::run(rest),
        "cuts" => cuts::run(rest),
        "bench" => bench::run(rest),
        _ => {
            eprint!("{USAGE}");
            return if matches!(chore, "help" | "--help" | "-h") { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {chore}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
