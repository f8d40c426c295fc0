//! Real certificates, made as IGC-Santé's and bent in every way, from the proxy's header through the program's own judge to the
//! audit trail: each bad one is refused, and the trail has a word of its own for why.

use std::collections::HashSet;

use portique_domain::card::CardFault;
use portique_shared::api::session::SignInAnswer;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use portique_test_authority::{
    Attribute, Authority, Hash, Issued, Key, KeyKind, KeyUsages, Name, OcspResponder, Period, Rdn, Spec,
    Status, Tag, Text, db, extension, unknown_extension,
};

use crate::cards::{NUMBER, numbered, with_cards};
use crate::support::card_authorities::{Authorities, CERTIFICATE, answering, headers, sign_in_showing};
use crate::support::{App, Installation, surroundings};

on_each_database!(
    each_bad_certificate_is_refused_with_a_reason_of_its_own_in_the_trail,
    a_card_that_its_authority_still_vouches_for_signs_in,
);

/// The common name of the person's card.
const RPPS: &str = "810003456786";

type Headers = Vec<(&'static str, String)>;

fn physician() -> Spec {
    Spec::professional(RPPS, "LEFÈVRE", "Jeanne")
}

/// The person's card of that serial number: one of several, of which some are revoked.
fn card_number(serial: u8) -> Spec {
    Spec {
        serial: Some(vec![serial]),
        ..physician()
    }
}

/// A card of whom these attributes name.
fn named(attributes: Vec<Attribute>) -> Spec {
    Spec::card(Name::holder("Médecin", attributes))
}

fn numbered_as(text: impl Into<Text>) -> Spec {
    named(vec![
        Attribute::common_name(text),
        Attribute::surname("LEFÈVRE"),
        Attribute::given_name("Jeanne"),
    ])
}

fn surnamed(text: impl Into<Text>) -> Spec {
    named(vec![
        Attribute::common_name(RPPS),
        Attribute::surname(text),
        Attribute::given_name("Jeanne"),
    ])
}

/// The program with these authorities, one card of theirs revoked by list and one by answer; both are given.
async fn start(database: TestDatabase, authorities: &Authorities) -> (App, [Issued; 2]) {
    let now = surroundings().1.clock.now();
    let by_list = authorities.people.issue(card_number(2));
    let by_answer = authorities.responding.issue(card_number(2));
    let unknown = authorities.responding.issue(card_number(3));
    let responder = OcspResponder::new(authorities.responding.clone())
        .with(&by_answer.serial, Status::Revoked(now))
        .with(&unknown.serial, Status::Unknown);
    let ocsp = answering(responder, now).await;
    let installation = Installation::new(&database.url());
    authorities.write(&installation, &[&by_list], &ocsp, now);
    let app = App::start_from(database, installation, false).await;
    (app, [by_list, by_answer])
}

async fn a_card_that_its_authority_still_vouches_for_signs_in(database: TestDatabase) {
    let authorities = Authorities::new();
    let (app, _) = start(database, &authorities).await;
    numbered(&app, |_| {}).await;
    assert!(RPPS.ends_with(NUMBER));
    for authority in [&authorities.people, &authorities.responding] {
        let shown = headers(&authority.issue(physician()).chain());
        let signed: SignInAnswer = sign_in_showing(&app.browser("normandie"), &shown).await.ok();
        assert!(matches!(signed, SignInAnswer::SignedIn(_)));
    }
    assert_eq!(with_cards(&app).await, ["success", "success"]);
}

async fn each_bad_certificate_is_refused_with_a_reason_of_its_own_in_the_trail(database: TestDatabase) {
    let authorities = Authorities::new();
    let (app, revoked) = start(database, &authorities).await;
    numbered(&app, |_| {}).await;
    let mut cases = Vec::new();
    cases.extend(unreadable(&authorities));
    cases.extend(of_others(&authorities));
    cases.extend(unfit(&authorities));
    cases.extend(no_longer_good(&authorities, revoked));
    cases.extend(of_whom_nobody_can_tell(&authorities));
    assert!(cases.len() >= 25, "{}", cases.len());
    let browser = app.browser("normandie");
    let (mut sentences, mut expected) = (Vec::new(), Vec::new());
    for (sentence, fault, shown) in cases {
        let status = sign_in_showing(&browser, &shown).await.status;
        let usual = if fault == CardFault::RevocationUnknown {
            503
        } else {
            403
        };
        assert_eq!(status, usual, "{sentence}");
        sentences.push(sentence);
        expected.push(fault);
    }
    let found = with_cards(&app).await;
    let found: Vec<_> = sentences.iter().zip(&found).collect();
    let words = expected.iter().map(|fault| fault.word().to_owned());
    let words: Vec<_> = words.collect();
    assert_eq!(found, sentences.iter().zip(&words).collect::<Vec<_>>());
    // Behind a proxy, the handshake is its affair.
    let seen: HashSet<_> = expected.into_iter().chain([CardFault::NotProved]).collect();
    let missing = CardFault::ALL.into_iter().filter(|fault| !seen.contains(fault));
    assert_eq!(missing.collect::<Vec<_>>(), [], "each word has its certificate");
    assert!(!browser.is_signed_in().await);
}

type Case = (&'static str, CardFault, Headers);

fn case(sentence: &'static str, fault: CardFault, card: &Issued) -> Case {
    (sentence, fault, headers(&card.chain()))
}

/// What is no certificate, or more than one has.
fn unreadable(authorities: &Authorities) -> Vec<Case> {
    use CardFault::{NotPresented, SpoofedHeader, TooLarge, Unreadable};
    let people = &authorities.people;
    let good = people.issue(physician());
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut der = good.certificate.clone();
        change(&mut der);
        headers(&[der])
    };
    let large = people.issue(Spec {
        extra: vec![unknown_extension(false, 17 * 1024)],
        ..physician()
    });
    let twice = people.issue(Spec {
        extra: vec![extension(db::rfc5280::ID_CE_KEY_USAGE, true, vec![3, 2, 7, 0x80])],
        ..physician()
    });
    let both = [&good, &large].map(|card| headers(std::slice::from_ref(&card.certificate)).remove(0));
    vec![
        ("no card", NotPresented, headers(&[])),
        ("the header twice", SpoofedHeader, both.into()),
        (
            "no base64",
            Unreadable,
            vec![(CERTIFICATE, "nonsense".to_owned())],
        ),
        ("text", Unreadable, headers(&[b"no certificate".to_vec()])),
        ("a byte behind it", Unreadable, with(&|der| der.push(0))),
        (
            "a byte less",
            Unreadable,
            with(&|der| der.truncate(der.len() - 1)),
        ),
        case("its usage said twice", Unreadable, &twice),
        case("a certificate of 17 KB", TooLarge, &large),
        (
            "a huge chain",
            TooLarge,
            headers(&vec![good.certificate.clone(); 12]),
        ),
    ]
}

/// Issued by nobody who is believed, or not by who it says.
fn of_others(authorities: &Authorities) -> Vec<Case> {
    use CardFault::{BrokenChain, UnknownAuthority};
    let strange_root = Authority::root(Spec::authority("AC ETRANGERE"));
    let strange = strange_root.intermediate(Spec::authority("AC ETRANGERE PERSONNES"));
    let alone = Authority::root(Spec {
        basic_constraints: None,
        ..physician()
    });
    let stranger = || Key::of("stranger", KeyKind::P256);
    let impostor = Authority::root(Spec {
        key: stranger(),
        ..Spec::authority("AC FORT PERSONNES")
    });
    let forged = authorities.people.issue(Spec {
        signed_by: Some(stranger()),
        ..physician()
    });
    let holder = authorities.people.intermediate(physician());
    let other = Spec::professional("810004567899", "DURAND", "Paul");
    let by_root = authorities.root.issue(physician());
    vec![
        case("another nation's", UnknownAuthority, &strange.issue(physician())),
        case("signed by itself", UnknownAuthority, &alone.issued),
        case(
            "of the right name by another key",
            BrokenChain,
            &impostor.issue(physician()),
        ),
        case("a forged signature", BrokenChain, &forged),
        case("issued with a card", BrokenChain, &holder.issue(other)),
        case("by the root itself", BrokenChain, &by_root),
    ]
}

/// Good ones that are not for this, or too weak.
fn unfit(authorities: &Authorities) -> Vec<Case> {
    use CardFault::{Contactless, Organisation, TestCard, WeakKey, WeakSignature, WrongUsage};
    let people = &authorities.people;
    let serving = Spec {
        extended_key_usage: vec![db::rfc5280::ID_KP_SERVER_AUTH],
        ..physician()
    };
    let encrypting = Spec {
        key_usage: vec![KeyUsages::KeyEncipherment],
        ..physician()
    };
    let limited = Spec {
        extra: vec![unknown_extension(true, 8)],
        ..physician()
    };
    let sha1 = Spec {
        hash: Hash::Sha1,
        ..physician()
    };
    let signing = Spec::signature(physician().subject);
    let short = physician().with_key(KeyKind::Rsa1024);
    let organisation = Spec::organisation("LOGICIEL", "CLINIQUE");
    let of_the_series = Spec::professional("899700075122", "TEST", "Carole");
    vec![
        case("for signatures", WrongUsage, &people.issue(signing)),
        case("a server's", WrongUsage, &people.issue(serving)),
        case("for encrypting", WrongUsage, &people.issue(encrypting)),
        case("with an unknown limit", WrongUsage, &people.issue(limited)),
        case("SHA-1", WeakSignature, &people.issue(sha1)),
        case("RSA of 1024 bits", WeakKey, &people.issue(short)),
        case(
            "the contactless side",
            Contactless,
            &authorities.contactless.issue(physician()),
        ),
        case(
            "an organisation's",
            Organisation,
            &authorities.organisations.issue(organisation),
        ),
        case(
            "a test authority's",
            TestCard,
            &authorities.test_people.issue(physician()),
        ),
        case("of the test series", TestCard, &people.issue(of_the_series)),
    ]
}

/// Out of their time, revoked, or of which nobody tells whether they are.
fn no_longer_good(authorities: &Authorities, [by_list, by_answer]: [Issued; 2]) -> Vec<Case> {
    use CardFault::{Expired, NotYetValid, RevocationUnknown, Revoked};
    let people = &authorities.people;
    let of = |from, until| Spec {
        valid: Period::years(from, until),
        ..physician()
    };
    let unknown = authorities.responding.issue(card_number(3));
    let of_revoked = authorities.revoked.issue(physician());
    vec![
        case("expired", Expired, &people.issue(of(2020, 2023))),
        case("not valid yet", NotYetValid, &people.issue(of(2027, 2029))),
        case("revoked by a list", Revoked, &by_list),
        case("revoked by an answer", Revoked, &by_answer),
        case("of a revoked authority", Revoked, &of_revoked),
        case("unknown to the responder", RevocationUnknown, &unknown),
        case(
            "nobody tells",
            RevocationUnknown,
            &authorities.silent.issue(physician()),
        ),
        case(
            "an old list",
            RevocationUnknown,
            &authorities.stale.issue(physician()),
        ),
    ]
}

/// Of a good authority, and of who knows whom.
fn of_whom_nobody_can_tell(authorities: &Authorities) -> Vec<Case> {
    use CardFault::{
        CheckDigit, NoCommonName, NotANumber, NotPlainText, OtherCountry, SeveralCommonNames, SubjectUnclear,
    };
    let with = |more: Attribute| {
        let mut spec = physician();
        spec.subject.0.push(Rdn::from(more));
        spec
    };
    let nobody = named(vec![
        Attribute::surname("LEFÈVRE"),
        Attribute::given_name("Jeanne"),
    ]);
    let alone = named(vec![
        Attribute::common_name(RPPS),
        Attribute::given_name("Jeanne"),
    ]);
    let mut foreign = physician();
    foreign.subject.0[0] = Attribute::country("BE").into();
    let octets = Text::raw(Tag::OctetString, RPPS.as_bytes());
    let cases = [
        ("no common name", NoCommonName, nobody),
        (
            "two common names",
            SeveralCommonNames,
            with(Attribute::common_name("810004567899")),
        ),
        (
            "a NUL behind the number",
            NotPlainText,
            numbered_as("810003456786\0.example.org"),
        ),
        ("a NUL in the surname", NotPlainText, surnamed("LE\0FEVRE")),
        ("a number in bytes", NotPlainText, numbered_as(octets)),
        (
            "a surname turned around",
            NotPlainText,
            surnamed("LE\u{202e}FEVRE"),
        ),
        ("another country", OtherCountry, foreign),
        ("no surname", SubjectUnclear, alone),
        ("two countries", SubjectUnclear, with(Attribute::country("BE"))),
        ("twelve digits of noise", NotANumber, numbered_as("712345678901")),
        ("a name for a number", NotANumber, numbered_as("LEFEVRE Jeanne")),
        ("a wrong check digit", CheckDigit, numbered_as("810003456784")),
    ];
    let issued = |spec| authorities.people.issue(spec);
    let cases = cases
        .into_iter()
        .map(|(sentence, fault, spec)| case(sentence, fault, &issued(spec)));
    cases.collect()
}
