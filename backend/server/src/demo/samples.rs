//! The demo's sample accounts, the same on every portal.

use jiff::SignedDuration;
use portique_domain::account::{
    Account, AccountId, AccountStatus, Civility, PasswordState, Privilege, Privileges, Record,
};
use portique_domain::entropy::new_id;
use portique_domain::password::Password;
use portique_domain::phone;
use portique_domain::portal::Portal;
use portique_domain::use_cases::Tools;
use portique_shared::types::{EmailAddress, Identifier, NationalId};

use crate::site::Sites;

/// Password of the accounts that chose theirs already.
const PASSWORD: &str = "Portique#2026";
/// Provisional password of the one that signs in for the first time.
const PROVISIONAL: &str = "Provisoire#2026";

/// Where their mail goes, on portals that show no domain of their own.
const DOMAIN: &str = "demo.example";
/// How long before the demo those who know it were given their accounts, and were last there.
const GIVEN_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);
const LAST_SEEN_BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// A sample account, as the demo's start lists it.
pub struct Sample {
    pub identifier: &'static str,
    pub password: &'static str,
    pub words: &'static str,
    civility: Civility,
    given_name: &'static str,
    family_name: &'static str,
    profession: &'static str,
    rpps: &'static str,
    privilege: Option<Privilege>,
    rescue_phone: Option<&'static str>,
}

pub const SAMPLES: [Sample; 4] = [
    Sample {
        identifier: "premiere.connexion",
        password: PROVISIONAL,
        words: "signs in for the first time",
        civility: Civility::Mrs,
        given_name: "Camille",
        family_name: "Renaud",
        profession: "Infirmier",
        rpps: "10001000107",
        privilege: None,
        rescue_phone: None,
    },
    Sample {
        identifier: "praticien",
        password: PASSWORD,
        words: "a practitioner",
        civility: Civility::Doctor,
        given_name: "Jeanne",
        family_name: "Martin",
        profession: "Médecin",
        rpps: "10001000206",
        privilege: None,
        rescue_phone: None,
    },
    Sample {
        identifier: "administrateur",
        password: PASSWORD,
        words: "privileged: a code follows, in the mailbox",
        civility: Civility::Mr,
        given_name: "Hugo",
        family_name: "Bernard",
        profession: "Pharmacien",
        rpps: "10001000305",
        privilege: Some(Privilege::Administrator),
        rescue_phone: None,
    },
    Sample {
        identifier: "mobile",
        password: PASSWORD,
        words: "the same, with a rescue phone",
        civility: Civility::Professor,
        given_name: "Awa",
        family_name: "Diallo",
        profession: "Sage-femme",
        rpps: "10001000404",
        privilege: Some(Privilege::PatientData),
        rescue_phone: Some("06 12 34 56 78"),
    },
];

/// Creates the sample accounts on every portal.
pub async fn create_samples(tools: &Tools, sites: &Sites) -> anyhow::Result<()> {
    let now = tools.clock.now();
    let mut accounts = Vec::new();
    for site in sites.iter() {
        for sample in &SAMPLES {
            let hash = tools
                .hasher
                .turn()?
                .hash(&Password::new(sample.password), tools.entropy.as_ref())
                .await?;
            let provisional = sample.password == PROVISIONAL;
            let expires_at = now + site.portal.provisional_lifetime;
            accounts.push(Account {
                id: AccountId(new_id(tools.entropy.as_ref(), now)),
                portal: site.portal.name.clone(),
                record: record(sample, domain(&site.portal))?,
                status: AccountStatus::Active,
                password: if provisional {
                    PasswordState::Provisional { hash, expires_at }
                } else {
                    PasswordState::Definitive {
                        hash,
                        changed_at: now - GIVEN_BEFORE,
                    }
                },
                language: site.portal.language,
                created_at: if provisional { now } else { now - GIVEN_BEFORE },
                wants_second_factor: false,
                last_sign_in_at: (!provisional).then(|| now - LAST_SEEN_BEFORE),
            });
        }
    }
    let mut unit = tools.store.begin().await?;
    unit.insert_accounts(&accounts).await?;
    unit.commit().await?;
    Ok(())
}

/// The domain that the portal shows most, so that the address that a lost password's page shows is the account's own.
fn domain(portal: &Portal) -> &str {
    let shown = portal
        .recovery
        .password
        .iter()
        .flat_map(|password| &password.masked_domains);
    shown
        .max_by_key(|(_, share)| *share)
        .map_or(DOMAIN, |(domain, _)| domain)
}

fn record(sample: &Sample, domain: &str) -> anyhow::Result<Record> {
    let email = |domain: &str| EmailAddress::parse(&format!("{}@{domain}", sample.identifier));
    Ok(Record {
        identifier: Identifier::parse(sample.identifier)?,
        email: email(domain)?,
        rescue_email: Some(email("secours.example")?),
        rescue_phone: sample.rescue_phone.map(phone::parse).transpose()?,
        civility: Some(sample.civility),
        given_name: sample.given_name.into(),
        family_name: sample.family_name.into(),
        profession: Some(sample.profession.into()),
        national_id: Some(NationalId::parse(sample.rpps)?),
        privileges: Privileges::new(sample.privilege),
    })
}
