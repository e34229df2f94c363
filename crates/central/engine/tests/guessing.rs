//! Whoever has more than nothing, a session or the password with it, and guesses digits for the rest.

use serde_json::json;

use super::second_factor::{OWN, begin, confirm, enrol};
use super::world::{PASSWORD, World, call};

/// With a stolen session and the password, to be rid of the factor.
#[tokio::test]
async fn neither_beginning_anew_nor_another_password_clears_the_way_to_the_digits() {
    let (world, owner) = World::with_shop().await;
    let (app, _) = enrol(&world, &owner).await;
    let guess = async |password: &str| {
        let guess = json!({ "password": password, "code": app.wrong(&world) });
        call(&world.router, "DELETE", OWN, Some(&owner), Some(&guess)).await
    };
    for _ in 0..4 {
        assert_eq!(guess(PASSWORD).await.expect(401).code(), "second_factor_wrong");
    }
    assert_eq!(world.post(OWN, Some(&owner), &json!({ "password": PASSWORD })).await.expect(409).code(), "wrong_state");
    let change = json!({ "current_password": PASSWORD, "new_password": "another horse" });
    world.put("/api/v1/me/password", Some(&owner), &change).await.expect(204);
    for _ in 0..4 {
        assert_eq!(guess("another horse").await.expect(401).code(), "second_factor_wrong");
    }
    assert_eq!(guess("another horse").await.expect(423).code(), "locked_out");
}

#[tokio::test]
async fn whoever_has_only_a_session_does_not_guess_its_way_to_the_recovery_codes() {
    let (world, owner) = World::with_shop().await;
    let app = begin(&world, &owner).await;
    let try_it = async |digits: String| world.put(OWN, Some(&owner), &json!({ "code": digits })).await;
    for _ in 0..10 {
        assert_eq!(try_it(app.wrong(&world)).await.expect(401).code(), "second_factor_wrong");
    }
    assert_eq!(try_it(app.now(&world)).await.expect(423).code(), "locked_out");
    world.clock.advance_ms(15 * 60_000);
    // The session is as old as a token gets; its owner signs in again and goes on with what was begun.
    let again = world.token("reseller", "shop").await;
    assert_eq!(confirm(&world, &again, &app).await.len(), 10);
}
