//! Certificates: the good as they must be, the bad as they were wished.

use portique_test_authority::{
    Attribute, Authority, BasicConstraints, Hash, Issued, Key, KeyKind, Name, Period, Rdn, Spec, Text, Urls,
    db, unknown_extension,
};

use crate::openssl::Folder;
use crate::samples::{AT, people, physician, root};

/// The folder with `root.pem`, `chain.pem` and `card.pem`.
fn written(card: &Issued) -> Folder {
    let folder = Folder::new();
    folder.write("root.pem", root().to_pem());
    folder.write("chain.pem", card.chain_pem());
    folder.write("card.pem", card.to_pem());
    folder
}

fn verified(card: &Issued) -> (bool, String) {
    written(card).openssl(&format!(
        "verify {AT} -purpose sslclient -x509_strict -CAfile root.pem -untrusted chain.pem card.pem"
    ))
}

fn refused_as(card: &Issued, reason: &str) {
    let (well, text) = verified(card);
    assert!(!well && text.contains(reason), "{reason}: {text}");
}

#[test]
fn a_card_is_verified_up_to_its_root() {
    let (well, text) = verified(&people().issue(physician()));
    assert!(well, "{text}");
}

#[test]
fn a_card_with_an_rsa_key_is_verified_and_its_authoritys_too() {
    let root = Authority::root(Spec::authority("AC RACINE IGC-SANTE FORT").with_key(KeyKind::Rsa2048));
    let card = root.issue(physician().with_key(KeyKind::Rsa2048));
    let folder = Folder::new();
    folder.write("root.pem", root.to_pem());
    folder.write("card.pem", card.to_pem());
    folder.reads(&format!(
        "verify {AT} -purpose sslclient -x509_strict -CAfile root.pem card.pem"
    ));
    let text = folder.reads("x509 -in card.pem -noout -text");
    assert!(text.contains("Public-Key: (2048 bit)"), "{text}");
    assert!(text.contains("sha256WithRSAEncryption"), "{text}");
}

#[test]
fn a_professionals_name_is_one_set_of_number_surname_and_given_name() {
    let card = people().issue(physician());
    let text = written(&card).reads("x509 -in card.pem -noout -subject -nameopt RFC2253,sname,utf8,-esc_msb");
    assert_eq!(
        text.trim(),
        "subject=CN=810003456786+GN=Claire+SN=MARTIN,title=Médecin,C=FR"
    );
}

#[test]
fn a_set_may_be_in_another_order_than_ders() {
    let attributes = vec![
        Attribute::given_name("Claire"),
        Attribute::surname("MARTIN"),
        Attribute::common_name("810003456786"),
    ];
    let name = Name::holder(
        "Médecin",
        Rdn {
            attributes,
            as_given: true,
        },
    );
    let card = people().issue(Spec::card(name));
    // RFC 2253 writes all backwards.
    let text = written(&card).reads("x509 -in card.pem -noout -subject -nameopt RFC2253,sname,utf8,-esc_msb");
    assert!(text.contains("CN=810003456786+SN=MARTIN+GN=Claire"), "{text}");
}

#[test]
fn strings_are_of_the_kind_that_was_asked_for_and_may_hold_a_nul() {
    for (value, kind, bytes) in [
        (Text::utf8("81\0"), "UTF8STRING", "383100"),
        (Text::printable("81"), "PRINTABLESTRING", "3831"),
        (Text::bmp("81"), "BMPSTRING", "00380031"),
    ] {
        let name = Name(vec![Attribute::common_name(value.clone()).into()]);
        let folder = written(&people().issue(Spec::card(name)));
        let text = folder.reads("x509 -in card.pem -noout -subject -nameopt show_type,dump_all");
        assert!(text.contains(bytes), "{kind} {value:?}: {text}");
        let text = folder.reads("asn1parse -in card.pem");
        assert!(text.contains(kind), "{text}");
    }
}

#[test]
fn usages_and_addresses_are_those_of_a_card() {
    let urls = Urls {
        crls: vec!["http://127.0.0.1:1/fort.crl".into()],
        ocsp: Some("http://127.0.0.1:1/ocsp".into()),
        issuer: Some("http://127.0.0.1:1/fort.cer".into()),
    };
    let card = people().telling(urls).issue(physician());
    let text = written(&card).reads("x509 -in card.pem -noout -text");
    for expected in [
        "Digital Signature",
        "TLS Web Client Authentication, Microsoft Smartcard Login",
        "URI:http://127.0.0.1:1/fort.crl",
        "OCSP - URI:http://127.0.0.1:1/ocsp",
        "CA Issuers - URI:http://127.0.0.1:1/fort.cer",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn each_bad_certificate_is_bad_as_it_was_wished() {
    let people = people();
    let issue = |spec| people.issue(spec);
    refused_as(
        &issue(Spec {
            valid: Period::years(2024, 2026),
            ..physician()
        }),
        "has expired",
    );
    refused_as(
        &issue(Spec {
            valid: Period::years(2027, 2028),
            ..physician()
        }),
        "not yet valid",
    );
    refused_as(
        &issue(Spec::signature(physician().subject)),
        "unsuitable certificate purpose",
    );
    refused_as(
        &issue(Spec {
            signed_by: Some(Key::of("somebody", KeyKind::P256)),
            ..physician()
        }),
        "signature failure",
    );
    refused_as(
        &issue(Spec {
            extra: vec![unknown_extension(true, 9)],
            ..physician()
        }),
        "unhandled critical extension",
    );
    refused_as(
        &issue(Spec {
            issuer: Some(Name::authority("AC INCONNUE")),
            ..physician()
        }),
        "unable to get local issuer",
    );
    let weak = issue(Spec {
        hash: Hash::Sha1,
        ..physician()
    });
    assert!(
        written(&weak)
            .reads("x509 -in card.pem -noout -text")
            .contains("ecdsa-with-SHA1")
    );
    let short = issue(physician().with_key(KeyKind::Rsa1024));
    assert!(
        written(&short)
            .reads("x509 -in card.pem -noout -text")
            .contains("(1024 bit)")
    );
}

#[test]
fn a_certificate_may_claim_another_algorithm_than_it_is_signed_with_in_one_place_or_in_both() {
    let md5 = Some(db::rfc5912::MD_5_WITH_RSA_ENCRYPTION);
    for (spec, times) in [
        (
            Spec {
                claims: md5,
                ..physician()
            },
            2,
        ),
        (
            Spec {
                claims_inside: md5,
                ..physician()
            },
            1,
        ),
    ] {
        let text = written(&people().issue(spec)).reads("asn1parse -in card.pem");
        assert_eq!(text.matches("md5WithRSAEncryption").count(), times, "{text}");
    }
}

#[test]
fn a_bad_authority_spoils_what_it_issues() {
    let bad = |spec: Spec| root().intermediate(spec).issue(physician());
    let spec = || Spec::authority("AC IGC-SANTE FORT PERSONNES");
    refused_as(
        &bad(Spec {
            valid: Period::years(2013, 2025),
            ..spec()
        }),
        "has expired",
    );
    refused_as(
        &bad(Spec {
            basic_constraints: None,
            ..spec()
        }),
        "invalid CA certificate",
    );
    let no_further = BasicConstraints {
        ca: true,
        path_len_constraint: Some(0),
    };
    let deep = root()
        .intermediate(Spec {
            basic_constraints: Some(no_further),
            ..spec()
        })
        .intermediate(Spec::authority("AC DE TROP"))
        .issue(physician());
    refused_as(&deep, "path length constraint exceeded");
}

#[test]
fn the_same_wish_gives_the_same_rsa_certificate() {
    let issue = || {
        Authority::root(Spec::authority("AC").with_key(KeyKind::Rsa1024))
            .issue(physician())
            .certificate
    };
    assert_eq!(issue(), issue());
}

#[test]
fn a_key_is_read_again_as_it_was_written() {
    for kind in [KeyKind::P256, KeyKind::Rsa1024] {
        let key = Key::of("somebody", kind);
        let again = Key::from_pkcs8(&key.to_pkcs8()).unwrap();
        assert_eq!(again.to_pem(), key.to_pem());
    }
    assert!(Key::from_pkcs8(b"no key").is_none());
}
