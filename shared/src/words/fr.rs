use super::ShellWords;

pub(super) const WORDS: ShellWords = ShellWords {
    skip_to_content: "Aller au contenu",
    demo: "Démonstration\u{a0}: les personnes sont fictives et aucun message ne part.",
    demo_mailbox: "Lire les messages",
    promise: "Vos services numériques de santé, derrière une seule porte.",
    identifier: "Identifiant",
    password: "Mot de passe",
    show_password: "Afficher le mot de passe",
    passkey: "Se connecter avec une clé d’accès",
    support: "Assistance",
    about: "À propos",
    language: "Langue",
    loading: "Chargement…",
    no_script: "Cette page a besoin de JavaScript. Activez-le dans votre navigateur, ou contactez l’assistance.",
};
