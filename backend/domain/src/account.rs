//! Accounts: a person's record on one portal.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeSet;

use jiff::Timestamp;
use portique_shared::Language;
use portique_shared::types::{EmailAddress, Identifier, NationalId, PhoneNumber};
use uuid::Uuid;

use crate::folding::fold;
use crate::password::PasswordHash;
use crate::portal::PortalName;

/// Identifies an account across portals. Never shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct AccountId(pub Uuid);

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub portal: PortalName,
    pub record: Record,
    pub status: AccountStatus,
    pub password: PasswordState,
    /// Whether the person wants to be asked for a second factor at every sign-in.
    pub wants_second_factor: bool,
    /// The language of mails to this person.
    pub language: Language,
    pub created_at: Timestamp,
    pub last_sign_in_at: Option<Timestamp>,
}

/// What the agency's file says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Unique on its portal, compared by [`Record::folded_identifier`].
    pub identifier: Identifier,
    pub email: EmailAddress,
    pub rescue_email: Option<EmailAddress>,
    pub rescue_phone: Option<PhoneNumber>,
    pub civility: Option<Civility>,
    /// May be empty.
    pub given_name: String,
    /// May be empty.
    pub family_name: String,
    /// As the national directory labels it: «Médecin», «Infirmier».
    pub profession: Option<String>,
    pub national_id: Option<NationalId>,
    pub privileges: Privileges,
}

impl Record {
    /// The key under which the identifier is unique and looked up.
    pub fn folded_identifier(&self) -> String {
        fold(self.identifier.as_str())
    }

    /// «Dr Jeanne MARTIN», or the identifier where the record has no name.
    pub fn display_name(&self) -> String {
        let civility = self.civility.map(Civility::label);
        let family_name = self.family_name.to_uppercase();
        let name = [civility.unwrap_or_default(), &self.given_name, &family_name]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        if self.given_name.is_empty() && self.family_name.is_empty() {
            self.identifier.to_string()
        } else {
            name
        }
    }
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountStatus {
    Active,
    Disabled,
}

/// What stands between a person and their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordState {
    /// No invitation has left yet: nothing can be typed that opens the account.
    None,
    /// Made by Portique and sent in an invitation; opens only the change of password.
    Provisional {
        hash: PasswordHash,
        expires_at: Timestamp,
    },
    /// Chosen by the person.
    Definitive {
        hash: PasswordHash,
        changed_at: Timestamp,
    },
}

impl PasswordState {
    pub fn hash(&self) -> Option<&PasswordHash> {
        match self {
            Self::None => None,
            Self::Provisional { hash, .. } | Self::Definitive { hash, .. } => Some(hash),
        }
    }

    /// Whether it is provisional, and its time over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        matches!(self, Self::Provisional { expires_at, .. } if now >= *expires_at)
    }

    pub fn is_provisional(&self) -> bool {
        matches!(self, Self::Provisional { .. })
    }
}

/// A right that asks for more care (and, where second factors exist, for one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Privilege {
    /// «administrateur»: runs the portal.
    Administrator,
    /// «donnees-patients»: uses tools that hold patient data.
    PatientData,
}

impl Privilege {
    pub const ALL: [Self; 2] = [Self::Administrator, Self::PatientData];

    /// The word for it in the agency's file and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Administrator => "administrateur",
            Self::PatientData => "donnees-patients",
        }
    }
}

/// A person's privileges; most people have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privileges(BTreeSet<Privilege>);

/// A word that names no privilege.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown privilege «{0}» (expected administrateur or donnees-patients)")]
pub struct UnknownPrivilege(pub String);

impl Privileges {
    pub fn new(privileges: impl IntoIterator<Item = Privilege>) -> Self {
        Self(privileges.into_iter().collect())
    }

    /// Whether the account is «privileged».
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }
}

impl FromStr for Privileges {
    type Err = UnknownPrivilege;

    /// Reads words separated by commas, `+` or white space; empty text means none.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split([',', '+', ' '])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| {
                Privilege::ALL
                    .into_iter()
                    .find(|privilege| privilege.word() == fold(word))
                    .ok_or_else(|| UnknownPrivilege(word.to_owned()))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl fmt::Display for Privileges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|privilege| privilege.word()).collect();
        formatter.write_str(&words.join(","))
    }
}

/// How a person is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Civility {
    Mr,
    Mrs,
    Doctor,
    Professor,
}

/// A text that is no civility.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown civility «{0}» (expected M., Mme, Dr or Pr)")]
pub struct UnknownCivility(pub String);

impl Civility {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mr => "M.",
            Self::Mrs => "Mme",
            Self::Doctor => "Dr",
            Self::Professor => "Pr",
        }
    }
}

impl FromStr for Civility {
    type Err = UnknownCivility;

    /// Reads what files and the national directory write: `M`, `M.`, `MME`, `Madame`, `DR`, `Docteur` …
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match fold(text).trim_end_matches('.') {
            "m" | "mr" | "monsieur" => Ok(Self::Mr),
            "mme" | "mlle" | "madame" | "mademoiselle" => Ok(Self::Mrs),
            "dr" | "docteur" => Ok(Self::Doctor),
            "pr" | "professeur" => Ok(Self::Professor),
            _ => Err(UnknownCivility(text.trim().to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn privileges_are_read_without_case_or_accents_and_written_in_one_way() {
        let privileges: Privileges = "Données-Patients + ADMINISTRATEUR".parse().unwrap();
        assert!(privileges.any());
        assert_eq!(privileges.to_string(), "administrateur,donnees-patients");
        assert!(!"".parse::<Privileges>().unwrap().any());
    }

    #[test]
    fn an_unknown_privilege_is_named() {
        assert_eq!("chef".parse::<Privileges>(), Err(UnknownPrivilege("chef".into())));
    }

    #[test]
    fn the_civilities_of_the_national_directory_are_read() {
        for (text, civility) in [
            ("MME", Civility::Mrs),
            ("M", Civility::Mr),
            ("DR", Civility::Doctor),
            ("Professeur", Civility::Professor),
        ] {
            assert_eq!(text.parse(), Ok(civility));
        }
    }
}
