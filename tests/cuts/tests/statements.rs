//! Central's connection to PostgreSQL ends before a statement arrives, or before its answer does: a crash at each SQL
//! statement, with the commit that nobody knows the outcome of among them.
#![allow(clippy::print_stdout, reason = "says how much was tried")]

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use counterfoil_cuts::{Between, Day, Engine, Played, STEPS};
use counterfoil_testkit::line::{Cut, Direction, Ending};

/// Before the first byte of each statement, and of each answer.
fn cuts(played: &Played) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for direction in [Direction::Up, Direction::Down] {
        let ends = played.statements.iter().filter(|(of, _)| *of == direction).map(|(_, end)| *end);
        let starts = std::iter::once(0).chain(ends);
        cuts.extend(starts.map(|after| Cut { direction, after, ending: Ending::Reset }));
        // Behind the last piece nothing is left to cut.
        cuts.pop();
    }
    cuts
}

async fn crash(pick: impl Fn(usize) -> bool) -> Result<()> {
    let started = Instant::now();
    let mut day = Day::new(Engine::Postgres).await?;
    let (mut statements, mut tried, mut in_the_way) = (0, 0, 0);
    for step in STEPS {
        let played = day.play(step).await?;
        ensure!(!played.statements.is_empty(), "{step:?} asked the database nothing");
        statements += played.statements.iter().filter(|(of, _)| *of == Direction::Up).count();
        for cut in cuts(&played).into_iter().enumerate().filter(|(at, _)| pick(*at)).map(|(_, cut)| cut) {
            let was_cut = day.play_cut(&played, Between::CentralAndDatabase, cut).await;
            in_the_way += usize::from(was_cut.with_context(|| format!("{step:?} {cut:?}"))?);
            tried += 1;
        }
        // On from where the undisturbed step ended.
        let never = Cut { direction: Direction::Up, after: u64::MAX, ending: Ending::Finish };
        day.play_cut(&played, Between::TillAndCentral, never).await?;
        day.line.take_down().await;
    }
    let seconds = started.elapsed().as_secs();
    println!("{statements} statements of a day: {tried} cuts, {in_the_way} in the way, in {seconds} s, 0 failures");
    // Some lie behind the last one: a background sync may have made the undisturbed step longer.
    ensure!(in_the_way * 100 >= tried * 80, "too many cuts lay behind the last statement");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sample_of_all_statements() -> Result<()> {
    crash(|at| at % 89 == 44).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "every statement: `make cuts`"]
async fn every_statement_of_a_day() -> Result<()> {
    crash(|_| true).await
}
