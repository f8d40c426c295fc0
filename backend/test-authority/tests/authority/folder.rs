//! The folder of sample cards.

use std::fs;

use jiff::SignedDuration;
use portique_test_authority::folder::cards::names;

use crate::openssl::Folder;
use crate::samples::{AT, cards, now};

const HOSTS: [&str; 3] = ["carte.localhost", "*.localhost", "127.0.0.1"];

fn made() -> Folder {
    let folder = Folder::new();
    cards(&folder, now(), &HOSTS);
    folder
}

fn verified(folder: &Folder, card: &str, authority: &str) -> (bool, String) {
    let [root, issuing] = match authority {
        "fort" => ["fort-racine", "fort-personnes"],
        "elementaire" => ["elementaire-racine", "elementaire-personnes"],
        "standard" => ["standard-racine", "standard-organisations"],
        _ => ["test-fort-racine", "test-fort-personnes"],
    };
    folder.reads(&format!(
        "crl -inform DER -in crls/{issuing}.crl -out {issuing}.crl.pem"
    ));
    // Its own list alone: the untrusted file holds the issuing authority too.
    folder.openssl(&format!(
        "verify {AT} -purpose sslclient -x509_strict -crl_check -CRLfile {issuing}.crl.pem \
         -CAfile authorities/{root}.pem -untrusted cards/{card}.pem cards/{card}.pem"
    ))
}

#[test]
fn each_card_is_good_or_bad_as_its_name_says() {
    let folder = made();
    for (card, authority, refused_as) in [
        ("praticienne", "fort", None),
        ("sans-compte", "fort", None),
        ("expiree", "fort", Some("certificate has expired")),
        ("pas-encore-valable", "fort", Some("certificate is not yet valid")),
        ("revoquee", "fort", Some("certificate revoked")),
        ("signature", "fort", Some("unsuitable certificate purpose")),
        // Good certificates, of authorities that issue to nobody who signs in.
        ("sans-contact", "elementaire", None),
        ("organisation", "standard", None),
        ("test", "test", None),
    ] {
        let (well, text) = verified(&folder, card, authority);
        assert_eq!(well, refused_as.is_none(), "{card}: {text}");
        assert!(
            refused_as.is_none_or(|reason| text.contains(reason)),
            "{card}: {text}"
        );
    }
}

#[test]
fn each_card_is_a_file_to_import_and_has_a_line_in_the_readme_of_both_languages() {
    let folder = made();
    let readme = fs::read_to_string(folder.path("README.md")).unwrap();
    for name in names() {
        folder.reads(&format!(
            "pkcs12 -in cards/{name}.p12 -passin pass:portique -noenc"
        ));
        assert_eq!(readme.matches(&format!("| `{name}.p12` |")).count(), 2, "{name}");
    }
}

#[test]
fn the_published_file_holds_all_eight_authorities() {
    let text = made().reads("pkcs7 -inform DER -in authorities/igc-sante-test.p7b -print_certs -noout");
    assert_eq!(text.matches("subject=").count(), 8, "{text}");
}

#[test]
fn written_again_a_card_is_the_same_and_a_browser_needs_no_other_root() {
    let folder = made();
    let read = |file: &str| fs::read(folder.path(file)).unwrap();
    let files = [
        "cards/praticienne.p12",
        "cards/revoquee.pem",
        "server/racine.pem",
        "server/card-host.pem",
    ];
    let before = files.map(read);
    cards(&folder, now() + SignedDuration::from_hours(24 * 100), &HOSTS);
    assert_eq!(before, files.map(read));
}

#[test]
fn in_another_year_a_card_has_another_time_and_the_same_key_and_number() {
    let folder = made();
    let said = || folder.reads("x509 -in cards/revoquee.pem -noout -serial -pubkey");
    let before = said();
    assert!(
        folder
            .reads("x509 -in cards/revoquee.pem -noout -enddate")
            .contains("2028")
    );
    cards(&folder, now() + SignedDuration::from_hours(24 * 400), &HOSTS);
    assert!(
        folder
            .reads("x509 -in cards/revoquee.pem -noout -enddate")
            .contains("2029")
    );
    assert_eq!(before, said());
}

#[test]
fn the_tls_certificate_is_for_its_hosts_and_renewed_with_them_and_in_time() {
    let folder = made();
    let verified = |at: &str, host: &str| {
        folder
            .openssl(&format!(
                "verify {at} -purpose sslserver -x509_strict {host} -CAfile server/racine.pem server/card-host.pem"
            ))
            .0
    };
    let root = || fs::read(folder.path("server/racine.pem")).unwrap();
    assert!(verified(AT, "-verify_hostname carte.localhost"));
    assert!(verified(AT, "-verify_ip 127.0.0.1"));
    assert!(!verified(AT, "-verify_hostname elsewhere.example"));

    cards(&folder, now(), &["elsewhere.example"]);
    assert!(verified(AT, "-verify_hostname elsewhere.example"));

    let before = root();
    cards(
        &folder,
        now() + SignedDuration::from_hours(24 * 340),
        &["elsewhere.example"],
    );
    assert_ne!(before, root());
}

#[test]
fn the_key_of_the_tls_root_is_nowhere() {
    let folder = made();
    let public = folder.reads("x509 -in server/racine.pem -noout -pubkey");
    for key in fs::read_dir(folder.path("keys")).unwrap() {
        let name = key.unwrap().file_name().into_string().unwrap();
        assert_ne!(
            folder.reads(&format!("pkey -inform DER -in keys/{name} -pubout")),
            public,
            "{name}"
        );
    }
    assert_ne!(folder.reads("pkey -in server/card-host.key.pem -pubout"), public);
}

#[test]
#[cfg(unix)]
fn keys_are_read_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = made();
    for file in [
        "keys/fort-racine.der",
        "cards/praticienne.key.pem",
        "server/card-host.key.pem",
    ] {
        let mode = fs::metadata(folder.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}
