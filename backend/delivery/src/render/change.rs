//! What was changed of that which opens an account, in a sentence.

use portique_domain::outbox::SecurityChange;
use portique_shared::Language;

pub(super) fn sentence(change: &SecurityChange, language: Language) -> String {
    match language {
        Language::Fr => in_french(change),
        Language::En => in_english(change),
    }
}

fn in_french(change: &SecurityChange) -> String {
    match change {
        SecurityChange::AppAdded { name } => {
            format!("L’application d’authentification «\u{a0}{name}\u{a0}» a été ajoutée à votre compte.")
        }
        SecurityChange::AppRemoved { name } => {
            format!("L’application d’authentification «\u{a0}{name}\u{a0}» a été retirée de votre compte.")
        }
        SecurityChange::PasskeyAdded { name } => {
            format!("La clé d’accès «\u{a0}{name}\u{a0}» a été ajoutée à votre compte.")
        }
        SecurityChange::PasskeyRemoved { name } => {
            format!("La clé d’accès «\u{a0}{name}\u{a0}» a été retirée de votre compte.")
        }
        SecurityChange::CardAttached { number } => {
            format!("La carte professionnelle n°\u{a0}{number} a été rattachée à votre compte.")
        }
        SecurityChange::CardDetached { number } => {
            format!("La carte professionnelle n°\u{a0}{number} a été retirée de votre compte.")
        }
        SecurityChange::RecoveryCodesMade => {
            "De nouveaux codes de récupération ont été créés pour votre compte\u{a0}; les précédents ne valent plus rien.".to_owned()
        }
        SecurityChange::RecoveryCodeUsed { left: 0 } => {
            "Le dernier code de récupération de votre compte vient d’être utilisé. Pensez à en créer d’autres.".to_owned()
        }
        SecurityChange::RecoveryCodeUsed { left } => {
            format!("Un code de récupération de votre compte vient d’être utilisé. Il en reste {left}.")
        }
        SecurityChange::SecondFactorOn => {
            "Un second facteur sera demandé à chaque connexion à votre compte.".to_owned()
        }
        SecurityChange::SecondFactorOff => {
            "Le second facteur n’est plus demandé à chaque connexion à votre compte.".to_owned()
        }
        SecurityChange::FactorsReset => {
            "L’assistance a retiré de votre compte les applications, clés d’accès, cartes rattachées et codes de récupération.".to_owned()
        }
        SecurityChange::MainEmailChanged { masked } => {
            format!("L’e-mail de votre compte est maintenant {masked}.")
        }
        SecurityChange::RescueEmailChanged { masked } => {
            format!("L’e-mail de secours de votre compte est maintenant {masked}.")
        }
        SecurityChange::RescueEmailRemoved => "L’e-mail de secours de votre compte a été retiré.".to_owned(),
        SecurityChange::RescuePhoneChanged { masked } => {
            format!("Le téléphone de secours de votre compte est maintenant le {masked}.")
        }
        SecurityChange::RescuePhoneRemoved => {
            "Le téléphone de secours de votre compte a été retiré.".to_owned()
        }
    }
}

fn in_english(change: &SecurityChange) -> String {
    match change {
        SecurityChange::AppAdded { name } => {
            format!("The authenticator application “{name}” was added to your account.")
        }
        SecurityChange::AppRemoved { name } => {
            format!("The authenticator application “{name}” was removed from your account.")
        }
        SecurityChange::PasskeyAdded { name } => format!("The passkey “{name}” was added to your account."),
        SecurityChange::PasskeyRemoved { name } => {
            format!("The passkey “{name}” was removed from your account.")
        }
        SecurityChange::CardAttached { number } => {
            format!("The professional card no.\u{a0}{number} was attached to your account.")
        }
        SecurityChange::CardDetached { number } => {
            format!("The professional card no.\u{a0}{number} was removed from your account.")
        }
        SecurityChange::RecoveryCodesMade => {
            "New recovery codes were made for your account; those before are good for nothing.".to_owned()
        }
        SecurityChange::RecoveryCodeUsed { left: 0 } => {
            "The last recovery code of your account was just used. Think of making others.".to_owned()
        }
        SecurityChange::RecoveryCodeUsed { left } => {
            format!("A recovery code of your account was just used. {left} are left.")
        }
        SecurityChange::SecondFactorOn => {
            "A second factor will be asked for at each sign-in to your account.".to_owned()
        }
        SecurityChange::SecondFactorOff => {
            "A second factor is not asked for any more at each sign-in to your account.".to_owned()
        }
        SecurityChange::FactorsReset => {
            "Support removed the applications, passkeys, attached cards and recovery codes of your account."
                .to_owned()
        }
        SecurityChange::MainEmailChanged { masked } => {
            format!("The e-mail of your account is now {masked}.")
        }
        SecurityChange::RescueEmailChanged { masked } => {
            format!("The rescue e-mail of your account is now {masked}.")
        }
        SecurityChange::RescueEmailRemoved => "The rescue e-mail of your account was removed.".to_owned(),
        SecurityChange::RescuePhoneChanged { masked } => {
            format!("The rescue phone of your account is now {masked}.")
        }
        SecurityChange::RescuePhoneRemoved => "The rescue phone of your account was removed.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number() -> String {
        "10xxxxxxx86".to_owned()
    }

    #[test]
    fn a_card_is_attached_and_removed_in_the_words_of_the_screens() {
        let attached = SecurityChange::CardAttached { number: number() };
        let detached = SecurityChange::CardDetached { number: number() };
        for (change, language, expected) in [
            (
                &attached,
                Language::Fr,
                "La carte professionnelle n°\u{a0}10xxxxxxx86 a été rattachée à votre compte.",
            ),
            (
                &detached,
                Language::Fr,
                "La carte professionnelle n°\u{a0}10xxxxxxx86 a été retirée de votre compte.",
            ),
            (
                &attached,
                Language::En,
                "The professional card no.\u{a0}10xxxxxxx86 was attached to your account.",
            ),
            (
                &detached,
                Language::En,
                "The professional card no.\u{a0}10xxxxxxx86 was removed from your account.",
            ),
        ] {
            assert_eq!(sentence(change, language), expected);
        }
    }

    #[test]
    fn no_line_of_french_begins_with_a_sign_or_ends_before_what_belongs_to_it() {
        let name = || "Téléphone".to_owned();
        let masked = || "jxxxxx@exemple.fr".to_owned();
        for change in [
            SecurityChange::AppAdded { name: name() },
            SecurityChange::AppRemoved { name: name() },
            SecurityChange::PasskeyAdded { name: name() },
            SecurityChange::PasskeyRemoved { name: name() },
            SecurityChange::CardAttached { number: number() },
            SecurityChange::CardDetached { number: number() },
            SecurityChange::RecoveryCodesMade,
            SecurityChange::RecoveryCodeUsed { left: 0 },
            SecurityChange::RecoveryCodeUsed { left: 3 },
            SecurityChange::SecondFactorOn,
            SecurityChange::SecondFactorOff,
            SecurityChange::FactorsReset,
            SecurityChange::MainEmailChanged { masked: masked() },
            SecurityChange::RescueEmailChanged { masked: masked() },
            SecurityChange::RescueEmailRemoved,
            SecurityChange::RescuePhoneChanged { masked: masked() },
            SecurityChange::RescuePhoneRemoved,
        ] {
            let sentence = sentence(&change, Language::Fr);
            for loose in [" :", " ;", " !", " ?", " »", "« ", "n° "] {
                assert!(!sentence.contains(loose), "«{loose}» in: {sentence}");
            }
        }
    }
}
