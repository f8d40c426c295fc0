use jiff::SignedDuration;
use portique_shared::Language;
use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::account::{Account, AccountStatus, PasswordState};
use crate::authenticator::AuthenticatorId;
use crate::testing::{self, Device};

const HERE: &str = "https://paca.example.org";

fn site() -> PasskeySite {
    PasskeySite::at(HERE).unwrap()
}

fn account(number: u128) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(number)),
        portal: PortalName::parse("paca").unwrap(),
        record: testing::record("jeanne.lefevre"),
        status: AccountStatus::Active,
        password: PasswordState::None,
        wants_second_factor: false,
        language: Language::Fr,
        created_at: Timestamp::UNIX_EPOCH,
        last_sign_in_at: None,
    }
}

fn enrolling(account: &Account, keys: &[Passkey]) -> Begun {
    begin_enrolment(&site(), Holder { account, keys }).unwrap()
}

fn finish_enrolment(begun: &Begun, answer: &Value) -> Result<Passkey, Refusal> {
    let answer = Enrolment::read(&answer.to_string())?;
    assert!(answer.challenge().is_ok());
    answer.finish(&site(), &begun.state)
}

/// The device's key for account 1.
fn enrolled(device: &mut Device) -> Passkey {
    let begun = enrolling(&account(1), &[]);
    let answer = device.create(HERE, &begun.options);
    finish_enrolment(&begun, &answer).unwrap()
}

/// What becomes of a sign-in by `device`, judged by `key` of account 1.
fn signing_in(device: &mut Device, origin: &str, key: &Passkey) -> Result<Passkey, Refusal> {
    let begun = begin_sign_in(&site()).unwrap();
    let answer = device.get(origin, &begun.options);
    let answer = Assertion::read_sign_in(&answer.to_string())?;
    answer.finish(&site(), &begun.state, AccountId(Uuid::from_u128(1)), key)
}

fn second_step(device: &mut Device, keys: &[Passkey], key: &Passkey) -> Result<Passkey, Refusal> {
    let begun = begin_second_step(&site(), keys)?;
    let answer = device.get(HERE, &begun.options);
    let answer = Assertion::read_second_step(&answer.to_string())?;
    assert_eq!(answer.challenge(), Ok(begun.challenge));
    answer.finish(&site(), &begun.state, AccountId(Uuid::from_u128(1)), key)
}

#[test]
fn a_key_that_was_added_signs_in_and_takes_the_second_step() {
    let mut device = Device::new(1);
    let key = enrolled(&mut device);
    let key = signing_in(&mut device, HERE, &key).unwrap();
    assert_eq!(key.counter(), 1);
    let key = second_step(&mut device, std::slice::from_ref(&key), &key).unwrap();
    assert_eq!(key.counter(), 2);
    assert!(!key.is_synchronised());
}

#[test]
fn enrolment_asks_for_a_verified_person_a_key_found_without_identifier_and_no_attestation() {
    let key = enrolled(&mut Device::new(1));
    let begun = enrolling(&account(1), std::slice::from_ref(&key));
    let options = begun.options;
    assert_eq!(options["rp"]["id"], "paca.example.org");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["timeout"], 300_000);
    let mut algorithms: Vec<_> = options["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["alg"].as_i64())
        .collect();
    algorithms.sort_unstable();
    assert_eq!(algorithms, [Some(-257), Some(-8), Some(-7)]);
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    assert_eq!(options["user"]["name"], "jeanne.lefevre");
    assert_eq!(options["user"]["displayName"], "Jeanne LEFÈVRE");
}

#[test]
fn a_persons_handle_is_theirs_alone_stays_and_is_not_the_identifier() {
    let handle = |number| enrolling(&account(number), &[]).options["user"]["id"].clone();
    assert_eq!(handle(1), handle(1));
    // The same identifier, another account.
    assert_ne!(handle(1), handle(2));
    assert_eq!(handle(1).as_str().unwrap().len(), 86);
}

#[test]
fn a_sign_in_names_nobody_and_asks_for_a_verified_person() {
    let options = begin_sign_in(&site()).unwrap().options;
    assert_eq!(options["allowCredentials"], serde_json::json!([]));
    assert_eq!(options["userVerification"], "required");
    let keys = [enrolled(&mut Device::new(1))];
    let options = begin_second_step(&site(), &keys).unwrap().options;
    assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);
    assert_eq!(options["userVerification"], "required");
}

#[test]
fn a_key_made_on_another_page_for_another_site_or_without_verifying_is_refused() {
    let begun = enrolling(&account(1), &[]);
    let mut device = Device::new(1);
    let answer = device.create("https://paca.example.net", &begun.options);
    assert_eq!(finish_enrolment(&begun, &answer), Err(Refusal::Origin));
    // The same host without TLS is another origin.
    let answer = device.create("http://paca.example.org", &begun.options);
    assert_eq!(finish_enrolment(&begun, &answer), Err(Refusal::Origin));

    device.site = Some("example.net".into());
    let answer = device.create(HERE, &begun.options);
    assert_eq!(finish_enrolment(&begun, &answer), Err(Refusal::Site));

    let mut device = Device::new(1);
    device.verifies = false;
    let answer = device.create(HERE, &begun.options);
    assert_eq!(finish_enrolment(&begun, &answer), Err(Refusal::NotVerified));

    let other = enrolling(&account(1), &[]);
    let answer = Device::new(1).create(HERE, &other.options);
    assert_eq!(finish_enrolment(&begun, &answer), Err(Refusal::Challenge));
    assert_eq!(
        finish_enrolment(&begun, &serde_json::json!({"id": "x"})),
        Err(Refusal::Unreadable)
    );
}

#[test]
fn a_sign_in_from_another_page_or_for_another_site_is_refused() {
    let mut device = Device::new(1);
    let key = enrolled(&mut device);
    assert_eq!(
        signing_in(&mut device, "https://paca.example.net", &key),
        Err(Refusal::Origin)
    );
    device.site = Some("example.net".into());
    assert_eq!(signing_in(&mut device, HERE, &key), Err(Refusal::Site));
}

#[test]
fn another_challenge_than_the_one_given_is_refused() {
    let mut device = Device::new(1);
    let key = enrolled(&mut device);
    device.challenge = Some("AAAAAAAAAAAAAAAAAAAAAA".into());
    assert_eq!(signing_in(&mut device, HERE, &key), Err(Refusal::Challenge));
}

#[test]
fn a_device_that_did_not_verify_its_person_is_refused() {
    let mut device = Device::new(1);
    let key = enrolled(&mut device);
    device.verifies = false;
    assert_eq!(signing_in(&mut device, HERE, &key), Err(Refusal::NotVerified));
    let keys = [key];
    assert_eq!(
        second_step(&mut device, &keys, &keys[0]),
        Err(Refusal::NotVerified)
    );
}

#[test]
fn a_key_of_somebody_else_is_refused() {
    let mut mine = Device::new(1);
    let key = enrolled(&mut mine);
    let mut theirs = Device::new(2);
    let foreign = enrolled(&mut theirs);
    // Judged by another key than the one that signed.
    assert_eq!(signing_in(&mut theirs, HERE, &key), Err(Refusal::UnknownKey));
    // One that the second step did not ask for.
    assert_eq!(
        second_step(&mut theirs, std::slice::from_ref(&key), &foreign),
        Err(Refusal::UnknownKey)
    );
    // The right key, told to be another person's.
    let another = enrolling(&account(2), &[]).options["user"]["id"].clone();
    mine.poses_as = another.as_str().map(str::to_owned);
    assert_eq!(signing_in(&mut mine, HERE, &key), Err(Refusal::UnknownKey));
    assert_eq!(begin_second_step(&site(), &[]).err(), Some(Refusal::UnknownKey));
}

#[test]
fn a_signature_of_something_else_is_refused() {
    let mut device = Device::new(1);
    let key = enrolled(&mut device);
    device.flips = true;
    assert_eq!(signing_in(&mut device, HERE, &key), Err(Refusal::Signature));
}

#[test]
fn a_counter_that_stays_or_goes_back_is_refused() {
    let mut device = Device::new(1);
    device.counter = 7;
    let key = enrolled(&mut device);
    let key = signing_in(&mut device, HERE, &key).unwrap();
    for counter in [7, 3] {
        device.counter = counter;
        assert_eq!(signing_in(&mut device, HERE, &key), Err(Refusal::CounterWentBack));
    }
    device.counter = 8;
    assert!(signing_in(&mut device, HERE, &key).is_ok());
}

#[test]
fn a_key_is_kept_in_an_authenticator_and_read_back() {
    let mut device = Device::new(1);
    let key = enrolled(&mut device);
    let kept = Authenticator {
        id: AuthenticatorId(Uuid::from_u128(7)),
        account: account(1).id,
        name: "Téléphone".into(),
        created_at: Timestamp::UNIX_EPOCH,
        last_used_at: None,
        means: key.means(),
    };
    let read = Passkey::of(&kept).unwrap();
    assert_eq!(read, key);
    assert!(signing_in(&mut device, HERE, &read).is_ok());
}

#[test]
fn a_challenge_is_for_one_purpose_one_holder_one_portal_and_five_minutes() {
    let now = Timestamp::UNIX_EPOCH;
    let paca = PortalName::parse("paca").unwrap();
    let begun = begin_sign_in(&site()).unwrap();
    let aura = PortalName::parse("aura").unwrap();
    assert_ne!(begun.challenge.key(&paca), begun.challenge.key(&aura));
    let mine = Some(TokenHash([1; 32]));
    let (challenge, _) = PasskeyChallenge::new(begun, &paca, Purpose::SecondStep, mine, now);
    assert!(challenge.is_for(Purpose::SecondStep, mine, now));
    assert!(!challenge.is_for(Purpose::Enrolment, mine, now));
    assert!(!challenge.is_for(Purpose::SecondStep, Some(TokenHash([2; 32])), now));
    assert!(!challenge.is_for(Purpose::SecondStep, None, now));
    let last = now + CHALLENGE_LIFETIME - SignedDuration::from_millis(1);
    assert!(challenge.is_for(Purpose::SecondStep, mine, last));
    assert!(!challenge.is_for(Purpose::SecondStep, mine, now + CHALLENGE_LIFETIME));
}
