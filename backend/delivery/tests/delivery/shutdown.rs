//! The worker's days: woken, waiting, asked to end.

use std::sync::Arc;
use std::time::Duration;

use portique_domain::outbox::DeliveryState;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use crate::world::{Gate, World};

#[tokio::test]
async fn a_worker_asked_to_end_finishes_what_it_has_in_hand_and_takes_nothing_more() {
    let (world, gate) = (World::new(), Arc::new(Gate::default()));
    for number in 0..6 {
        world.confirm(&format!("jeanne.{number}")).await;
    }
    let (end, ended) = oneshot::channel::<()>();
    let run = world.worker(gate.clone()).run(Arc::new(Notify::new()), async {
        ended.await.unwrap();
    });
    let run = tokio::spawn(run);
    for _ in 0..4 {
        gate.arrived.notified().await;
        if gate.seen.seen().len() == 4 {
            break;
        }
    }
    end.send(()).unwrap();
    // The worker hears of it before the first mail is let go.
    tokio::task::yield_now().await;
    assert!(!run.is_finished());
    while !run.is_finished() {
        gate.opened.notify_one();
        tokio::task::yield_now().await;
    }
    run.await.unwrap();
    let messages = world.store.rows().await.messages;
    let in_state = |state| messages.iter().filter(|message| message.state == state).count();
    assert_eq!(in_state(DeliveryState::Sent), 4);
    assert_eq!(in_state(DeliveryState::Queued), 2);
    assert!(messages[4..].iter().all(|message| message.attempts == 0));
}

#[tokio::test(start_paused = true)]
async fn a_worker_looks_at_the_queue_when_woken_and_every_few_seconds_by_itself() {
    let (world, gate) = (World::new(), Arc::new(Gate::default()));
    let wake = Arc::new(Notify::new());
    let worker = world.worker(gate.clone());
    let run = tokio::spawn(worker.run(Arc::clone(&wake), std::future::pending()));

    // The clock is tokio's own, turned when all are waiting: these seconds take no time.
    let soon = Duration::from_secs(1);
    world.confirm("jeanne.1").await;
    wake.notify_one();
    timeout(soon, gate.arrived.notified())
        .await
        .expect("woken at once");
    gate.opened.notify_one();

    // Let it come back to its waiting.
    while world.store.rows().await.messages[0].state != DeliveryState::Sent {
        tokio::task::yield_now().await;
    }
    world.confirm("jeanne.2").await;
    let later = Duration::from_secs(10);
    timeout(later, gate.arrived.notified())
        .await
        .expect("it looks by itself");
    run.abort();
}
