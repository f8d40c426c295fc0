use super::SessionsWords;

pub(super) const SESSIONS: SessionsWords = SessionsWords {
    title: "Mes sessions",
    intro: "Les navigateurs où votre compte est ouvert en ce moment. Si vous n’en reconnaissez pas un, mettez-y fin et changez votre mot de passe.",
    current: "Cette session",
    unknown_browser: "Navigateur inconnu",
    on: " sur ",
    last_used: "Dernière utilisation le",
    started: "Connexion le",
    local: "Réseau local",
    address: "Adresse",
    nowhere: "Lieu inconnu",
    end: "Mettre fin à cette session",
    end_others: "Mettre fin aux autres sessions",
    ended: "Cette session est terminée.",
    others_ended: "Les autres sessions sont terminées.",
    browsers: "Postes mémorisés",
    browsers_intro: "Sur ces postes, votre mot de passe suffit\u{a0}: aucun code ne vous est demandé. Mettre fin aux autres sessions les oublie aussi.",
    current_browser: "Ce poste",
    until: "Mémorisé jusqu’au",
    forget: "Oublier",
    forgotten: "Ce poste est oublié\u{a0}: un code y sera demandé à la prochaine connexion.",
};
