//! A part of a file of offerings: what is wrong with its lines, and what they would do or did.

use std::collections::HashMap;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{OfferingId, OperatorId, ProviderId};
use counterfoil_domain::market::{Details, Nanos, OfferingStatus};
use counterfoil_wire::providers::{ImportOfferings, ImportedOfferings, OfferingLine, RefusedLine};
use serde::Serialize;
use uuid::Uuid;

use super::draft::{LARGEST_STOCK, LONGEST_TERM, OfferingDraft};
use super::{lock, offerings, repo};
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::stored::stored;

/// Lines of one part.
const MOST: usize = 500;

/// What the audit keeps of a part.
#[derive(Serialize)]
struct Imported<'a> {
    created: Vec<&'a str>,
    changed: Vec<&'a str>,
    same: u32,
}

/// Makes and changes offerings by article, all of the lines or, where one of them is refused, none. What is like its line
/// already is not touched, so that the same part twice does nothing the second time.
pub(crate) async fn import(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    provider: ProviderId,
    asked: &ImportOfferings,
) -> Result<ImportedOfferings, Failure> {
    let mut work = app.begin(operator).await?;
    lock(&mut work, provider).await?;
    if !(1..=MOST).contains(&asked.lines.len()) {
        let message = format!("1 to {MOST} lines at a time, not {}", asked.lines.len());
        return Err(Failure::validation(vec![field("lines", message)]));
    }
    let (drafts, refused) = read(&asked.lines);
    let articles: Vec<&str> = drafts.iter().map(|line| line.draft.article.as_str()).collect();
    let mut known = HashMap::with_capacity(articles.len());
    // Locked: an order that takes units meanwhile would have them put back.
    for row in repo::lock_articles(work.conn(), provider, &articles).await? {
        let (id, article) = (row.id, row.article.clone());
        known.insert(article, (id, of_known(row)?));
    }
    let over = |line: Read| {
        let is = known.get(&line.draft.article).map(|(_, is)| is);
        line.over(is)
    };
    let drafts: Vec<OfferingDraft> = drafts.into_iter().map(over).collect();
    let now = work.now();
    let mut puts = Vec::new();
    let mut told = Imported { created: Vec::new(), changed: Vec::new(), same: 0 };
    for draft in &drafts {
        match known.get(&draft.article) {
            Some((_, is)) if is == draft => told.same += 1,
            Some((id, _)) => {
                told.changed.push(&draft.article);
                puts.push(repo::Put { id: *id, draft });
            }
            None => {
                told.created.push(&draft.article);
                puts.push(repo::Put { id: mint::<OfferingId>(now).0, draft });
            }
        }
    }
    let written = !asked.dry_run && refused.is_empty();
    let imported = ImportedOfferings {
        created: count(&told.created)?,
        changed: count(&told.changed)?,
        same: told.same,
        written,
        refused,
    };
    if written && !puts.is_empty() {
        offerings::write(&mut work, provider, &puts).await?;
        audit::record(&mut work, actor, "offering.import", Some(provider.0), NOTHING, Some(&told)).await?;
    }
    work.commit().await?;
    Ok(imported)
}

fn count(articles: &[&str]) -> Result<u32, Failure> {
    u32::try_from(articles.len()).map_err(Failure::internal)
}

fn of_known(row: repo::Known) -> Result<OfferingDraft, Failure> {
    let id: Uuid = row.id;
    Ok(OfferingDraft {
        article: row.article,
        name: row.name,
        description: row.description,
        base_price: stored(Nanos::new(row.base_price).ok(), "offering", "base_price", id)?,
        term_days: row.term_days,
        attributes: row.attributes,
        stock: row.stock,
        status: stored(OfferingStatus::from_stored(&row.status), "offering", "status", id)?,
    })
}

/// A line that is right.
#[derive(Debug)]
struct Read {
    draft: OfferingDraft,
    /// It says nothing of the stock.
    keeps_stock: bool,
}

impl Read {
    /// What it makes of the offering that is there, or as a new one. Units that were sold since the file was saved do not
    /// come back because its cell is empty.
    fn over(self, known: Option<&OfferingDraft>) -> OfferingDraft {
        match known {
            Some(known) if self.keeps_stock => OfferingDraft { stock: known.stock, ..self.draft },
            _ => self.draft,
        }
    }
}

/// The lines that are right, and each of the others with the first column that is wrong.
fn read(lines: &[OfferingLine]) -> (Vec<Read>, Vec<RefusedLine>) {
    let mut first: HashMap<String, u32> = HashMap::with_capacity(lines.len());
    let (mut drafts, mut refused) = (Vec::with_capacity(lines.len()), Vec::new());
    for line in lines {
        let read = draft_of(line).and_then(|read| match first.get(&read.draft.article) {
            Some(other) => Err(("article", format!("line {other} has the same article: keep one of them"))),
            None => Ok(read),
        });
        match read {
            Ok(read) => {
                first.insert(read.draft.article.clone(), line.line);
                drafts.push(read);
            }
            Err((field, detail)) => {
                refused.push(RefusedLine { line: line.line, field: field.to_owned(), detail });
            }
        }
    }
    (drafts, refused)
}

type Wrong = (&'static str, String);

/// In the column of the stock: as many as somebody orders.
const UNLIMITED: &str = "unlimited";

fn draft_of(line: &OfferingLine) -> Result<Read, Wrong> {
    let base_price = line.base_price.trim().parse::<Nanos>().map_err(|error| wrong("base_price", error))?;
    let attributes = match line.attributes.trim() {
        "" => Details::default(),
        text => Details::from_json(text).map_err(|error| wrong("attributes", error))?,
    };
    let term = format!("whole days from 0 to {LONGEST_TERM}, or nothing where it does not end");
    let stock = format!("whole units from 0 to {LARGEST_STOCK}, {UNLIMITED}, or nothing, which leaves it as it is");
    let left = line.stock.trim();
    let unlimited = left.eq_ignore_ascii_case(UNLIMITED);
    let draft = OfferingDraft {
        article: line.article.trim().to_owned(),
        name: line.name.trim().to_owned(),
        description: line.description.trim().to_owned(),
        base_price,
        term_days: number(&line.term_days).map_err(|()| wrong("term_days", term))?.unwrap_or_default(),
        attributes: attributes.to_json(),
        stock: if unlimited { None } else { number(left).map_err(|()| wrong("stock", stock))? },
        status: match line.status.trim() {
            "" => OfferingStatus::Active,
            name => OfferingStatus::from_stored(name)
                .ok_or_else(|| wrong("status", "active or withdrawn, or nothing, which is active"))?,
        },
    };
    match draft.wrong().into_iter().next() {
        Some(problem) => Err((column(&problem.field), problem.message)),
        None => Ok(Read { draft, keeps_stock: left.is_empty() }),
    }
}

fn wrong(field: &'static str, message: impl std::fmt::Display) -> Wrong {
    (field, message.to_string())
}

/// Digits only: no sign, no separators. None where there is nothing.
fn number(text: &str) -> Result<Option<i64>, ()> {
    let text = text.trim();
    match text {
        "" => Ok(None),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().map(Some).map_err(|_| ()),
        _ => Err(()),
    }
}

/// The column of a wrong field; they have the same names.
fn column(field: &str) -> &'static str {
    ["article", "name", "description", "term_days", "stock"]
        .into_iter()
        .find(|name| *name == field)
        .unwrap_or("article")
}

#[cfg(test)]
mod tests {
    use counterfoil_wire::providers::OfferingLine;

    use super::{OfferingDraft, Read, draft_of, read};

    fn line(change: impl FnOnce(&mut OfferingLine)) -> OfferingLine {
        let mut line = OfferingLine {
            line: 2,
            article: "HL-1".to_owned(),
            name: "Harbour".to_owned(),
            description: String::new(),
            base_price: "12.345678901".to_owned(),
            term_days: String::new(),
            attributes: String::new(),
            stock: String::new(),
            status: String::new(),
        };
        change(&mut line);
        line
    }

    #[test]
    fn an_empty_column_has_its_meaning() {
        let Read { draft, keeps_stock } = draft_of(&line(|_| {})).expect("right");
        assert!(keeps_stock);
        assert_eq!((draft.base_price.get(), draft.term_days, draft.stock), (12_345_678_901, 0, None));
        assert_eq!((draft.attributes.as_str(), draft.status.as_str()), ("{}", "active"));
    }

    #[test]
    fn an_empty_stock_is_the_one_that_is_there_and_no_limit_is_a_word() {
        let read = |stock: &str| draft_of(&line(|line| line.stock = stock.to_owned())).expect(stock);
        let known = OfferingDraft { stock: Some(7), ..read("").draft };
        assert_eq!((read("").over(Some(&known)).stock, read("").over(None).stock), (Some(7), None));
        assert_eq!(read(" Unlimited ").over(Some(&known)).stock, None);
        assert_eq!([read("0"), read("8")].map(|read| read.over(Some(&known)).stock), [Some(0), Some(8)]);
    }

    #[test]
    fn what_is_wrong_says_in_which_column() {
        type Change = fn(&mut OfferingLine);
        let changes: [(&str, Change); 12] = [
            ("article", |line| line.article = " ".to_owned()),
            ("name", |line| line.name = "n".repeat(101)),
            ("description", |line| line.description = "d".repeat(2_001)),
            ("base_price", |line| line.base_price = "1,5".to_owned()),
            ("base_price", |line| line.base_price = "0.0000000001".to_owned()),
            ("base_price", |line| line.base_price = "-1".to_owned()),
            ("term_days", |line| line.term_days = "3661".to_owned()),
            ("term_days", |line| line.term_days = "a month".to_owned()),
            ("attributes", |line| line.attributes = "[1]".to_owned()),
            ("stock", |line| line.stock = "-1".to_owned()),
            ("stock", |line| line.stock = "no limit".to_owned()),
            ("status", |line| line.status = "sold out".to_owned()),
        ];
        for (column, change) in changes {
            assert_eq!(draft_of(&line(change)).expect_err(column).0, column);
        }
    }

    #[test]
    fn the_same_article_twice_is_refused_the_second_time() {
        let (drafts, refused) = read(&[line(|_| {}), line(|line| line.line = 3)]);
        assert_eq!((drafts.len(), refused.len()), (1, 1));
        assert_eq!((refused[0].line, refused[0].field.as_str()), (3, "article"));
        assert!(refused[0].detail.contains("line 2"), "{}", refused[0].detail);
    }
}
