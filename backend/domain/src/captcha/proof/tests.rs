use std::sync::LazyLock;

use altcha::Solution;
use proptest::prelude::*;

use jiff::SignedDuration;

use super::*;
use crate::keyring::Key;
use crate::testing::SeededEntropy;

fn ring(keys: &[u8]) -> Keyring {
    Keyring::new(keys.iter().map(|id| Key::new(*id, [*id; 32])).collect()).unwrap()
}

fn secret_of(ring: &Keyring, portal: &str) -> ProofSecret {
    ProofSecret::of(ring, &PortalName::parse(portal).unwrap())
}

fn secret() -> ProofSecret {
    secret_of(&ring(&[1]), "aura")
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00.9Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

/// A challenge as clients read it: through its JSON.
fn challenge(secret: &ProofSecret, seed: u64) -> Challenge {
    let issued = issue(secret, Difficulty::LEAST, &SeededEntropy::new(seed), noon());
    serde_json::from_value(serde_json::to_value(issued).unwrap()).unwrap()
}

fn solved(challenge: Challenge) -> Payload {
    let solution = altcha::solve_challenge(SolveChallengeOptions::new(&challenge))
        .unwrap()
        .unwrap();
    Payload { challenge, solution }
}

fn sent(payload: &Payload) -> String {
    STANDARD.encode(serde_json::to_vec(payload).unwrap())
}

/// Solved once for all tests.
static GOOD: LazyLock<Payload> = LazyLock::new(|| solved(challenge(&secret(), 1)));

fn judged(alter: impl FnOnce(&mut Payload)) -> Result<ProofId, ProofRefused> {
    let mut payload = GOOD.clone();
    alter(&mut payload);
    check(&secret(), &sent(&payload), noon())
}

#[test]
fn what_the_crates_own_solver_finds_is_accepted() {
    assert!(judged(|_| {}).is_ok());
}

#[test]
fn the_same_solution_has_the_same_name_however_it_is_written_and_another_one_another() {
    let id = judged(|_| {}).unwrap();
    assert_eq!(judged(|payload| payload.solution.time = None).unwrap(), id);
    let spaced = STANDARD.encode(serde_json::to_vec_pretty(&*GOOD).unwrap());
    assert_eq!(check(&secret(), &spaced, noon()).unwrap(), id);
    let other = solved(challenge(&secret(), 2));
    assert_ne!(check(&secret(), &sent(&other), noon()).unwrap(), id);
}

#[test]
fn a_challenge_is_good_for_two_minutes_and_no_longer() {
    let payload = sent(&GOOD);
    assert!(check(&secret(), &payload, later(119)).is_ok());
    assert_eq!(check(&secret(), &payload, later(120)), Err(ProofRefused::Expired));
}

#[test]
fn an_expired_challenge_can_not_be_given_more_time() {
    for expires_at in [Some(later(3600).as_second()), Some(0), None] {
        assert_eq!(
            judged(|payload| payload.challenge.parameters.expires_at = expires_at),
            Err(ProofRefused::Forged)
        );
    }
}

#[test]
fn an_easier_challenge_than_was_issued_is_forged() {
    let alterations: [fn(&mut ChallengeParameters); 6] = [
        |parameters| parameters.key_prefix.truncate(2),
        |parameters| parameters.key_prefix.clear(),
        |parameters| parameters.cost = 1,
        |parameters| parameters.key_length = 1,
        |parameters| parameters.algorithm = "SHA-256".into(),
        |parameters| parameters.key_signature = Some("00".into()),
    ];
    for alter in alterations {
        assert_eq!(
            judged(|payload| alter(&mut payload.challenge.parameters)),
            Err(ProofRefused::Forged)
        );
    }
}

#[test]
fn an_unsigned_challenge_is_forged() {
    for signature in [None, Some(String::new())] {
        assert_eq!(
            judged(|payload| payload.challenge.signature = signature),
            Err(ProofRefused::Forged)
        );
    }
}

#[test]
fn one_challenge_has_one_writing_of_its_signature() {
    assert_eq!(
        judged(|payload| {
            payload.challenge.signature = payload.challenge.signature.take().map(|s| s.to_uppercase());
        }),
        Err(ProofRefused::Forged)
    );
}

#[test]
fn the_right_key_under_another_counter_is_wrong() {
    assert_eq!(
        judged(|payload| payload.solution.counter += 1),
        Err(ProofRefused::Wrong)
    );
}

#[test]
fn a_true_key_that_does_not_begin_as_told_is_wrong() {
    let challenge = GOOD.challenge.clone();
    let counter = GOOD.solution.counter.wrapping_add(1);
    let solution = Solution {
        counter,
        derived_key: derive(&challenge.parameters, counter),
        time: None,
    };
    assert_eq!(
        check(&secret(), &sent(&Payload { challenge, solution }), noon()),
        Err(ProofRefused::Wrong)
    );
}

#[test]
fn after_a_rotation_challenges_signed_before_are_still_known_until_the_old_key_goes() {
    let payload = sent(&GOOD);
    let rotated = secret_of(&ring(&[2, 1]), "aura");
    assert!(check(&rotated, &payload, noon()).is_ok());
    assert_eq!(
        check(&secret_of(&ring(&[2]), "aura"), &payload, noon()),
        Err(ProofRefused::Forged)
    );
    // And the newest key signs what comes after.
    let renewed = sent(&solved(challenge(&rotated, 3)));
    assert!(check(&secret_of(&ring(&[2]), "aura"), &renewed, noon()).is_ok());
}

#[test]
fn a_payload_longer_than_any_client_sends_is_not_even_decoded() {
    let mut json = serde_json::to_string(&*GOOD).unwrap();
    json.push_str(&" ".repeat(MAX_PAYLOAD));
    assert_eq!(
        check(&secret(), &STANDARD.encode(json), noon()),
        Err(ProofRefused::Malformed)
    );
}

#[test]
fn the_work_doubles_with_each_doubling_of_what_is_asked_for_up_to_a_bound() {
    let hashes = |issued| Difficulty::under(issued).expected_hashes();
    let least = Difficulty::LEAST.expected_hashes();
    assert_eq!(hashes(0), least);
    assert_eq!(hashes(59), least);
    assert_eq!(hashes(60), 2 * least);
    assert_eq!(hashes(120), 4 * least);
    assert_eq!(hashes(240), 8 * least);
    assert_eq!(hashes(480), 8 * least, "and no more");
    assert_eq!(Difficulty::under(u32::MAX), Difficulty::MOST);
    assert!(Difficulty::LEAST < Difficulty::MOST);
}

#[test]
fn the_counter_to_find_lies_below_the_bound() {
    assert!(GOOD.solution.counter < Difficulty::LEAST.bound());
}

/// Puts another hexadecimal digit in the place of one.
fn with_another_digit(text: &str, position: usize, by: u8) -> String {
    let position = position % text.len();
    let digit = char::from(text.as_bytes()[position]).to_digit(16).unwrap();
    let other = char::from_digit((digit + u32::from(by)) % 16, 16).unwrap();
    let mut altered = text.to_owned();
    altered.replace_range(position..=position, &other.to_string());
    altered
}

proptest! {
    #[test]
    fn any_digit_altered_is_refused(field in 0..5_u8, position in 0..64_usize, by in 1..16_u8) {
        let mut refused = ProofRefused::Forged;
        let answer = judged(|payload| {
            let parameters = &mut payload.challenge.parameters;
            let text = match field {
                0 => &mut parameters.nonce,
                1 => &mut parameters.salt,
                2 => &mut parameters.key_prefix,
                3 => payload.challenge.signature.as_mut().unwrap(),
                _ => {
                    refused = ProofRefused::Wrong;
                    &mut payload.solution.derived_key
                }
            };
            *text = with_another_digit(text, position, by);
        });
        prop_assert_eq!(answer, Err(refused));
    }

    #[test]
    fn any_other_counter_is_refused(counter: u32) {
        prop_assume!(counter != GOOD.solution.counter);
        prop_assert_eq!(judged(|payload| payload.solution.counter = counter), Err(ProofRefused::Wrong));
    }

    #[test]
    fn any_other_expiry_is_refused(expires_at: i64) {
        prop_assume!(Some(expires_at) != GOOD.challenge.parameters.expires_at);
        prop_assert_eq!(
            judged(|payload| payload.challenge.parameters.expires_at = Some(expires_at)),
            Err(ProofRefused::Forged)
        );
    }

    #[test]
    fn any_text_is_refused_without_a_panic(text in ".{0,300}") {
        prop_assert_eq!(check(&secret(), &text, noon()), Err(ProofRefused::Malformed));
    }

    #[test]
    fn any_bytes_in_base64_are_refused_without_a_panic(bytes: Vec<u8>) {
        prop_assert_eq!(check(&secret(), &STANDARD.encode(bytes), noon()), Err(ProofRefused::Malformed));
    }

    #[test]
    fn any_payload_of_the_right_shape_is_refused_without_a_panic(
        texts in prop::array::uniform6(".{0,40}"),
        numbers in prop::array::uniform3(any::<u32>()),
        expires_at: i64,
    ) {
        let [algorithm, key_prefix, nonce, salt, signature, derived_key] = texts;
        let payload = Payload {
            challenge: Challenge {
                parameters: ChallengeParameters {
                    algorithm,
                    cost: numbers[0],
                    data: None,
                    expires_at: Some(expires_at),
                    key_length: numbers[1] as usize,
                    key_prefix,
                    key_signature: None,
                    memory_cost: None,
                    nonce,
                    parallelism: None,
                    salt,
                },
                signature: Some(signature),
            },
            solution: Solution { counter: numbers[2], derived_key, time: None },
        };
        let refused = check(&secret(), &sent(&payload), noon());
        prop_assert!(matches!(refused, Err(ProofRefused::Forged | ProofRefused::Malformed)));
    }
}
