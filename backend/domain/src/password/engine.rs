//! argon2id: one password hashed or verified at a time, its working memory kept.

use std::sync::Arc;

use argon2::password_hash::phc::{Output, PasswordHash as Phc, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;

use super::PasswordHash;

/// OWASP's first choice for argon2id, and the project's decision: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
pub(super) const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;

/// A secret kept outside the database and mixed into every hash, so that a stolen database alone can't be guessed at.
#[derive(Clone, Default)]
pub struct Pepper(Option<Arc<[u8]>>);

impl Pepper {
    pub fn none() -> Self {
        Self(None)
    }

    pub fn new(secret: &[u8]) -> Self {
        Self(Some(secret.into()))
    }
}

/// What verifying a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    pub matches: bool,
    /// The hash was made with other parameters than today's: hash the password anew.
    pub outdated: bool,
}

/// One thread's argon2, with its working memory kept from hash to hash.
pub(super) struct Engine {
    pepper: Pepper,
    memory: Vec<Block>,
}

impl Engine {
    pub(super) fn new(pepper: Pepper) -> Self {
        Self {
            pepper,
            memory: Vec::new(),
        }
    }

    pub(super) fn hash(&mut self, password: &str, salt: [u8; SALT_BYTES]) -> PasswordHash {
        let params = current_params();
        let mut output = [0; OUTPUT_BYTES];
        self.derive(&params, password, &salt, &mut output)
            .expect("a 16-byte salt, a 32-byte output and a password under 4 GiB are within argon2's bounds");
        let phc = Phc {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: (&params)
                .try_into()
                .expect("three small decimals fit in PHC's parameters"),
            salt: Some(Salt::new(&salt).expect("16 bytes are within PHC's bounds")),
            hash: Some(Output::new(&output).expect("32 bytes are within PHC's bounds")),
        };
        PasswordHash(phc.to_string())
    }

    pub(super) fn verify(&mut self, password: &str, stored: &PasswordHash) -> Verification {
        let refused = Verification {
            matches: false,
            outdated: true,
        };
        let Ok(phc) = Phc::new(stored.as_str()) else {
            return refused;
        };
        let (Some(salt), Some(expected), Ok(params)) =
            (phc.salt.as_ref(), phc.hash.as_ref(), Params::try_from(&phc))
        else {
            return refused;
        };
        if phc.algorithm != Algorithm::Argon2id.ident() {
            return refused;
        }
        let mut output = vec![0; expected.as_bytes().len()];
        if self
            .derive(&params, password, salt.as_ref(), &mut output)
            .is_err()
        {
            return refused;
        }
        let today = current_params();
        let outdated = (params.m_cost(), params.t_cost(), params.p_cost())
            != (today.m_cost(), today.t_cost(), today.p_cost());
        Verification {
            matches: output.ct_eq(expected.as_bytes()).into(),
            outdated,
        }
    }

    fn derive(
        &mut self,
        params: &Params,
        password: &str,
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), argon2::Error> {
        let argon2 = match &self.pepper.0 {
            Some(pepper) => {
                Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params.clone())?
            }
            None => Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone()),
        };
        if self.memory.len() < params.block_count() {
            self.memory.resize(params.block_count(), Block::new());
        }
        argon2.hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            output,
            &mut self.memory[..params.block_count()],
        )
    }
}

fn current_params() -> Params {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES)).expect("constants within argon2's bounds")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; SALT_BYTES] = [7; SALT_BYTES];

    fn bare() -> Engine {
        Engine::new(Pepper::none())
    }

    #[test]
    fn a_hash_matches_its_password_and_no_other() {
        let mut engine = bare();
        let hash = engine.hash("Portique#2026", SALT);
        assert!(
            hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.as_str()
        );
        assert_eq!(
            engine.verify("Portique#2026", &hash),
            Verification {
                matches: true,
                outdated: false
            }
        );
        assert!(!engine.verify("portique#2026", &hash).matches);
    }

    #[test]
    fn a_hash_with_other_parameters_still_matches_and_is_told_outdated() {
        let params = Params::new(8_192, 1, 1, Some(OUTPUT_BYTES)).unwrap();
        let mut output = [0; OUTPUT_BYTES];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into(b"Portique#2026", &SALT, &mut output)
            .unwrap();
        let old = Phc {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: (&params).try_into().unwrap(),
            salt: Some(Salt::new(&SALT).unwrap()),
            hash: Some(Output::new(&output).unwrap()),
        };
        let found = bare().verify("Portique#2026", &PasswordHash(old.to_string()));
        assert_eq!(
            found,
            Verification {
                matches: true,
                outdated: true
            }
        );
    }

    #[test]
    fn without_the_pepper_a_peppered_hash_matches_nothing() {
        let mut peppered = Engine::new(Pepper::new(b"kept elsewhere"));
        let hash = peppered.hash("Portique#2026", SALT);
        assert!(peppered.verify("Portique#2026", &hash).matches);
        assert!(!bare().verify("Portique#2026", &hash).matches);
    }

    #[test]
    fn what_is_no_hash_matches_nothing() {
        for stored in [
            "",
            "plain",
            "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo",
            "$2b$10$abcdefghijklmnopqrstuv",
        ] {
            assert!(
                !bare().verify("plain", &PasswordHash(stored.into())).matches,
                "{stored}"
            );
        }
    }
}
