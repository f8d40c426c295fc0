use portique_shared::Language;
use portique_shared::api::second_step::{CodeFactor, Destination, DestinationView, SecondStepView};

use super::Shown;
use crate::locales::{Text, second_step};

/// One way to take the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Passkey,
    App,
    Sent(DestinationView),
    RecoveryCode,
}

impl Way {
    /// Those of one sign-in, in the order in which they are shown: what is at hand, then what has to be waited for, then what is
    /// kept for the day when nothing else is left. `passkeys`: whether this browser knows what a passkey is.
    pub(super) fn all(view: &SecondStepView, passkeys: bool) -> Vec<Self> {
        let passkey = (view.passkey && passkeys).then_some(Self::Passkey);
        let app = view.app.then_some(Self::App);
        let sent = view.destinations.iter().cloned().map(Self::Sent);
        let recovery = view.recovery_code.then_some(Self::RecoveryCode);
        passkey
            .into_iter()
            .chain(app)
            .chain(sent)
            .chain(recovery)
            .collect()
    }

    /// What a person sees who has chosen nothing, where nothing was sent yet.
    pub(super) fn first_shown(ways: &[Self]) -> Shown {
        match ways.first() {
            None => Shown::NoWay,
            Some(Self::Passkey) => Shown::Passkey,
            Some(Self::App) => Shown::Typed(CodeFactor::App),
            Some(Self::RecoveryCode) => Shown::Typed(CodeFactor::RecoveryCode),
            // Nothing leaves unasked where there is a choice.
            Some(Self::Sent(_)) => Shown::Choice,
        }
    }

    /// Where the day's SMS are spent: the mail, which costs nothing, or else whatever needs no SMS.
    pub(super) fn instead_of_sms(ways: &[Self]) -> Option<usize> {
        ways.iter()
            .position(Self::is_by_mail)
            .or_else(|| ways.iter().position(|way| !way.is_by_sms()))
    }

    pub(super) fn is_by_mail(&self) -> bool {
        matches!(self, Self::Sent(_)) && !self.is_by_sms()
    }

    fn is_by_sms(&self) -> bool {
        matches!(self, Self::Sent(place) if place.kind == Destination::RescuePhone)
    }

    pub(super) fn words(&self, language: Language) -> String {
        match self {
            Self::Passkey => second_step(language).by_passkey.to_owned(),
            Self::Sent(place) => destination(language, place),
            Self::App => second_step(language).by_app.to_owned(),
            Self::RecoveryCode => second_step(language).by_recovery_code.to_owned(),
        }
    }

    /// What the screen is called on which `ways` are chosen from. `proof`: whether the person is signed in already.
    pub(super) fn choice_title(ways: &[Self], proof: bool) -> Text {
        let all_sent = ways.iter().all(|way| matches!(way, Self::Sent(_)));
        match (all_sent, proof) {
            (true, false) => Text::Word(|l| second_step(l).get_code_title),
            (true, true) => Text::Word(|l| second_step(l).get_proof_code_title),
            (false, _) => Text::Word(|l| second_step(l).choice_title),
        }
    }
}

/// «Email : exxxxxx@oxxx.fr (e-mail de secours)».
pub(super) fn destination(language: Language, place: &DestinationView) -> String {
    let words = second_step(language);
    let (means, which) = match place.kind {
        Destination::Email => (words.by_email, None),
        Destination::RescueEmail => (words.by_email, Some(words.rescue_email)),
        Destination::RescuePhone => (words.by_sms, Some(words.rescue_phone)),
    };
    let colon = match language {
        Language::Fr => "\u{a0}: ",
        Language::En => ": ",
    };
    let which = which.map(|which| [" (", which, ")"].concat()).unwrap_or_default();
    [means, colon, &place.masked, &which].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(kind: Destination) -> DestinationView {
        let masked = match kind {
            Destination::RescuePhone => "06 xx xx xx 78",
            Destination::Email | Destination::RescueEmail => "exxxxxx@oxxx.fr",
        };
        DestinationView {
            kind,
            masked: masked.to_owned(),
        }
    }

    /// Somebody who has everything.
    fn rich() -> SecondStepView {
        SecondStepView {
            destinations: vec![place(Destination::RescueEmail), place(Destination::RescuePhone)],
            app: true,
            passkey: true,
            recovery_code: true,
            proof: false,
            no_sms: None,
            sent: None,
            expires_in: 900,
            remember_hours: None,
        }
    }

    fn sent(kind: Destination) -> Way {
        Way::Sent(place(kind))
    }

    #[test]
    fn what_is_at_hand_comes_before_what_is_sent_and_the_recovery_codes_come_last() {
        let all = Way::all(&rich(), true);
        assert_eq!(
            all,
            [
                Way::Passkey,
                Way::App,
                sent(Destination::RescueEmail),
                sent(Destination::RescuePhone),
                Way::RecoveryCode,
            ]
        );
        assert_eq!(Way::first_shown(&all), Shown::Passkey);
    }

    #[test]
    fn a_browser_that_knows_no_passkeys_is_offered_none() {
        let all = Way::all(&rich(), false);
        assert_eq!(all.first(), Some(&Way::App));
        assert_eq!(Way::first_shown(&all), Shown::Typed(CodeFactor::App));
        let only_a_passkey = SecondStepView {
            destinations: Vec::new(),
            app: false,
            recovery_code: false,
            ..rich()
        };
        assert_eq!(Way::first_shown(&Way::all(&only_a_passkey, false)), Shown::NoWay);
    }

    #[test]
    fn no_code_is_sent_before_the_person_says_where() {
        let view = SecondStepView {
            app: false,
            passkey: false,
            ..rich()
        };
        assert_eq!(Way::first_shown(&Way::all(&view, true)), Shown::Choice);
    }

    #[test]
    fn recovery_codes_are_asked_for_at_once_where_nothing_else_is_left() {
        let view = SecondStepView {
            destinations: Vec::new(),
            app: false,
            passkey: false,
            ..rich()
        };
        assert_eq!(
            Way::first_shown(&Way::all(&view, true)),
            Shown::Typed(CodeFactor::RecoveryCode)
        );
    }

    #[test]
    fn where_the_days_sms_are_spent_the_mail_comes_next_and_else_what_needs_no_sms() {
        let phone = sent(Destination::RescuePhone);
        let mail = sent(Destination::Email);
        assert_eq!(
            Way::instead_of_sms(&[Way::App, phone.clone(), mail.clone()]),
            Some(2)
        );
        assert_eq!(Way::instead_of_sms(&[phone.clone(), Way::RecoveryCode]), Some(1));
        assert_eq!(Way::instead_of_sms(std::slice::from_ref(&phone)), None);
        assert!(mail.is_by_mail());
        assert!(!phone.is_by_mail());
    }

    #[test]
    fn who_is_signed_in_already_is_offered_no_code_to_sign_in() {
        let title = |ways: &[Way], proof| Way::choice_title(ways, proof).get(Language::En).to_owned();
        let sent = [sent(Destination::Email), sent(Destination::RescuePhone)];
        assert_eq!(title(&sent, false), "Get a sign-in code");
        assert_eq!(title(&sent, true), "Get a confirmation code");
        let mixed = [Way::App, sent[0].clone()];
        assert_eq!(title(&mixed, true), title(&mixed, false));
    }

    #[test]
    fn a_destination_reads_as_the_guide_writes_it() {
        assert_eq!(
            destination(Language::Fr, &place(Destination::RescueEmail)),
            "Email\u{a0}: exxxxxx@oxxx.fr (e\u{2011}mail de secours)"
        );
        assert_eq!(
            destination(Language::En, &place(Destination::RescuePhone)),
            "Text message: 06 xx xx xx 78 (rescue phone)"
        );
    }
}
