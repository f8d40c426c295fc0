//! What becomes of a message, whatever fails.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;
use portique_delivery::worker::Worker;
use portique_domain::account::{AccountStatus, PasswordState};
use portique_domain::application::RequestState;
use portique_domain::clock::Clock;
use portique_domain::keyring::{Key, Keyring};
use portique_domain::mail::SendError;
use portique_domain::outbox::{DeliveryState, HOLD, MAX_ATTEMPTS, backoff};
use portique_domain::password::Password;
use portique_domain::portal::Portals;
use portique_domain::use_cases::Tools;

use crate::world::{Gate, Recorder, World, told_password};

fn transient() -> SendError {
    SendError::Transient("451 come back later".into())
}

#[tokio::test]
async fn an_invitation_tells_a_password_that_opens_the_account_for_its_time() {
    let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
    let account = world.invite("jeanne.lefevre").await;
    assert_eq!(world.worker(mailer.clone()).run_once().await.unwrap(), 1);

    let mails = mailer.seen();
    assert!(mails[0].text.contains("jeanne.lefevre"), "{}", mails[0].text);
    assert!(world.opens(account, &told_password(&mails[0].text)).await);
    let rows = world.store.rows().await;
    let expected = world.clock.now() + SignedDuration::from_hours(72);
    assert!(matches!(
        rows.accounts[0].password,
        PasswordState::Provisional { expires_at, .. } if expires_at == expected
    ));
    assert_eq!(world.message().await.state, DeliveryState::Sent);
    assert_eq!(rows.audited.len(), 1);
}

#[tokio::test]
async fn a_message_that_was_sent_is_not_sent_again() {
    let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
    world.confirm("jeanne").await;
    let worker = world.worker(mailer.clone());
    assert_eq!(worker.run_once().await.unwrap(), 1);
    world.turn(SignedDuration::from_hours(48));
    assert_eq!(worker.run_once().await.unwrap(), 0);
    assert_eq!(mailer.seen().len(), 1);
}

#[tokio::test]
async fn a_mail_refused_for_now_leaves_when_its_pause_is_over() {
    let (world, mailer) = (World::new(), Recorder::refusing([transient()]));
    world.confirm("jeanne").await;
    let worker = world.worker(mailer.clone());
    assert_eq!(worker.run_once().await.unwrap(), 1);
    let waiting = world.message().await;
    assert_eq!(waiting.state, DeliveryState::Queued);
    assert_eq!(waiting.last_error.as_deref(), Some("451 come back later"));

    world.turn(backoff(1) - SignedDuration::from_secs(1));
    assert_eq!(worker.run_once().await.unwrap(), 0);
    world.turn(SignedDuration::from_secs(1));
    assert_eq!(worker.run_once().await.unwrap(), 1);
    let sent = world.message().await;
    assert_eq!((sent.state, sent.last_error), (DeliveryState::Sent, None));
    let mails = mailer.seen();
    assert_eq!(mails[0].message_id, mails[1].message_id);
}

#[tokio::test]
async fn a_mail_refused_for_good_is_dead_at_once_and_says_why() {
    let refusal = SendError::Permanent("550 no such mailbox".into());
    let (world, mailer) = (World::new(), Recorder::refusing([refusal]));
    world.confirm("jeanne").await;
    world.worker(mailer).run_once().await.unwrap();
    let dead = world.message().await;
    assert_eq!(dead.state, DeliveryState::Dead);
    assert_eq!(dead.last_error.as_deref(), Some("550 no such mailbox"));
}

#[tokio::test]
async fn a_mail_refused_each_time_is_dead_after_its_last_try() {
    let tries = usize::try_from(MAX_ATTEMPTS).unwrap();
    let (world, mailer) = (World::new(), Recorder::refusing(vec![transient(); tries]));
    world.confirm("jeanne").await;
    let worker = world.worker(mailer.clone());
    for attempt in 1..=MAX_ATTEMPTS {
        assert_eq!(world.message().await.state, DeliveryState::Queued, "{attempt}");
        assert_eq!(worker.run_once().await.unwrap(), 1);
        world.turn(backoff(attempt));
    }
    assert_eq!(world.message().await.state, DeliveryState::Dead);
    assert_eq!(mailer.seen().len(), tries);
}

#[tokio::test]
async fn a_worker_that_dies_with_an_invitation_in_hand_costs_a_pause_and_the_first_password() {
    let (world, gate) = (World::new(), Arc::new(Gate::default()));
    let account = world.invite("jeanne").await;
    let dying = world.worker(gate.clone());
    let task = tokio::spawn(async move { dying.run_once().await });
    gate.arrived.notified().await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());

    let mailer = Arc::new(Recorder::default());
    let other = world.worker(mailer.clone());
    assert_eq!(other.run_once().await.unwrap(), 0, "the hold is not over");
    world.turn(HOLD);
    assert_eq!(other.run_once().await.unwrap(), 1);

    let (lost, left) = (&gate.seen.seen()[0], &mailer.seen()[0]);
    assert_eq!(lost.message_id, left.message_id);
    assert!(!world.opens(account, &told_password(&lost.text)).await);
    assert!(world.opens(account, &told_password(&left.text)).await);
    assert_eq!(world.message().await.state, DeliveryState::Sent);
}

#[tokio::test]
async fn a_worker_that_lost_its_hold_does_not_write_over_the_other_ones_result() {
    let (world, gate) = (World::new(), Arc::new(Gate::default()));
    world.confirm("jeanne").await;
    let slow = world.worker(gate.clone());
    let task = tokio::spawn(async move { slow.run_once().await });
    gate.arrived.notified().await;
    world.turn(HOLD);
    let dead = Recorder::refusing([SendError::Permanent("550 no such mailbox".into())]);
    world.worker(dead).run_once().await.unwrap();
    gate.opened.notify_one();
    task.await.unwrap().unwrap();
    assert_eq!(world.message().await.state, DeliveryState::Dead);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_at_once_send_each_message_once() {
    let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
    for number in 0..40 {
        world.confirm(&format!("jeanne.{number}")).await;
    }
    let workers = [world.worker(mailer.clone()), world.worker(mailer.clone())];
    let runs = workers.map(|worker| tokio::spawn(async move { worker.run_once().await.unwrap() }));
    let mut sent = 0;
    for run in runs {
        sent += run.await.unwrap();
    }
    assert_eq!(sent, 40);
    let mut ids: Vec<_> = mailer.seen().into_iter().map(|mail| mail.message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), mailer.seen().len()), (40, 40));
}

#[tokio::test(start_paused = true)]
async fn a_mail_that_left_is_written_down_even_if_the_database_fails_for_a_moment() {
    let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
    world.confirm("jeanne").await;
    world.store.fail_to_settle(3);
    world.worker(mailer).run_once().await.unwrap();
    assert_eq!(world.message().await.state, DeliveryState::Sent);
}

#[tokio::test]
async fn a_mail_server_that_is_down_is_left_in_peace_after_a_few_tries() {
    let (world, mailer) = (World::new(), Recorder::refusing(vec![transient(); 50]));
    for number in 0..50 {
        world.invite(&format!("jeanne.{number}")).await;
    }
    let tried = world.worker(mailer).run_once().await.unwrap();
    assert!((4..8).contains(&tried), "{tried}");
    let untouched = world.store.rows().await.messages;
    assert_eq!(
        untouched.iter().filter(|message| message.attempts == 0).count(),
        50 - tried
    );
}

#[tokio::test]
async fn an_invitation_that_came_too_late_sends_nothing_and_says_so() {
    for late in 0..2 {
        let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
        world.invite("jeanne").await;
        let own = Password::new("Une phrase à moi, 2026");
        let hash = world
            .tools
            .hasher
            .turn()
            .expect("nobody else is hashing")
            .hash(&own, world.tools.entropy.as_ref())
            .await
            .unwrap();
        let changed_at = world.clock.now();
        world
            .store
            .tamper(|rows| match late {
                0 => rows.accounts[0].password = PasswordState::Definitive { hash, changed_at },
                _ => rows.accounts[0].status = AccountStatus::Disabled,
            })
            .await;
        world.worker(mailer.clone()).run_once().await.unwrap();
        assert!(mailer.seen().is_empty());
        let message = world.message().await;
        assert_eq!(message.state, DeliveryState::Sent);
        assert!(message.last_error.unwrap().starts_with("nothing was sent"));
    }
}

#[tokio::test]
async fn an_invitation_taken_up_again_after_a_newer_one_leaves_the_newer_ones_password_alone() {
    let refusal = SendError::Permanent("550 no such mailbox".into());
    let (world, mailer) = (World::new(), Recorder::refusing([refusal]));
    let account = world.invite("jeanne").await;
    let worker = world.worker(mailer.clone());
    worker.run_once().await.unwrap();
    world.turn(SignedDuration::from_secs(60));
    world.invite_again(account).await;
    worker.run_once().await.unwrap();
    world
        .store
        .tamper(|rows| rows.messages[0].state = DeliveryState::Queued)
        .await;
    worker.run_once().await.unwrap();
    let mails = mailer.seen();
    assert_eq!(mails.len(), 2, "the refused one and the newer one");
    assert!(world.opens(account, &told_password(&mails[1].text)).await);
    let rows = world.store.rows().await;
    assert_eq!(rows.messages[0].state, DeliveryState::Sent);
    assert_eq!(
        rows.messages[0].last_error.as_deref(),
        Some("nothing was sent: a newer invitation takes its place")
    );
}

#[tokio::test]
async fn of_several_invitations_for_one_account_the_last_alone_leaves() {
    let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
    let account = world.invite("jeanne").await;
    world.invite_again(account).await;
    world.invite_again(account).await;
    world.worker(mailer.clone()).run_once().await.unwrap();
    let mails = mailer.seen();
    assert_eq!(mails.len(), 1);
    assert!(world.opens(account, &told_password(&mails[0].text)).await);
}

#[tokio::test]
async fn a_message_that_can_never_leave_is_dead_with_a_plain_reason() {
    let mut homeless = World::new();
    homeless.portal.public_url = "paca.example.org".into();
    let orphan = World::new();
    let begun = World::new();
    for world in [&homeless, &orphan, &begun] {
        world.confirm("jeanne").await;
    }
    orphan.store.tamper(|rows| rows.accounts.clear()).await;
    begun
        .store
        .tamper(|rows| rows.messages[0].attempts = 3 * MAX_ATTEMPTS)
        .await;
    for (world, reason) in [
        (
            homeless,
            "the portal's public_url has no host (expected https://host)",
        ),
        (orphan, "the account is gone"),
        (begun, "given up: 48 tries were begun, and none ended well"),
    ] {
        world
            .worker(Arc::new(Recorder::default()))
            .run_once()
            .await
            .unwrap();
        let dead = world.message().await;
        assert_eq!(dead.state, DeliveryState::Dead, "{reason}");
        assert_eq!(dead.last_error.as_deref(), Some(reason));
    }
}

#[tokio::test]
async fn an_invitation_says_that_a_request_was_accepted_only_where_it_was() {
    for (state, said) in [(Some(RequestState::Accepted), true), (None, false)] {
        let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
        world.invite_who_asked("jeanne", state).await;
        world.worker(mailer.clone()).run_once().await.unwrap();
        let mails = mailer.seen();
        let text = &mails[0].text;
        assert_eq!(
            text.contains("Votre demande de compte a été acceptée"),
            said,
            "{text}"
        );
        assert!(text.contains("Référence de votre demande"), "{text}");
    }
}

#[tokio::test]
async fn a_message_whose_key_or_portal_left_the_configuration_is_dead_with_a_plain_reason() {
    let (world, mailer) = (World::new(), Arc::new(Recorder::default()));
    world.confirm("jeanne").await;
    let other_key = Tools {
        keyring: Keyring::new(vec![Key::new(2, [2; 32])]).unwrap(),
        ..world.tools.clone()
    };
    let portals = Portals::new([world.portal.clone()]);
    Worker::new(other_key, portals, HashMap::new(), mailer.clone(), None)
        .run_once()
        .await
        .unwrap();
    let dead = world.message().await;
    assert_eq!(dead.state, DeliveryState::Dead);
    assert!(dead.last_error.unwrap().contains("its key is not configured"));

    let world = World::new();
    world.confirm("jeanne").await;
    let worker = Worker::new(
        world.tools.clone(),
        Portals::default(),
        HashMap::new(),
        mailer.clone(),
        None,
    );
    worker.run_once().await.unwrap();
    let reason = world.message().await.last_error.unwrap();
    assert_eq!(reason, "the portal paca is not configured any more");
    assert!(mailer.seen().is_empty());
}
