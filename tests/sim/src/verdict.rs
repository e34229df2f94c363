//! What Central said to customers who redeem, beside what it should have said.

use counterfoil_domain::ids::LotId;
use counterfoil_model::reference::Verdict;

use crate::central::Answer;
use crate::judge::{Judge, Typed};

impl Judge {
    /// A customer typed a code of this number. The verdict is what should come of it.
    pub fn redeemed(&mut self, code: Typed, who: usize, now: i64, answer: Option<&Answer>) -> Option<Verdict> {
        let said = answer.map(Answer::code).unwrap_or_default();
        if said == "rate_limited" {
            self.meet("redemption put off by the limits");
            return None;
        }
        let verdict = self.reference.redeem(code.lease, code.slot, code.seq, who, now, now.div_euclid(86_400_000));
        if let Some(answer) = answer {
            self.answered_to(verdict, answer, || format!("{code:?} by {who}"));
        }
        Some(verdict)
    }

    /// A customer brought a card of a lot that the operator made ahead.
    pub fn redeemed_card(&mut self, (lot, seq): (LotId, u32), who: usize, now: i64, answer: &Answer) {
        if answer.code() == "rate_limited" {
            return self.meet("redemption put off by the limits");
        }
        let about = || format!("number {seq} of lot {lot} by {who}");
        let verdict = self.reference.redeem_card((lot, seq), who, now, now.div_euclid(86_400_000));
        let Some(verdict) = verdict else {
            self.meet("card brought that no shop has");
            let fits = answer.code() == "code_not_sold";
            return self.expect("redemption", fits, || format!("{}: {}", about(), answer.json()));
        };
        self.meet("card brought");
        self.answered_to(verdict, answer, about);
    }

    /// What Central said to whoever redeemed, beside what it should have said.
    fn answered_to(&mut self, verdict: Verdict, answer: &Answer, about: impl FnOnce() -> String) {
        let (said, body) = (answer.code(), answer.json());
        let last_day = body["last_day"].as_str().and_then(day_number);
        let repeated = body["repeated"].as_bool().unwrap_or(false);
        let fits = match verdict {
            Verdict::Activated { last_day: expected } => {
                answer.status.is_success() && !repeated && last_day == Some(expected)
            }
            Verdict::Repeated => answer.status.is_success() && repeated,
            Verdict::UsedByOther => said == "already_activated",
            Verdict::Waits => said == "code_held",
            Verdict::Voided | Verdict::Clash => said == "code_revoked",
            Verdict::TooLate => said == "code_expired",
            Verdict::Unknown => said == "code_unknown",
        };
        self.meet(match verdict {
            Verdict::Activated { .. } => "redeemed",
            Verdict::Repeated => "redeemed again by the same",
            Verdict::UsedByOther => "redeemed by another before",
            Verdict::Waits => "redemption waits",
            Verdict::Voided => "redemption of a voided code",
            Verdict::Clash => "number in two plans",
            Verdict::TooLate => "redeemed too late",
            Verdict::Unknown => "redemption of no code",
        });
        self.expect("redemption", fits, || {
            format!("{}: Central {} {body}, reference {verdict:?}", about(), answer.status)
        });
    }
}

fn day_number(text: &str) -> Option<i64> {
    let day: jiff::civil::Date = text.parse().ok()?;
    let epoch = jiff::civil::date(1970, 1, 1);
    Some(i64::from(epoch.until(day).ok()?.get_days()))
}
