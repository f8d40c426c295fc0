//! Messages that leave as SMS.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use portique_delivery::sms::Sms;
use portique_delivery::worker::Worker;
use portique_domain::clock::Clock;
use portique_domain::mail::SendError;
use portique_domain::outbox::{Channel, DeliveryState, Message};
use portique_domain::portal::Portals;
use portique_domain::reference::Reference;
use portique_domain::second_step::CODE_LIFETIME;
use portique_domain::sms::{
    NoReport, OutgoingSms, Report, ReportCall, ReportState, SmsGateway, is_report_token,
};
use portique_shared::Language;
use portique_shared::api::second_step::Destination;
use portique_shared::types::OneTimeCode;

use crate::world::{Recorder, World};

/// Takes SMS, or refuses them as it was told, in order; is asked for reports, and gives those it was told.
#[derive(Default)]
struct Carrier {
    seen: Mutex<Vec<OutgoingSms>>,
    refusals: Mutex<Vec<SendError>>,
    reports: Mutex<Vec<Option<Report>>>,
}

#[async_trait]
impl SmsGateway for Carrier {
    fn kind(&self) -> &'static str {
        "carrier"
    }

    async fn send(&self, sms: &OutgoingSms) -> Result<Option<String>, SendError> {
        self.seen.lock().expect("nobody panics").push(sms.clone());
        match self.refusals.lock().expect("nobody panics").pop() {
            Some(refusal) => Err(refusal),
            None => Ok(Some("7".into())),
        }
    }

    fn read_report(&self, _: &ReportCall<'_>) -> Result<Option<Report>, NoReport> {
        Err(NoReport)
    }

    fn is_to_be_asked(&self) -> bool {
        true
    }

    async fn ask(&self, gateway_id: &str, _: Timestamp) -> Result<Option<Report>, SendError> {
        assert_eq!(gateway_id, "7");
        Ok(self.reports.lock().expect("nobody panics").pop().flatten())
    }
}

impl Carrier {
    fn seen(&self) -> Vec<OutgoingSms> {
        self.seen.lock().expect("nobody panics").clone()
    }
}

fn worker(world: &World, carrier: &Arc<Carrier>) -> Worker {
    let sms = Sms {
        gateway: carrier.clone(),
        reports_to: None,
    };
    let portals = Portals::new([world.portal.clone()]);
    let mailer = Arc::new(Recorder::default());
    Worker::new(world.tools.clone(), portals, HashMap::new(), mailer, Some(sms))
}

/// A portal that sends SMS, and a code for somebody who has that phone.
async fn with_code(phone: Option<&str>) -> World {
    let mut world = World::new();
    world.portal.second_factor.sms = portique_domain::portal::AcceptedOf::Everybody;
    world
        .queue(&Message::SignInCode {
            code: OneTimeCode::parse("012345").expect("six digits"),
            to: Destination::RescuePhone,
            reference: Reference::parse("K7QM2XPA").expect("a reference"),
            language: Language::Fr,
            expires_at: world.clock.now() + CODE_LIFETIME,
        })
        .await;
    let phone = phone.map(|phone| phone.parse().expect("a number"));
    world
        .store
        .tamper(|rows| rows.accounts[0].record.rescue_phone = phone)
        .await;
    world
}

#[tokio::test]
async fn a_code_leaves_by_sms_with_an_address_that_nobody_guesses_for_its_report() {
    let world = with_code(Some("+33612345678")).await;
    assert_eq!(world.message().await.channel, Channel::Sms);
    let carrier = Arc::new(Carrier::default());
    worker(&world, &carrier)
        .run_once()
        .await
        .expect("the store answers");
    let [sent] = &carrier.seen()[..] else {
        panic!("one SMS")
    };
    assert_eq!(sent.to.as_str(), "+33612345678");
    assert!(
        sent.text.ends_with("\n@paca.example.org #012345"),
        "{}",
        sent.text
    );
    assert!(sent.text.contains("K7QM-2XPA") && sent.text.contains("valable 5 min"));
    assert_eq!(sent.good_for, CODE_LIFETIME);
    let message = world.message().await;
    assert_eq!((sent.id, message.state), (message.id, DeliveryState::Sent));
    let start = format!("https://paca.example.org/api/sms/reports/carrier/{}/", sent.id);
    let token = sent.report_url.strip_prefix(&start).expect("it starts so");
    assert!(is_report_token(&world.tools.keyring, sent.id, token));
}

#[tokio::test]
async fn an_sms_is_tried_again_as_long_as_its_code_is_good_and_no_longer() {
    let world = with_code(Some("+33612345678")).await;
    let carrier = Arc::new(Carrier::default());
    let down = || SendError::Transient("no connection to the SMS gateway".into());
    carrier
        .refusals
        .lock()
        .expect("nobody panics")
        .extend((0..10).map(|_| down()));
    let worker = worker(&world, &carrier);
    for _ in 0..20 {
        worker.run_once().await.expect("the store answers");
        world.turn(SignedDuration::from_secs(30));
    }
    // At once, and after 30, 90 and 210 seconds; the next would come after 450.
    assert_eq!(carrier.seen().len(), 4);
    let message = world.message().await;
    assert_eq!(message.state, DeliveryState::Sent);
    assert_eq!(
        message.last_error.as_deref(),
        Some("nothing was sent: the code's time was over")
    );
    assert!(
        carrier.seen()[3].text.contains("valable 1 min"),
        "what is left of it"
    );
}

#[tokio::test]
async fn an_sms_that_was_perhaps_sent_is_not_sent_again_uncounted() {
    let world = with_code(Some("+33612345678")).await;
    let carrier = Arc::new(Carrier::default());
    let late = SendError::Unknown("the SMS gateway took longer than 20 s".into());
    carrier.refusals.lock().expect("nobody panics").push(late);
    let worker = worker(&world, &carrier);
    for _ in 0..20 {
        worker.run_once().await.expect("the store answers");
        world.turn(SignedDuration::from_secs(30));
    }
    assert_eq!(carrier.seen().len(), 1);
    let message = world.message().await;
    assert_eq!(message.state, DeliveryState::Dead);
    assert_eq!(
        message.last_error.as_deref(),
        Some("the SMS gateway took longer than 20 s")
    );
}

#[tokio::test]
async fn an_sms_that_is_refused_is_dead_with_the_reason() {
    let world = with_code(Some("+33612345678")).await;
    let carrier = Arc::new(Carrier::default());
    let refusal = SendError::Permanent("the SMS gateway refuses the number".into());
    carrier.refusals.lock().expect("nobody panics").push(refusal);
    worker(&world, &carrier)
        .run_once()
        .await
        .expect("the store answers");
    let message = world.message().await;
    assert_eq!(message.state, DeliveryState::Dead);
    assert_eq!(
        message.last_error.as_deref(),
        Some("the SMS gateway refuses the number")
    );
}

#[tokio::test]
async fn a_phone_that_is_gone_or_elsewhere_by_then_gets_nothing() {
    for phone in [None, Some("+32470123456"), Some("+33498080080")] {
        let world = with_code(phone).await;
        let carrier = Arc::new(Carrier::default());
        worker(&world, &carrier)
            .run_once()
            .await
            .expect("the store answers");
        assert!(carrier.seen().is_empty());
        let message = world.message().await;
        assert_eq!(message.state, DeliveryState::Sent);
        assert!(
            message
                .last_error
                .is_some_and(|note| note.starts_with("nothing was sent"))
        );
    }
}

#[tokio::test]
async fn without_a_gateway_an_sms_is_dead_with_a_plain_reason() {
    let world = with_code(Some("+33612345678")).await;
    let mailer = Arc::new(Recorder::default());
    world.worker(mailer).run_once().await.expect("the store answers");
    let reason = world.message().await.last_error;
    assert_eq!(reason.as_deref(), Some("no SMS gateway is configured any more"));
}

#[tokio::test]
async fn a_gateway_that_tells_nothing_by_itself_is_asked_until_it_knows() {
    let world = with_code(Some("+33612345678")).await;
    let carrier = Arc::new(Carrier::default());
    let delivered = Report::new(ReportState::Delivered, None);
    *carrier.reports.lock().expect("nobody panics") = vec![Some(delivered.clone()), None];
    let worker = worker(&world, &carrier);
    let mut told = Vec::new();
    for _ in 0..5 {
        worker.run_once().await.expect("the store answers");
        told.push(world.message().await.reported.map(|reported| reported.report));
        world.turn(SignedDuration::from_secs(15));
    }
    // Asked after 30 seconds, then after 60.
    assert_eq!(told, [None, None, None, None, Some(delivered)]);
    assert!(carrier.reports.lock().expect("nobody panics").is_empty());
}
