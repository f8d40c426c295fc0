use portique_shared::api::captcha::ProofParameters;
use sha2::block_api::compress256;

const ALGORITHM: &str = "PBKDF2/SHA-256";

/// Bytes of SHA-256's block, and of its hash, which is as long as the keys.
const BLOCK: usize = 64;
const KEY: usize = 32;

type State = [u32; 8];

/// SHA-256 before the first block (FIPS 180-4, 5.3.3).
const START: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// What is looked for. Everything fits into one block, so that a round is two compressions and no bookkeeping.
pub struct Search {
    nonce: Vec<u8>,
    /// The salt, as the block that PBKDF2 begins with.
    first: [u8; BLOCK],
    rounds: u32,
    /// What the key begins with, a digit each.
    prefix: Vec<u8>,
}

impl Search {
    /// `None` for another algorithm, another length of key, or more bytes than fit into a block.
    pub fn new(parameters: &ProofParameters) -> Option<Self> {
        let nonce = bytes(&parameters.nonce)?;
        let salt = bytes(&parameters.salt)?;
        let known = parameters.algorithm == ALGORITHM
            && usize::try_from(parameters.key_length) == Ok(KEY)
            && parameters.cost > 0
            && parameters.key_prefix.len() <= 2 * KEY
            && nonce.len() + 4 <= BLOCK;
        // The salt and the number of PBKDF2's block: keys are one block long.
        let first = [&salt, [0, 0, 0, 1].as_slice()].concat();
        (known && first.len() <= BLOCK - 9).then_some(())?;
        Some(Self {
            nonce,
            first: padded(&first),
            rounds: parameters.cost,
            prefix: digits(&parameters.key_prefix)?,
        })
    }

    /// The counter's key in hexadecimal, if it begins as it should.
    pub fn try_counter(&self, counter: u32) -> Option<String> {
        let key = self.key(counter);
        let begins = (self.prefix.iter().enumerate()).all(|(place, digit)| {
            let byte = key[place / 2];
            *digit == if place % 2 == 0 { byte >> 4 } else { byte & 15 }
        });
        begins.then(|| hex(&key))
    }

    /// PBKDF2 with HMAC and SHA-256 (RFC 8018, 5.2), its password the nonce and the counter.
    fn key(&self, counter: u32) -> [u8; KEY] {
        let mut password = [0; BLOCK];
        let (nonce, rest) = password.split_at_mut(self.nonce.len());
        nonce.copy_from_slice(&self.nonce);
        rest[..4].copy_from_slice(&counter.to_be_bytes());
        // An HMAC's two halves after their pads, which each round begins with.
        let inner = after(START, &password.map(|byte| byte ^ 0x36));
        let outer = after(START, &password.map(|byte| byte ^ 0x5c));
        let mut block = padded(&[0; KEY]);
        let mut round = |message: &[u8; BLOCK]| {
            write(&mut block, after(inner, message));
            let state = after(outer, &block);
            write(&mut block, state);
            (state, block)
        };
        let (mut sum, mut last) = round(&self.first);
        for _ in 1..self.rounds {
            let state;
            (state, last) = round(&last);
            for (sum, word) in sum.iter_mut().zip(state) {
                *sum ^= word;
            }
        }
        let mut key = [0; KEY];
        write(&mut key, sum);
        key
    }
}

fn after(mut state: State, block: &[u8; BLOCK]) -> State {
    compress256(&mut state, core::slice::from_ref(block));
    state
}

/// A hash at the beginning of a block, or alone.
fn write(place: &mut [u8], state: State) {
    for (bytes, word) in place.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
}

/// The last block of a message that a whole block went before (the pad), of at most 55 bytes.
fn padded(text: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..text.len()].copy_from_slice(text);
    block[text.len()] = 0x80;
    let bits = (BLOCK + text.len()) as u64 * 8;
    block[BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
    block
}

fn digits(hex: &str) -> Option<Vec<u8>> {
    hex.chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = digits(hex)?;
    let (pairs, []) = digits.as_chunks() else {
        return None;
    };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Solved by the protocol's own client (the npm package `altcha`, 3.2.2).
    fn parameters(key_prefix: &str) -> ProofParameters {
        ProofParameters {
            algorithm: ALGORITHM.into(),
            cost: 256,
            expires_at: 1_772_366_520,
            key_length: 32,
            key_prefix: key_prefix.into(),
            nonce: "000102030405060708090a0b0c0d0e0f".into(),
            salt: "f0e0d0c0b0a090807060504030201000".into(),
        }
    }

    fn first(key_prefix: &str) -> (u32, String) {
        let search = Search::new(&parameters(key_prefix)).unwrap();
        (0..5000)
            .find_map(|counter| Some((counter, search.try_counter(counter)?)))
            .unwrap()
    }

    #[test]
    fn the_counter_and_the_key_are_those_that_the_protocols_own_client_finds() {
        assert_eq!(
            first("00"),
            (
                307,
                "00fe456e05aeabc06b8cbe0467dd2e056256b5345c1b070e89709b9cd66710d0".into()
            )
        );
    }

    #[test]
    fn a_prefix_of_an_odd_number_of_digits_is_met_digit_by_digit() {
        assert_eq!(
            first("000"),
            (
                4215,
                "000a60b5f38d1f671a3751872e0073d31b9b45481d88d50e8f86b71fd8fc5611".into()
            )
        );
    }

    #[test]
    fn a_key_that_is_told_in_full_is_met_by_its_counter_alone() {
        let search = Search::new(&parameters(
            "00fe456e05aeabc06b8cbe0467dd2e056256b5345c1b070e89709b9cd66710d0",
        ))
        .unwrap();
        assert!(search.try_counter(306).is_none());
        assert!(search.try_counter(307).is_some());
    }

    #[test]
    fn a_challenge_of_another_kind_is_not_begun() {
        let others: [fn(&mut ProofParameters); 8] = [
            |parameters| parameters.algorithm = "SHA-256".into(),
            |parameters| parameters.key_length = 16,
            |parameters| parameters.cost = 0,
            |parameters| parameters.nonce = "0".into(),
            |parameters| parameters.nonce = "zz".into(),
            |parameters| parameters.nonce = "00".repeat(61),
            |parameters| parameters.salt = "00".repeat(52),
            |parameters| parameters.key_prefix = "0".repeat(65),
        ];
        for alter in others {
            let mut parameters = parameters("00");
            alter(&mut parameters);
            assert!(Search::new(&parameters).is_none());
        }
    }
}
