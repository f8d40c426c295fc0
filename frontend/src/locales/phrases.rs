//! Sentences with figures in them.

use portique_shared::Language::{self, En, Fr};
use portique_shared::policy::Rule;

/// A moment on the person's own clock and calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
}

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `01/07/2022`, `1 July 2022`: figures alone would read as a January to some.
pub fn date(language: Language, time: LocalTime) -> String {
    let LocalTime { year, month, day, .. } = time;
    match language {
        Fr => [&two(day), "/", &two(month), "/", &year.to_string()].concat(),
        En => {
            let name = ENGLISH_MONTHS
                .get((month as usize).wrapping_sub(1))
                .copied()
                .unwrap_or_default();
            [&day.to_string(), " ", name, " ", &year.to_string()].concat()
        }
    }
}

/// `Dernière connexion le 01/07/2022, à 11:01`.
pub fn last_sign_in(language: Language, time: LocalTime) -> String {
    let before = match language {
        Fr => "Dernière connexion le ",
        En => "Last sign-in on ",
    };
    [before, &moment(language, time)].concat()
}

/// `01/07/2022, à 11:01`.
pub fn moment(language: Language, time: LocalTime) -> String {
    let between = match language {
        Fr => ", à ",
        En => ", at ",
    };
    let clock = [&two(time.hour), ":", &two(time.minute)].concat();
    [&date(language, time), between, &clock].concat()
}

fn two(number: u32) -> String {
    let digits = number.to_string();
    if number < 10 {
        ["0", &digits].concat()
    } else {
        digits
    }
}

/// `23 h 59 min`, `1 min 05 s`, `45 s`: the same in both languages.
pub fn remaining(seconds: u32) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    if minutes >= 60 {
        let (hours, minutes) = (minutes / 60, minutes % 60);
        [&hours.to_string(), "\u{a0}h\u{a0}", &two(minutes), "\u{a0}min"].concat()
    } else if minutes == 0 {
        [&rest.to_string(), "\u{a0}s"].concat()
    } else {
        [&minutes.to_string(), "\u{a0}min\u{a0}", &two(rest), "\u{a0}s"].concat()
    }
}

/// A number in E.164 as it is read aloud; French ones in pairs: `+33 6 12 34 56 78`.
pub fn phone(number: &str) -> String {
    let Some(national) = number.strip_prefix("+33").filter(|rest| rest.len() == 9) else {
        return number.to_owned();
    };
    let mut words = String::from("+33");
    for (position, digit) in national.chars().enumerate() {
        // One digit, then pairs.
        if position == 0 || position % 2 == 1 {
            words.push('\u{a0}');
        }
        words.push(digit);
    }
    words
}

/// «Réessayez dans 45 s.»
pub fn retry_in(language: Language, seconds: u32) -> String {
    let before = match language {
        Fr => "Réessayez dans ",
        En => "Try again in ",
    };
    [before, &remaining(seconds), "."].concat()
}

/// «Robustesse :», before the strength itself.
pub fn label(language: Language, name: &str) -> String {
    let colon = match language {
        Fr => "\u{a0}: ",
        En => ": ",
    };
    [name, colon].concat()
}

/// `K7QM-2XPA`: a reference in two groups, as it is read over the phone.
pub fn reference(reference: &str) -> String {
    let grouped = reference.len() == 8 && reference.is_ascii();
    if grouped {
        let (first, second) = reference.split_at(4);
        [first, "-", second].concat()
    } else {
        reference.to_owned()
    }
}

/// How many rules are met, for a screen reader.
pub fn rules_met(language: Language, met: usize, of: usize) -> String {
    let one = met < 2;
    let (met, of) = (met.to_string(), of.to_string());
    match language {
        Fr if one => [&met, " règle respectée sur ", &of].concat(),
        Fr => [&met, " règles respectées sur ", &of].concat(),
        En => [&met, " of ", &of, " rules met"].concat(),
    }
}

/// A rule of the password policy; `examples` are the portal's special characters. What a password must have is worded as
/// that; what it has too much of, as what to do, since it is told only then.
pub fn rule(language: Language, rule: Rule, examples: &str) -> String {
    let (count, one, many) = match (language, rule) {
        (Fr, Rule::MaxBytes(_)) => return "Raccourcissez votre mot de passe\u{a0}: il est trop long.".into(),
        (En, Rule::MaxBytes(_)) => return "Shorten your password: it is too long.".into(),
        (Fr, Rule::NoControl) => {
            return "Retirez de votre mot de passe les caractères invisibles, qu’aucun clavier ne saisit."
                .into();
        }
        (En, Rule::NoControl) => {
            return "Remove from your password the invisible characters, which no keyboard types.".into();
        }
        (Fr, Rule::MinLength(count)) => (count, "caractère", "caractères"),
        (En, Rule::MinLength(count)) => (count, "character", "characters"),
        (Fr, Rule::Letters(count)) => (count, "lettre", "lettres"),
        (En, Rule::Letters(count)) => (count, "letter", "letters"),
        (Fr, Rule::UpperCase(count)) => (count, "majuscule", "majuscules"),
        (En, Rule::UpperCase(count)) => (count, "upper-case letter", "upper-case letters"),
        (Fr, Rule::LowerCase(count)) => (count, "minuscule", "minuscules"),
        (En, Rule::LowerCase(count)) => (count, "lower-case letter", "lower-case letters"),
        (Fr, Rule::Digits(count)) => (count, "chiffre", "chiffres"),
        (En, Rule::Digits(count)) => (count, "digit", "digits"),
        (Fr, Rule::Special(count)) => (count, "caractère spécial", "caractères spéciaux"),
        (En, Rule::Special(count)) => (count, "special character", "special characters"),
    };
    let at_least = match language {
        Fr => "Au moins ",
        En => "At least ",
    };
    let noun = if count == 1 { one } else { many };
    let mut words = [at_least, &count.to_string(), "\u{a0}", noun].concat();
    if matches!(rule, Rule::Special(_)) && !examples.is_empty() {
        let such_as = match language {
            Fr => " (comme ",
            En => " (such as ",
        };
        words.push_str(such_as);
        words.push_str(examples);
        words.push(')');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORNING: LocalTime = LocalTime {
        year: 2022,
        month: 7,
        day: 1,
        hour: 11,
        minute: 1,
    };

    #[test]
    fn the_last_sign_in_reads_as_the_guide_writes_it() {
        assert_eq!(
            last_sign_in(Fr, MORNING),
            "Dernière connexion le 01/07/2022, à 11:01"
        );
        assert_eq!(last_sign_in(En, MORNING), "Last sign-in on 1 July 2022, at 11:01");
    }

    #[test]
    fn the_remaining_time_is_told_in_two_units_at_most() {
        assert_eq!(remaining(120), "2\u{a0}min\u{a0}00\u{a0}s");
        assert_eq!(remaining(65), "1\u{a0}min\u{a0}05\u{a0}s");
        assert_eq!(remaining(9), "9\u{a0}s");
        assert_eq!(remaining(86_395), "23\u{a0}h\u{a0}59\u{a0}min");
        assert_eq!(retry_in(En, 45), "Try again in 45\u{a0}s.");
    }

    #[test]
    fn a_french_number_is_read_in_pairs() {
        assert_eq!(
            phone("+33612345678"),
            "+33\u{a0}6\u{a0}12\u{a0}34\u{a0}56\u{a0}78"
        );
        assert_eq!(phone("+41791234567"), "+41791234567");
    }

    #[test]
    fn a_colon_stands_behind_a_space_that_does_not_break_in_french_and_behind_none_in_english() {
        assert_eq!(label(Fr, "Robustesse"), "Robustesse\u{a0}: ");
        assert_eq!(label(En, "Strength"), "Strength: ");
    }

    #[test]
    fn a_reference_is_read_in_two_groups() {
        assert_eq!(reference("K7QM2XPA"), "K7QM-2XPA");
        assert_eq!(reference("K7QM-2XPA"), "K7QM-2XPA");
    }

    #[test]
    fn a_rule_is_worded_with_its_figure_and_its_examples() {
        assert_eq!(rule(Fr, Rule::MinLength(8), ""), "Au moins 8\u{a0}caractères");
        assert_eq!(rule(Fr, Rule::UpperCase(1), ""), "Au moins 1\u{a0}majuscule");
        assert_eq!(
            rule(Fr, Rule::Special(1), "@ # & _ *"),
            "Au moins 1\u{a0}caractère spécial (comme @ # & _ *)"
        );
        assert_eq!(
            rule(En, Rule::Special(2), ""),
            "At least 2\u{a0}special characters"
        );
    }
}
