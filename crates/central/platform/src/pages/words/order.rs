//! The words for what can be wrong with an order on the market. Several fields may be, and each says so itself.

use counterfoil_wire::problem::{Code, Problem};

use super::{Place, Trouble, of_any, sentence};

/// For the order form: what stands above it.
pub(in crate::pages) fn of_order(problem: &Problem) -> Trouble {
    let nowhere = |title, said: &str, way_out: &str| Trouble::new(problem, Place::Nowhere, title, said, way_out);
    match problem.code {
        Code::ValidationFailed => nowhere(
            "Something on the form is not right yet",
            "Nothing was ordered. What you typed is still here.",
            "Look at the marked fields and press the button once more.",
        ),
        Code::IdReused => nowhere(
            "This form was used for another order",
            "One form is one order. Nothing was changed.",
            "The form is fresh now, with what you typed: press the button again.",
        ),
        // What it costs by now, or how many are left: the engine says it in a sentence.
        Code::Conflict | Code::WrongState => nowhere(
            "The offer has changed",
            &sentence(&problem.detail),
            "Nothing was ordered. Change what you like, and see again what it costs.",
        ),
        _ => of_any(problem, "Nothing was ordered by this try."),
    }
}

/// For an offer that nobody sells, or not any more.
pub(in crate::pages) fn of_offer(problem: &Problem) -> Trouble {
    match problem.code {
        Code::NotFound | Code::ResellerSuspended => Trouble::new(
            problem,
            Place::Nowhere,
            "This is not sold any more",
            "Nothing was ordered.",
            "Look on the market what else there is.",
        ),
        _ => of_any(problem, "Nothing was ordered by this try."),
    }
}

/// For the page of an order.
pub(in crate::pages) fn of_order_page(problem: &Problem) -> Trouble {
    match problem.code {
        Code::NotFound => Trouble::new(
            problem,
            Place::Nowhere,
            "No order has this address",
            "The address of an order is long, and capital and small letters differ.",
            "Open it from the e-mail that you got, or ask whoever sold it to you.",
        ),
        _ => of_any(problem, "Your order is as it was."),
    }
}

/// For the market.
pub(in crate::pages) fn of_market(problem: &Problem) -> Trouble {
    match problem.code {
        Code::ValidationFailed => Trouble::new(
            problem,
            Place::Nowhere,
            "This page of the market is not there",
            "Its address is not one that a link here leads to.",
            "Search again, or look at the market from its beginning.",
        ),
        _ => of_any(problem, "Nothing is lost."),
    }
}

/// What is wrong with each field of the form, in the form's order.
pub(in crate::pages) fn wrong_fields(problem: &Problem) -> Vec<(&'static str, String)> {
    let wrong = |name: &str| {
        problem.fields.iter().find(|field| field.field.strip_prefix("customer.").unwrap_or(&field.field) == name)
    };
    WORDS
        .iter()
        .filter_map(|(name, words)| {
            wrong(name).map(|field| (*name, words.map_or_else(|| sentence(&field.message), str::to_owned)))
        })
        .collect()
}

/// Every field with what it takes; of the number of units, the engine knows more.
const WORDS: [(&str, Option<&str>); 5] = [
    ("quantity", None),
    ("name", Some("Type your name, up to 100 characters.")),
    ("email", Some("Type an e-mail address such as name@example.org.")),
    ("phone", Some("A telephone number has up to 40 characters.")),
    ("note", Some("Type 1,000 characters at most.")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, field};

    #[test]
    fn each_wrong_field_says_what_it_takes_in_the_order_of_the_form() {
        let fields = vec![field("customer.email", "x"), field("quantity", "only 2 are left"), field("nothing", "x")];
        let wrong = wrong_fields(Failure::validation(fields).problem());
        assert_eq!(wrong[0], ("quantity", "Only 2 are left.".to_owned()));
        assert_eq!((wrong.len(), wrong[1].0), (2, "email"));
    }

    #[test]
    fn what_a_customer_meets_has_words_of_its_own() {
        for code in [Code::ValidationFailed, Code::IdReused, Code::Conflict, Code::NotFound, Code::RateLimited] {
            let failure = Failure::new(code, "Detail.");
            for trouble in [of_order(failure.problem()), of_offer(failure.problem()), of_order_page(failure.problem())]
            {
                assert!(trouble.said.ends_with('.') && trouble.way_out.ends_with('.'), "{code:?}");
            }
        }
        let gone = Failure::new(Code::NotFound, "");
        assert_ne!(of_offer(gone.problem()).title, of_order_page(gone.problem()).title);
    }
}
