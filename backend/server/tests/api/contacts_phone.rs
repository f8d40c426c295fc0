//! The rescue telephone, and both contacts changed at once, on a portal that sends SMS.

use portique_domain::account::Account;
use portique_domain::contact::Contact;
use portique_domain::outbox::{Message, SecurityChange};
use portique_domain::portal::{AcceptedOf, Portal};
use portique_domain::second_step::CODE_LIFETIME;
use portique_domain::session::SessionOf;
use portique_domain::testing;
use portique_domain::use_cases::security::Changer;
use portique_domain::use_cases::security::contacts::{
    ContactError, Contacts, Unfit, Wanted, cancel, confirm, send, update,
};
use portique_shared::Language;
use portique_shared::api::contacts::ContactKind::{RescueEmail, RescuePhone};
use portique_shared::types::OneTimeCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::security::proved;
use crate::support::App;

on_each_database!(
    a_mobile_counts_once_its_code_was_typed_and_a_landline_is_refused,
    both_at_once_are_proved_one_after_the_other,
    where_the_second_code_can_not_be_sent_it_is_asked_for_later,
    a_removed_telephone_gets_no_codes_and_the_rescue_address_is_told,
);

const MOBILE: &str = "+33612345678";
const EMAIL: &str = "jeanne@ailleurs.example";

/// Somebody who has just proved who they are, on paca with SMS.
struct Person {
    app: App,
    portal: Portal,
    account: Account,
    session: SessionOf,
}

impl Person {
    async fn new(database: TestDatabase) -> Self {
        let app = App::start(database).await;
        let (account, browser) = proved(&app).await;
        let cookie = browser.cookie().unwrap();
        let (_, token) = cookie.split_once('=').unwrap();
        let token = portique_domain::session::SessionToken::from_cookie(token);
        let session = app
            .tools
            .store
            .session(&account.portal, token.hash())
            .await
            .unwrap()
            .unwrap();
        drop(browser);
        let mut portal = testing::portal("paca");
        portal.second_factor.sms = AcceptedOf::Everybody;
        Self {
            app,
            portal,
            account,
            session,
        }
    }

    fn changer(&self) -> Changer<'_> {
        Changer {
            portal: &self.portal,
            session: &self.session,
            language: Language::Fr,
            address: [192, 0, 2, 7].into(),
        }
    }

    /// The person's session as the next request finds it.
    async fn reread(&mut self) {
        self.session.account = self.app.reread(&self.account).await;
    }

    async fn update(&self, wanted: &[(Option<&str>, bool)]) -> Result<Contacts, ContactError> {
        let wanted: Wanted = wanted
            .iter()
            .map(|(text, is_phone)| {
                let kind = if *is_phone { RescuePhone } else { RescueEmail };
                (kind, text.map(|text| Contact::parse(kind, text).unwrap()))
            })
            .collect();
        update(&self.app.tools, self.changer(), &wanted).await
    }

    /// The code that was sent last to that contact.
    async fn code(&self, to: &str) -> Option<OneTimeCode> {
        let queue = self.app.queue().await;
        queue
            .iter()
            .rev()
            .filter(|message| message.kind == "contact_code")
            .find_map(|message| match message.open(&self.app.tools.keyring).unwrap() {
                Message::ContactCode {
                    code,
                    to: contact,
                    expires_at,
                    ..
                } if contact.as_str() == to => {
                    assert!(expires_at <= self.app.now() + CODE_LIFETIME);
                    Some(code)
                }
                _ => None,
            })
    }

    async fn record(&self) -> (Option<String>, Option<String>) {
        let record = self.app.reread(&self.account).await.record;
        (
            record.rescue_email.map(String::from),
            record.rescue_phone.map(String::from),
        )
    }

    async fn told(&self) -> Vec<(SecurityChange, Option<String>)> {
        let queue = self.app.queue().await;
        let told = queue.iter().filter(|message| message.kind == "security_changed");
        told.filter_map(|message| match message.open(&self.app.tools.keyring).unwrap() {
            Message::SecurityChanged { change, former, .. } => Some((change, former.map(String::from))),
            _ => None,
        })
        .collect()
    }
}

async fn a_mobile_counts_once_its_code_was_typed_and_a_landline_is_refused(database: TestDatabase) {
    let person = Person::new(database).await;
    let landline = person.update(&[(Some("+33498080080"), true)]).await;
    let Err(ContactError::Unfit(unfit)) = landline else {
        panic!("a landline gets no SMS");
    };
    assert_eq!(unfit, [(RescuePhone, Unfit::NotMobile)]);
    for mobile in ["+262692123456", "+590690001234", "+508551234", MOBILE] {
        let waiting = person.update(&[(Some(mobile), true)]).await.unwrap();
        assert_eq!(waiting.pending[0].new.as_str(), mobile);
        assert!(waiting.pending[0].sent.is_some());
    }
    assert_eq!(person.record().await, (None, None));
    let code = person.code(MOBILE).await.unwrap();
    let tools = &person.app.tools;
    let done = confirm(tools, person.changer(), RescuePhone, &code)
        .await
        .unwrap();
    assert!(done.pending.is_empty());
    assert_eq!(person.record().await, (None, Some(MOBILE.to_owned())));
    let masked = "06 xx xx xx 78".to_owned();
    assert_eq!(
        person.told().await,
        [(SecurityChange::RescuePhoneChanged { masked }, None)]
    );
    let again = confirm(tools, person.changer(), RescuePhone, &code).await;
    assert!(matches!(again, Err(ContactError::Ended)));
}

async fn both_at_once_are_proved_one_after_the_other(database: TestDatabase) {
    let mut person = Person::new(database).await;
    let both = [(Some(EMAIL), false), (Some(MOBILE), true)];
    let waiting = person.update(&both).await.unwrap();
    let kinds: Vec<_> = waiting.pending.iter().map(|change| change.new.kind()).collect();
    assert_eq!(kinds, [RescueEmail, RescuePhone]);
    assert!(person.code(MOBILE).await.is_none(), "its turn has not come");
    let code = person.code(EMAIL).await.unwrap();
    let next = confirm(&person.app.tools, person.changer(), RescueEmail, &code)
        .await
        .unwrap();
    assert_eq!(person.record().await, (Some(EMAIL.to_owned()), None));
    assert!(
        next.pending[0].sent.is_some(),
        "the telephone's code is on its way"
    );
    person.reread().await;
    let code = person.code(MOBILE).await.unwrap();
    let done = confirm(&person.app.tools, person.changer(), RescuePhone, &code)
        .await
        .unwrap();
    assert!(done.pending.is_empty());
    assert_eq!(
        person.record().await,
        (Some(EMAIL.to_owned()), Some(MOBILE.to_owned()))
    );
    let told = person.told().await;
    assert_eq!(told.len(), 3, "the first to the main address, the second to both");
    // Messages of one instant stand in no order.
    let to_rescue = told.iter().filter(|(_, former)| former.as_deref() == Some(EMAIL));
    assert_eq!(to_rescue.count(), 1);
}

async fn where_the_second_code_can_not_be_sent_it_is_asked_for_later(database: TestDatabase) {
    let mut person = Person::new(database).await;
    for number in 0..4 {
        let address = format!("other{number}@ailleurs.example");
        person.update(&[(Some(&address), false)]).await.unwrap();
    }
    let both = [(Some(EMAIL), false), (Some(MOBILE), true)];
    person.update(&both).await.unwrap();
    let code = person.code(EMAIL).await.unwrap();
    let next = confirm(&person.app.tools, person.changer(), RescueEmail, &code)
        .await
        .unwrap();
    assert_eq!(
        next.pending[0].sent, None,
        "five codes were sent: the next waits a minute"
    );
    person.reread().await;
    let early = send(&person.app.tools, person.changer(), RescuePhone).await;
    assert!(matches!(early, Err(ContactError::TooOften { .. })));
    person.app.clock.advance(60);
    let sent = send(&person.app.tools, person.changer(), RescuePhone)
        .await
        .unwrap();
    assert!(sent.pending[0].sent.is_some());
    let left = cancel(&person.app.tools, person.changer()).await.unwrap();
    assert!(left.pending.is_empty());
    assert_eq!(person.record().await, (Some(EMAIL.to_owned()), None));
}

async fn a_removed_telephone_gets_no_codes_and_the_rescue_address_is_told(database: TestDatabase) {
    let mut person = Person::new(database).await;
    let mut unit = person.app.tools.store.begin().await.unwrap();
    let mut record = person.account.record.clone();
    record.rescue_email = Some(EMAIL.parse().unwrap());
    record.rescue_phone = Some(MOBILE.parse().unwrap());
    unit.update_record(person.account.id, &record).await.unwrap();
    unit.commit().await.unwrap();
    person.reread().await;
    let done = person.update(&[(None, true)]).await.unwrap();
    assert_eq!(done.record.rescue_phone, None);
    assert_eq!(person.record().await, (Some(EMAIL.to_owned()), None));
    let told = person.told().await;
    assert_eq!(told.len(), 2);
    for former in [None, Some(EMAIL.to_owned())] {
        assert!(told.contains(&(SecurityChange::RescuePhoneRemoved, former)));
    }
    assert_eq!(person.app.results_of("contact_removed").await, ["success"]);
}
