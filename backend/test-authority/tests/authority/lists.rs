//! Lists of revoked certificates.

use jiff::{SignedDuration, Timestamp};
use portique_test_authority::{Authority, CrlReason, CrlSpec, Hash, Key, KeyKind, Revoked, Spec};

use crate::openssl::Folder;
use crate::samples::{AT, now, people, physician, root};

fn spec() -> CrlSpec {
    CrlSpec::new(now(), now() + SignedDuration::from_hours(24))
}

/// The folder with the authority's certificate and its list.
fn written(list: &[u8]) -> Folder {
    let folder = Folder::new();
    folder.write("people.pem", people().to_pem());
    folder.write("list.crl", list);
    folder
}

const READ: &str = "crl -inform DER -in list.crl -CAfile people.pem -noout";

#[test]
fn a_list_names_the_revoked_and_is_signed_by_its_authority() {
    let card = people().issue(physician());
    let line = Revoked {
        reason: Some(CrlReason::KeyCompromise),
        ..Revoked::new(&card.serial, now())
    };
    let folder = written(&people().crl(&CrlSpec { number: 41, ..spec() }, &[line]));
    let text = folder.reads(&format!("{READ} -text -nameopt RFC2253"));
    let serial: String = hex::encode_upper(&card.serial);
    for expected in [
        "verify OK",
        &serial,
        "Key Compromise",
        "CN=AC IGC-SANTE FORT PERSONNES",
        "Jan  6 00:00:00 2026",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(
        folder
            .reads(&format!("{READ} -crlnumber"))
            .contains("crlNumber=0x29")
    );
}

#[test]
fn a_card_on_the_list_is_verified_no_more() {
    let (card, other) = (
        people().issue(physician()),
        people().issue(Spec::professional("810003456794", "DURAND", "Paul")),
    );
    for (revoked, refused) in [(&card, true), (&other, false)] {
        let folder = written(&people().crl(&spec(), &[Revoked::new(&revoked.serial, now())]));
        folder.write("all.pem", [root().to_pem(), people().to_pem()].concat());
        folder.write("card.pem", card.to_pem());
        folder.reads("crl -inform DER -in list.crl -out list.pem");
        let (well, text) = folder.openssl(&format!(
            "verify {AT} -crl_check -CRLfile list.pem -CAfile all.pem card.pem"
        ));
        assert_eq!(!well && text.contains("certificate revoked"), refused, "{text}");
        assert_eq!(well, !refused, "{text}");
    }
}

#[test]
fn an_empty_list_a_forged_one_and_one_without_end_are_made_too() {
    let text = written(&people().crl(&spec(), &[])).reads(&format!("{READ} -text"));
    assert!(
        text.contains("No Revoked Certificates") && text.contains("verify OK"),
        "{text}"
    );

    let forged = CrlSpec {
        signed_by: Some(Key::of("nobody", KeyKind::P256)),
        ..spec()
    };
    let (_, text) = written(&people().crl(&forged, &[])).openssl(READ);
    assert!(text.contains("verify failure"), "{text}");

    let endless = CrlSpec {
        next_update: None,
        hash: Hash::Sha1,
        ..spec()
    };
    let text = written(&people().crl(&endless, &[])).reads(&format!("{READ} -text"));
    assert!(
        text.contains("Next Update: NONE") && text.contains("ecdsa-with-SHA1"),
        "{text}"
    );
}

fn lines(count: u32) -> impl Iterator<Item = Revoked> + Clone {
    (0..count).map(|index| {
        Revoked::new(
            &[&[0x40; 12][..], &index.to_be_bytes()].concat(),
            Timestamp::UNIX_EPOCH,
        )
    })
}

#[test]
fn a_list_written_line_by_line_is_the_one_written_at_once() {
    for hash in [Hash::Sha256, Hash::Sha512] {
        let spec = CrlSpec { hash, ..spec() };
        for count in [0, 1, 1000] {
            let mut streamed = vec![];
            people().write_crl(&spec, &lines(count), &mut streamed).unwrap();
            let revoked: Vec<_> = lines(count).collect();
            assert_eq!(streamed, people().crl(&spec, &revoked));
        }
    }
}

#[test]
fn a_list_may_be_signed_with_rsa() {
    let authority = Authority::root(Spec::authority("AC").with_key(KeyKind::Rsa2048));
    let folder = Folder::new();
    folder.write("people.pem", authority.to_pem());
    let mut list = vec![];
    authority.write_crl(&spec(), &lines(10), &mut list).unwrap();
    folder.write("list.crl", list);
    assert!(folder.reads(READ).contains("verify OK"));
}
