//! The line is cut after a byte; after one more try everything stands as if nothing had happened.
#![allow(clippy::print_stdout, reason = "says how much was tried")]

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use counterfoil_cuts::{Between, Day, Engine, Played, STEPS, Step};
use counterfoil_testkit::line::{Cut, Direction, Ending};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

/// What was tried.
#[derive(Debug, Default, Clone, Copy)]
struct Tried {
    /// That the undisturbed day carried, both ways.
    up: u64,
    down: u64,
    cuts: u64,
    in_the_way: u64,
}

/// Plays the day and cuts each step where `pick` says; at most one cut per step, direction and byte.
async fn cut_everywhere(engine: Engine, pick: impl Fn(u64, u64) -> bool) -> Result<Tried> {
    let mut day = Day::new(engine).await?;
    let mut tried = Tried::default();
    for step in STEPS {
        let played = day.play(step).await?;
        tried.up += played.carried.up;
        tried.down += played.carried.down;
        let before = tried.cuts;
        cut_step(&mut day, &played, &pick, &mut tried).await?;
        println!("{engine:?}, {step:?}: {:?}, {} cuts", played.carried, tried.cuts - before);
        // On from where the undisturbed step ended.
        let last = Cut { direction: Direction::Up, after: u64::MAX, ending: Ending::Finish };
        day.play_cut(&played, Between::TillAndCentral, last).await?;
        day.line.take_down().await;
    }
    Ok(tried)
}

async fn cut_step(day: &mut Day, played: &Played, pick: &impl Fn(u64, u64) -> bool, tried: &mut Tried) -> Result<()> {
    for (direction, carried) in [(Direction::Up, played.carried.up), (Direction::Down, played.carried.down)] {
        ensure!(carried > 0, "{:?} used no network", played.step);
        for after in (0..carried).filter(|after| pick(*after, carried)) {
            let ending = if after % 2 == 0 { Ending::Reset } else { Ending::Finish };
            let cut = Cut { direction, after, ending };
            let was_cut = day.play_cut(played, Between::TillAndCentral, cut).await;
            tried.in_the_way += u64::from(was_cut.with_context(|| format!("{:?} {cut:?}", played.step))?);
            tried.cuts += 1;
        }
    }
    Ok(())
}

/// Every byte, or every so many by `COUNTERFOIL_CUTS_EVERY`; a day on each core.
async fn whole(engine: Engine, otherwise: u64) -> Result<()> {
    let started = Instant::now();
    let every = std::env::var("COUNTERFOIL_CUTS_EVERY").map_or(Ok(otherwise), |text| text.parse())?.max(1_u64);
    let days = std::thread::available_parallelism()?.get() as u64;
    let mut working = JoinSet::new();
    for at in 0..days {
        let pick = move |after: u64, _: u64| after.is_multiple_of(every) && after / every % days == at;
        // On a thread of its own: a day cannot be sent between threads.
        let runtime = Handle::current();
        working.spawn_blocking(move || runtime.block_on(cut_everywhere(engine, pick)));
    }
    let parts = working.join_all().await.into_iter().collect::<Result<Vec<_>>>()?;
    let (up, down) = parts.first().map(|tried| (tried.up, tried.down)).context("a part")?;
    let cuts: u64 = parts.iter().map(|tried| tried.cuts).sum();
    let in_the_way: u64 = parts.iter().map(|tried| tried.in_the_way).sum();
    println!(
        "{engine:?}: a day of {} bytes ({up} up, {down} down), cut after every {every}: {cuts} cuts, {in_the_way} in \
         the way, in {} s, 0 failures",
        up + down,
        started.elapsed().as_secs()
    );
    // Some lie behind the last byte: a background sync may have made the undisturbed step longer.
    ensure!(in_the_way * 100 >= cuts * 80, "too many cuts lay behind the last byte");
    Ok(())
}

/// The first byte, the last one, and some between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sample_of_all_cuts() -> Result<()> {
    let tried = cut_everywhere(Engine::Sqlite, |after, carried| {
        let stride = carried / 3 + 1;
        after == 0 || after + 1 == carried || after % stride == stride / 2
    })
    .await?;
    println!("{tried:?}");
    ensure!(tried.in_the_way > 0, "nothing was cut");
    Ok(())
}

/// The answer of Central is longer than the step, so that one of the cuts is inside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_whose_answer_is_lost_is_of_the_same_device() -> Result<()> {
    let mut day = Day::new(Engine::Sqlite).await?;
    let played = day.play(Step::Enrol).await?;
    let mut tried = Tried::default();
    cut_step(&mut day, &played, &|after, _| after % 128 == 64, &mut tried).await?;
    println!("{tried:?}");
    ensure!(tried.in_the_way > 0, "nothing was cut");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "every byte: `make cuts`"]
async fn every_cut_on_sqlite() -> Result<()> {
    whole(Engine::Sqlite, 1).await
}

/// Here a database is copied for each cut, which takes longer than all the rest: not every byte, unless told to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: `make cuts`"]
async fn cuts_on_postgres() -> Result<()> {
    whole(Engine::Postgres, 32).await
}
