//! The rules of an operator, as they were at any moment. Versions are only ever added; none begins before it is set.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::commission::{CommissionRules, PayTerms, PayTermsError, RulesError};
use counterfoil_domain::ids::{CommissionRuleId, OperatorId, StaffId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::{RuleBook, RuleVersion, SetRules};
use counterfoil_wire::problem::{Code, FieldProblem};

use super::rates::LONGEST_NOTE;
use super::repo::due;
use super::repo::rules as repo;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::stored::{stored, stored_number};
use crate::engine::{begins, operators};

/// One version.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    pub(super) rules: CommissionRules,
    pub(super) terms: PayTerms,
}

/// What was in force at a moment; before the first version that somebody set, what every operator starts with.
pub(super) async fn at(conn: &mut Conn, operator: OperatorId, at: Timestamp) -> Result<Rules, Failure> {
    repo::at(conn, operator, at).await?.map_or_else(|| Ok(Rules::default()), |row| read(&row))
}

/// The rules of one version.
pub(super) async fn of_version(conn: &mut Conn, operator: OperatorId, version: u32) -> Result<Rules, Failure> {
    let beginning = Rules::default();
    if version == beginning.rules.version {
        return Ok(beginning);
    }
    let row = repo::of_version(conn, operator, version).await?;
    read(&stored(row, "earning", "rules_version", version)?)
}

fn read(row: &repo::Row) -> Result<Rules, Failure> {
    let rules: Option<CommissionRules> = serde_json::from_str(&row.rules).ok();
    let rules = rules.filter(|rules| i64::from(rules.version) == row.version && rules.check().is_ok());
    let terms = PayTerms {
        hold_days: stored_number(row.hold_days, "commission_rule", "hold_days", row.id)?,
        minimum_payout: row.minimum_payout,
    };
    Ok(Rules { rules: stored(rules, "commission_rule", "rules", row.id)?, terms })
}

fn view(row: &repo::Row) -> Result<RuleVersion, Failure> {
    let Rules { rules, terms } = read(row)?;
    Ok(RuleVersion {
        rule_id: Some(CommissionRuleId(row.id)),
        rules,
        terms,
        valid_from: Some(Timestamp(row.valid_from)),
        set_at: Some(Timestamp(row.set_at)),
        set_by: row.set_by.clone(),
        note: row.note.clone(),
    })
}

/// All versions, with the one in force now.
pub(crate) async fn book(conn: &mut Conn, operator: OperatorId, now: Timestamp) -> Result<RuleBook, Failure> {
    let history = repo::history(conn, operator).await?;
    let mut history = history.iter().map(view).collect::<Result<Vec<_>, Failure>>()?;
    let Rules { rules, terms } = Rules::default();
    let note = String::new();
    history.push(RuleVersion { rule_id: None, rules, terms, valid_from: None, set_at: None, set_by: None, note });
    let begun = |one: &&RuleVersion| one.valid_from.is_none_or(|from| from <= now);
    let in_force = stored(history.iter().find(begun).cloned(), "commission_rule", "valid_from", operator)?;
    let due::Standing { waiting, trouble } = due::standing(conn, operator).await?;
    let currency = operators::get(conn, operator).await?.currency.to_string();
    Ok(RuleBook { currency, now: in_force, history, waiting: waiting.unsigned_abs(), trouble })
}

/// Sets rules from now or from a day to come. What was before stays as it was.
pub(crate) async fn set_rules(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    asked: &SetRules,
) -> Result<RuleBook, Failure> {
    let mut work = app.begin(operator).await?;
    let now = work.now();
    // Versions follow one another.
    repo::lock(work.conn(), operator).await?;
    let before = book(work.conn(), operator, now).await?;
    if let Some(known) = before.history.iter().find(|one| one.rule_id == Some(asked.rule_id)) {
        let same = same(known, asked);
        work.commit().await?;
        let reused = || Failure::new(Code::IdReused, "This id belongs to other rules. Mint a new id for new rules.");
        return if same { Ok(before) } else { Err(reused()) };
    }
    let newest = before.history.iter().map(|one| one.rules.version).max().unwrap_or_default();
    let rules = rules_of(asked, newest.saturating_add(1));
    check(&rules, asked)?;
    let valid_from = begins::start(&mut work, asked.from_day.as_deref()).await?;
    let json = serde_json::to_string(&rules).map_err(Failure::internal)?;
    let new = repo::New {
        id: asked.rule_id,
        version: i64::from(rules.version),
        rules: &json,
        terms: asked.terms,
        valid_from,
        set_by: staff,
        note: asked.note.trim(),
    };
    repo::insert(work.conn(), operator, &new, now).await?;
    let after = book(work.conn(), operator, now).await?;
    let set = after.history.iter().find(|one| one.rule_id == Some(asked.rule_id));
    audit::record(&mut work, actor, "commission.rules", Some(asked.rule_id.0), Some(&before.now), set).await?;
    work.commit().await?;
    Ok(after)
}

fn rules_of(asked: &SetRules, version: u32) -> CommissionRules {
    CommissionRules {
        version,
        code_rate: asked.code_rate,
        tiers: asked.tiers.clone(),
        override_rate: asked.override_rate,
        override_levels: asked.override_levels,
        cap: asked.cap,
    }
}

fn same(known: &RuleVersion, asked: &SetRules) -> bool {
    known.rules == rules_of(asked, known.rules.version) && known.terms == asked.terms && known.note == asked.note.trim()
}

/// What is wrong with rules, whether they are set or only thought of.
pub(super) fn wrong(rules: &CommissionRules) -> Option<FieldProblem> {
    let error = rules.check().err()?;
    let name = match error {
        RulesError::Tiers => "tiers",
        RulesError::Levels => "override_levels",
    };
    Some(field(name, error.to_string()))
}

fn check(rules: &CommissionRules, asked: &SetRules) -> Result<(), Failure> {
    let mut wrong: Vec<FieldProblem> = wrong(rules).into_iter().collect();
    if let Err(error) = asked.terms.check() {
        let name = match error {
            PayTermsError::HoldDays => "terms.hold_days",
            PayTermsError::MinimumPayout => "terms.minimum_payout",
        };
        wrong.push(field(name, error.to_string()));
    }
    if asked.note.trim().chars().count() > LONGEST_NOTE {
        wrong.push(field("note", format!("at most {LONGEST_NOTE} characters")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}
