//! A search finds what a scan finds: what begins so, then what contains it.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::CodeId;

use super::listing::{OTHER, list, page, pulled, row, walk};
use super::{Rig, START, sell};
use crate::codes::{self, Effort, Line, Wanted};
use crate::till::Till;

const PLANS: [&str; 4] = ["Weekend Pass", "Family Month", "Month of Sports", "TV \"Späti\""];
const NAMES: [&str; 4] = ["Nora", "joanna", "ann", "o'month"];
const STATES: [CodeState; 3] = [CodeState::Sold, CodeState::Activated, CodeState::Held];

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % most.max(1) as u64).expect("small")
    }

    /// A part of something that a line shows, with a part of something else now and then.
    fn typed(&mut self, lines: &[Line]) -> String {
        let mut typed = self.part(lines);
        if self.below(4) == 0 {
            typed = format!("{typed} {}", self.part(lines));
        }
        if self.below(3) == 0 { typed.to_uppercase() } else { typed }
    }

    fn part(&mut self, lines: &[Line]) -> String {
        let texts = shown(&lines[self.below(lines.len())]);
        let letters: Vec<char> = texts[self.below(texts.len())].chars().collect();
        let start = self.below(letters.len());
        letters.into_iter().skip(start).take(1 + self.below(7)).collect()
    }
}

/// What is searched of a line, in lower case.
fn shown(line: &Line) -> [String; 4] {
    let group = line.masked.rsplit('-').next().unwrap_or_default();
    let email = line.customer_email.as_deref().unwrap_or_default();
    [line.serial.as_str(), group, email, line.plan_name.as_str()].map(str::to_lowercase)
}

fn begins(line: &Line, typed: &str) -> bool {
    shown(line).iter().any(|text| text.starts_with(&typed.trim().to_lowercase()))
}

fn contains(line: &Line, typed: &str) -> bool {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    words.iter().any(|word| word.chars().count() >= 3)
        && words.iter().all(|word| shown(line).iter().any(|text| text.contains(word)))
}

fn ids(lines: &[Line]) -> Vec<CodeId> {
    lines.iter().map(|line| line.code_id).collect()
}

async fn lines(till: &Till, chance: &mut Chance) -> Vec<Line> {
    let mut rows = Vec::new();
    for seq in 1..=150_u32 {
        let state = STATES[chance.below(3)];
        let mut row = row(u128::from(seq), OTHER, seq, state, START.0 - 1_000 + i64::from(seq % 7) * 100);
        row.plan_name = PLANS[chance.below(4)].into();
        row.masked = format!("PM2D-····-····-{:04X}", chance.below(65_536));
        row.customer_email =
            (chance.below(3) > 0).then(|| format!("{}{}@Mail.example", NAMES[chance.below(4)], chance.below(20)));
        rows.push(row);
    }
    pulled(till, &page(1, rows)).await;
    sell(till, 1, 3).await.expect("sold");
    list(till, Wanted::default()).await
}

#[tokio::test]
async fn a_search_finds_what_a_scan_finds_and_what_begins_so_first() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    let mut chance = Chance(11);
    let whole = lines(&till, &mut chance).await;
    assert_eq!(whole.len(), 153);
    for turn in 0..40 {
        let typed = chance.typed(&whole);
        if typed.trim().is_empty() {
            continue;
        }
        let states = if turn % 4 == 0 { vec![CodeState::Sold, CodeState::Held] } else { Vec::new() };
        let fits = |line: &&Line| states.is_empty() || states.contains(&line.state);
        let (begin, rest): (Vec<&Line>, Vec<&Line>) = whole.iter().filter(fits).partition(|line| begins(line, &typed));
        // The whole list is by time, and so are those that only contain it.
        let contain: Vec<CodeId> = rest.iter().filter(|line| contains(line, &typed)).map(|line| line.code_id).collect();
        for sorted in [1_000, 0] {
            let effort = Effort { sorted, ..Effort::default() };
            let wanted =
                Wanted { search: typed.clone(), states: states.clone(), limit: 500, effort, ..Wanted::default() };
            let found = ids(&list(&till, wanted.clone()).await);
            let (first, then) = found.split_at(begin.len().min(found.len()));
            let mut expected: Vec<CodeId> = begin.iter().map(|line| line.code_id).collect();
            let mut first = first.to_vec();
            expected.sort();
            first.sort();
            assert_eq!(first, expected, "begins with {typed:?}, {sorted}");
            assert_eq!(then, contain, "contains {typed:?}, {sorted}");
            pages_agree(&till, &wanted, &found).await;
        }
    }
    client.shutdown().await;
}

async fn pages_agree(till: &Till, wanted: &Wanted, found: &[CodeId]) {
    let typed = &wanted.search;
    let paged = Wanted { limit: 7, ..wanted.clone() };
    assert_eq!(walk(till, &paged).await, found, "{typed:?}");
    for offset in [0, 1, 6, found.len() / 2, found.len().saturating_sub(2), found.len() + 1] {
        let jump = Wanted { offset: u32::try_from(offset).ok(), ..paged.clone() };
        let there: Vec<CodeId> = found.iter().copied().skip(offset).take(7).collect();
        assert_eq!(ids(&codes::list(till, &jump).await.expect("page").lines), there, "{typed:?} from {offset}");
    }
    let counts = codes::counts(till, wanted).await.expect("counted");
    assert_eq!(counts.by_state.values().sum::<u32>() as usize, found.len(), "{typed:?}");
    assert!(!counts.cut && counts.more_than.is_none());
}

#[tokio::test]
async fn of_what_very_many_contain_the_newest_are_looked_through() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    let rows = (1..=1_010_u32).map(|seq| {
        let mut row = row(u128::from(seq), OTHER, seq, CodeState::Sold, START.0 + i64::from(seq));
        row.customer_email = Some(format!("a{}@mail.example", seq % 2));
        row
    });
    pulled(&till, &page(1, rows.collect())).await;
    let wanted = |search: &str| Wanted { search: search.into(), limit: 500, ..Wanted::default() };
    let found = walk(&till, &wanted("mail.")).await;
    let newest: Vec<CodeId> = (11..=1_010).rev().map(|id| CodeId(uuid::Uuid::from_u128(id))).collect();
    assert_eq!(found, newest);
    let counts = codes::counts(&till, &wanted("mail.")).await.expect("counted");
    assert!(counts.cut);
    assert_eq!(counts.by_state[&CodeState::Sold], 1_000);
    // The rarer word finds the candidates: the oldest line is found by what it alone has.
    assert_eq!(walk(&till, &wanted("mail 2-0001")).await, [CodeId(uuid::Uuid::from_u128(1))]);
    assert!(!codes::counts(&till, &wanted("mail 2-0001")).await.expect("counted").cut);
    // Longer words are asked for by their rarest letters, and by all of them where these find very many as well.
    assert_eq!(walk(&till, &wanted("mail.example")).await, newest);
    let odd: Vec<CodeId> =
        (1..=1_010).rev().filter(|id| id % 2 == 1).map(|id| CodeId(uuid::Uuid::from_u128(id))).collect();
    assert_eq!(walk(&till, &wanted("1@mail.exam")).await, odd);
    assert_eq!(walk(&till, &wanted("mail.example 1@mail.exam")).await, odd);
    // What begins so is not cut.
    assert_eq!(walk(&till, &wanted("a1@")).await.len(), 505);
    client.shutdown().await;
}
