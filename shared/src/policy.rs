//! The password policy: which rules a portal sets, and which of them a password meets.
//!
//! The same code tells the rules live in the page and enforces them on the server. Both give it the password
//! in Unicode's NFC form: the browser's own `normalize`, the server's library.

use serde::{Deserialize, Serialize};

/// Longest password hashed, in bytes of UTF-8: beyond it hashing would be a way to load the server.
pub const MAX_PASSWORD_BYTES: u32 = 1024;

/// Shortest minimum length that a portal may set, in code points (ASVS 6.2.1).
pub const LOWEST_MIN_LENGTH: u32 = 8;

/// A portal's password policy. A count of 0 means that the portal does not set that rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordPolicy {
    /// Fewest Unicode code points.
    pub min_length: u32,
    /// Fewest letters of any case.
    #[serde(default)]
    pub min_letters: u32,
    #[serde(default)]
    pub min_upper_case: u32,
    #[serde(default)]
    pub min_lower_case: u32,
    /// Fewest decimal digits (0 to 9).
    #[serde(default)]
    pub min_digits: u32,
    /// Fewest special characters: neither letter, nor digit, nor white space, nor control.
    #[serde(default)]
    pub min_special: u32,
    /// Examples of special characters, as the portal's guide gives them.
    #[serde(default)]
    pub special_examples: String,
    /// Whether an estimate of strength is shown beside the rules.
    #[serde(default)]
    pub show_strength: bool,
}

/// One rule of a policy, with its figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", content = "count", rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Rule {
    /// At least this many code points.
    MinLength(u32),
    /// At most this many bytes of UTF-8.
    MaxBytes(u32),
    Letters(u32),
    UpperCase(u32),
    LowerCase(u32),
    Digits(u32),
    Special(u32),
    /// No control character: a keyboard cannot type it again.
    NoControl,
}

/// A rule, and whether a password meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleCheck {
    pub rule: Rule,
    pub met: bool,
}

impl PasswordPolicy {
    /// The rules in the order in which a page shows them. `MaxBytes` and `NoControl` hold on every portal and
    /// are shown only when broken.
    pub fn rules(&self) -> impl Iterator<Item = Rule> + use<> {
        [
            Some(Rule::MinLength(self.min_length)),
            set(self.min_letters, Rule::Letters),
            set(self.min_digits, Rule::Digits),
            set(self.min_upper_case, Rule::UpperCase),
            set(self.min_lower_case, Rule::LowerCase),
            set(self.min_special, Rule::Special),
            Some(Rule::MaxBytes(MAX_PASSWORD_BYTES)),
            Some(Rule::NoControl),
        ]
        .into_iter()
        .flatten()
    }

    /// Every rule of the policy, met or not by `password` (in NFC).
    pub fn check(&self, password: &str) -> Vec<RuleCheck> {
        let counts = Counts::of(password);
        self.rules()
            .map(|rule| RuleCheck {
                rule,
                met: counts.meet(rule),
            })
            .collect()
    }

    /// The rules that `password` (in NFC) does not meet; empty when it is acceptable.
    pub fn unmet(&self, password: &str) -> Vec<Rule> {
        self.check(password)
            .into_iter()
            .filter(|check| !check.met)
            .map(|check| check.rule)
            .collect()
    }

    /// The policy in Apple's `passwordrules` notation, so that a password manager proposes a password that passes.
    pub fn password_rules_attribute(&self) -> String {
        let mut rules = format!("minlength: {}; maxlength: 128;", self.min_length.max(20));
        for (wanted, class) in [
            (self.min_upper_case, "upper"),
            (self.min_lower_case, "lower"),
            (self.min_letters, "lower"),
            (self.min_digits, "digit"),
        ] {
            if wanted > 0 {
                rules.push_str(" required: ");
                rules.push_str(class);
                rules.push(';');
            }
        }
        if self.min_special > 0 {
            rules.push_str(" required: [-_@#&*%!?];");
        }
        rules
    }
}

impl Rule {
    /// Whether the rule is listed before anything is typed; the others appear only when broken.
    pub const fn is_announced(self) -> bool {
        !matches!(self, Self::MaxBytes(_) | Self::NoControl)
    }
}

fn set(count: u32, rule: impl FnOnce(u32) -> Rule) -> Option<Rule> {
    (count > 0).then(|| rule(count))
}

#[derive(Default)]
struct Counts {
    length: u32,
    bytes: usize,
    letters: u32,
    upper: u32,
    lower: u32,
    digits: u32,
    special: u32,
    control: u32,
}

impl Counts {
    fn of(password: &str) -> Self {
        let mut counts = Self {
            bytes: password.len(),
            ..Self::default()
        };
        for character in password.chars() {
            counts.length += 1;
            if character.is_control() {
                counts.control += 1;
            } else if character.is_ascii_digit() {
                counts.digits += 1;
            } else if character.is_alphabetic() {
                counts.letters += 1;
                counts.upper += u32::from(character.is_uppercase());
                counts.lower += u32::from(character.is_lowercase());
            } else if !character.is_whitespace() {
                counts.special += 1;
            }
        }
        counts
    }

    fn meet(&self, rule: Rule) -> bool {
        match rule {
            Rule::MinLength(count) => self.length >= count,
            Rule::MaxBytes(count) => self.bytes <= count as usize,
            Rule::Letters(count) => self.letters >= count,
            Rule::UpperCase(count) => self.upper >= count,
            Rule::LowerCase(count) => self.lower >= count,
            Rule::Digits(count) => self.digits >= count,
            Rule::Special(count) => self.special >= count,
            Rule::NoControl => self.control == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paca() -> PasswordPolicy {
        PasswordPolicy {
            min_length: 8,
            min_letters: 0,
            min_upper_case: 1,
            min_lower_case: 1,
            min_digits: 1,
            min_special: 1,
            special_examples: "@ # & _ *".into(),
            show_strength: false,
        }
    }

    #[test]
    fn a_password_that_meets_every_rule_of_paca_is_accepted() {
        assert_eq!(paca().unmet("Portique#2026"), []);
    }

    #[test]
    fn each_missing_kind_of_character_is_named() {
        assert_eq!(paca().unmet("portique#2026"), [Rule::UpperCase(1)]);
        assert_eq!(paca().unmet("PORTIQUE#2026"), [Rule::LowerCase(1)]);
        assert_eq!(paca().unmet("Portique#abcd"), [Rule::Digits(1)]);
        assert_eq!(paca().unmet("Portique2026"), [Rule::Special(1)]);
        assert_eq!(paca().unmet("Po#2026"), [Rule::MinLength(8)]);
    }

    #[test]
    fn accented_letters_are_letters_and_a_space_is_no_special_character() {
        assert_eq!(paca().unmet("Éléphant 2026"), [Rule::Special(1)]);
    }

    #[test]
    fn a_password_of_128_code_points_is_accepted_and_one_of_1025_bytes_is_not() {
        let policy = PasswordPolicy {
            min_length: 15,
            min_upper_case: 0,
            min_lower_case: 0,
            min_digits: 0,
            min_special: 0,
            ..paca()
        };
        assert_eq!(policy.unmet(&"é".repeat(128)), []);
        assert_eq!(policy.unmet(&"a".repeat(1025)), [Rule::MaxBytes(1024)]);
    }

    #[test]
    fn a_control_character_is_refused() {
        assert_eq!(paca().unmet("Portique#2026\u{7}"), [Rule::NoControl]);
    }

    proptest! {
        #[test]
        fn adding_an_ordinary_character_never_breaks_a_rule_that_was_met(password in "\\PC{0,40}", extra in "[a-zA-Z0-9@#&_*]") {
            let before = paca().unmet(&password);
            let after = paca().unmet(&format!("{password}{extra}"));
            prop_assert!(after.iter().all(|rule| before.contains(rule)));
        }

        #[test]
        fn a_password_is_acceptable_exactly_when_every_rule_is_met(password in "\\PC{0,40}") {
            let checks = paca().check(&password);
            prop_assert_eq!(paca().unmet(&password).is_empty(), checks.iter().all(|check| check.met));
        }
    }
}
