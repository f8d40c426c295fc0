//! The files that authorities and cards travel in.

use portique_test_authority::{KeyKind, p7b, p12};

use crate::openssl::Folder;
use crate::samples::{people, physician, root};

#[test]
fn a_p12_holds_the_key_the_certificate_and_its_issuer_under_a_password() {
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        let card = people().issue(physician().with_key(kind));
        let folder = Folder::new();
        folder.write("card.p12", p12(&card, "Claire MARTIN, médecin", "portique"));
        let text = folder.reads("pkcs12 -info -in card.p12 -passin pass:portique -noenc");
        assert!(
            text.contains("MAC: sha1") && text.contains("friendlyName"),
            "{text}"
        );
        assert!(text.contains("pbeWithSHA1And3-KeyTripleDES-CBC"), "{text}");
        assert!(text.contains("AC IGC-SANTE FORT PERSONNES") && !text.contains("subject=C = FR, O = PORTIQUE CARTES FICTIVES, OU = 0002 000000000, OU = IGC-SANTE, CN = AC RACINE"), "{text}");

        folder.reads("pkcs12 -in card.p12 -passin pass:portique -noenc -nocerts -out key.pem");
        folder.reads("pkcs12 -in card.p12 -passin pass:portique -clcerts -nokeys -out card.pem");
        assert_eq!(
            folder.reads("pkey -in key.pem -pubout"),
            folder.reads("x509 -in card.pem -noout -pubkey")
        );
    }
}

#[test]
fn a_p12_opens_with_its_password_alone_and_is_the_same_each_time() {
    let card = people().issue(physician());
    let file = p12(&card, "Claire MARTIN", "portique");
    let folder = Folder::new();
    folder.write("card.p12", &file);
    let (well, text) = folder.openssl("pkcs12 -in card.p12 -passin pass:wrong -noenc");
    assert!(!well && text.contains("invalid password"), "{text}");
    assert_eq!(file, p12(&card, "Claire MARTIN", "portique"));
}

#[test]
fn a_p7b_holds_the_authorities() {
    let folder = Folder::new();
    let (root, people) = (root(), people());
    folder.write(
        "all.p7b",
        p7b([root.certificate(), people.certificate()]).unwrap(),
    );
    let text = folder.reads("pkcs7 -inform DER -in all.p7b -print_certs -noout");
    assert!(
        text.contains("AC RACINE IGC-SANTE FORT") && text.contains("AC IGC-SANTE FORT PERSONNES"),
        "{text}"
    );
    assert!(p7b([&b"no certificate"[..]]).is_err());
}
