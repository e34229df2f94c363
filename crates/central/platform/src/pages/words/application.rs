//! The words for what can be wrong with an application. Several fields may be, and each says so itself.

use counterfoil_wire::problem::{Code, Problem};

use super::{Place, Trouble, of_any};

/// For `/apply`: what stands above the form.
pub(in crate::pages) fn of_application(problem: &Problem) -> Trouble {
    match problem.code {
        Code::ValidationFailed => Trouble::new(
            problem,
            Place::Nowhere,
            "Something on the form is not right yet",
            "Nothing was sent. What you typed is still here, but for the password.",
            "Look at the marked fields, type the password again and press the button once more.",
        ),
        Code::IdReused => Trouble::new(
            problem,
            Place::Nowhere,
            "This form was used before",
            "One form is one application. Nothing was changed.",
            "The form is fresh now, with what you typed: type the password again and press the button once more.",
        ),
        _ => of_any(problem, "Your application was not sent by this try."),
    }
}

/// What is wrong with each field of the form, in the form's order.
pub(in crate::pages) fn wrong_fields(problem: &Problem) -> Vec<(&'static str, String)> {
    let is_wrong = |name: &str| problem.fields.iter().any(|field| field.field == name);
    WORDS.iter().filter(|(name, _)| is_wrong(name)).map(|(name, words)| (*name, (*words).to_owned())).collect()
}

/// Every field with what it takes.
const WORDS: [(&str, &str); 10] = [
    ("name", "Type your name, up to 80 characters."),
    ("email", "Type an e-mail address such as name@example.org."),
    ("phone", "Type a telephone number, 3 to 40 characters."),
    ("business_name", "Type the name of your business, up to 80 characters."),
    ("kind", "Choose one of the two."),
    ("address", "Type the address, up to 300 characters."),
    ("expected_customers", "Type a number from 0 to 1,000,000. A rough one will do."),
    ("password", "A password has 12 to 200 characters."),
    ("password_again", "Type the same password twice."),
    ("terms_accepted", "Accept the terms, or do not apply."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, field};

    #[test]
    fn each_wrong_field_says_what_it_takes_in_the_order_of_the_form() {
        let failure = Failure::validation(vec![field("password", "x"), field("name", "x"), field("nothing", "x")]);
        let wrong = wrong_fields(failure.problem());
        assert_eq!(wrong.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["name", "password"]);
        assert!(wrong.iter().all(|(_, said)| said.ends_with('.')));
    }

    /// What the form says beforehand, what it says afterwards and what is taken are one rule.
    #[test]
    fn the_form_asks_for_a_password_that_is_taken() {
        use counterfoil_domain::password::{LONGEST, SHORTEST};
        let failure = Failure::validation(vec![field("password", "x")]);
        let said = format!("A password has {SHORTEST} to {LONGEST} characters.");
        assert_eq!(wrong_fields(failure.problem()), [("password", said)]);
        let form = include_str!("../../../templates/apply.html");
        assert!(form.contains(&format!("At least {SHORTEST} characters.")));
    }
}
