use super::{CardWords, Told};

/// Browsers keep for the rest of their visit which certificate was chosen on a host, and that none was.
const RESTART: &str = "Si le navigateur ne vous demande plus rien, fermez-en toutes les fenêtres puis rouvrez-le\u{a0}: il retient votre choix précédent.";
const SUPPORT: &str =
    "Si cela se répète, appelez l’assistance, dont les coordonnées sont au bas de cette page.";

pub(super) const CARD: CardWords = CardWords {
    sign_in_title: "Connexion par carte CPS",
    proof_title: "Confirmer mon identité par carte CPS",
    attach_title: "Rattacher ma carte CPS",
    sign_in_intro: "Votre carte vous connecte sans identifiant ni mot de passe.",
    proof_intro: "Votre carte prouve que c’est bien vous, sans mot de passe.",
    attach_intro: "Une fois rattachée, votre carte ouvrira votre compte sur ce portail.",
    steps: &[
        "Insérez votre carte dans le lecteur.",
        "Quand le navigateur le demande, choisissez votre certificat d’authentification.",
        "Saisissez le code confidentiel de votre carte.",
    ],
    asking: "Votre navigateur demande votre carte…",
    reading: "Lecture de votre carte…",
    retry: "Réessayer",
    sign_in_otherwise: "Me connecter autrement",
    prove_otherwise: "Utiliser mon mot de passe",
    back_to_security: "Retour à la page «\u{a0}Sécurité\u{a0}»",
    what_to_do: "Que faire\u{a0}?",
    meanwhile_sign_in: "En attendant, connectez-vous autrement.",
    meanwhile_prove: "En attendant, confirmez votre identité autrement.",
    number: "Numéro lu sur la carte\u{a0}:",
    samples: "Démonstration\u{a0}: cartes d’essai à importer",
    attached_title: "Votre carte est rattachée",
    attached: "Elle ouvre désormais votre compte. Vous pouvez la retirer à tout moment à la page «\u{a0}Sécurité\u{a0}».",

    not_read: Told {
        title: "Votre carte n’a pas pu être lue",
        what: "Le navigateur est revenu sans carte\u{a0}: elle n’était pas dans le lecteur, la fenêtre a été fermée, ou le poste n’est pas équipé.",
        mend: &[
            "Vérifiez que la carte est bien insérée et que le voyant du lecteur est allumé.",
            "Vérifiez que le logiciel du lecteur et de la carte (Cryptolib CPS) est installé et démarré.",
            "Essayez avec un autre navigateur de ce poste.",
            RESTART,
        ],
    },
    not_presented: Told {
        title: "Aucune carte n’a été présentée",
        what: "La carte n’était pas dans le lecteur, ou la fenêtre qui demande le certificat a été fermée sans choix.",
        mend: &[
            "Insérez votre carte, attendez que le lecteur l’ait reconnue, puis réessayez.",
            "Choisissez votre certificat d’authentification et saisissez votre code confidentiel.",
            RESTART,
        ],
    },
    expired: Told {
        title: "Votre carte n’est pas en cours de validité",
        what: "La date de fin de validité de son certificat est passée, ou sa validité n’a pas encore commencé.",
        mend: &[
            "Si vous avez reçu une nouvelle carte, utilisez celle-ci.",
            "Sinon, demandez le renouvellement de votre carte à l’Agence du Numérique en Santé.",
        ],
    },
    revoked: Told {
        title: "Votre carte a été révoquée",
        what: "Elle a été déclarée perdue ou volée, remplacée, ou annulée par l’organisme qui l’a émise.",
        mend: &[
            "Si vous avez reçu une nouvelle carte, utilisez celle-ci.",
            "Sinon, renseignez-vous auprès de l’Agence du Numérique en Santé.",
        ],
    },
    unknown: Told {
        title: "Aucun compte ne s’ouvre avec cette carte",
        what: "Votre carte est valable, mais elle n’ouvre aucun compte sur ce portail.",
        mend: &[
            "Si vous avez un compte, connectez-vous autrement et rattachez-lui votre carte à la page «\u{a0}Sécurité\u{a0}» de «\u{a0}Mon compte\u{a0}».",
            "Sinon, appelez l’assistance, dont les coordonnées sont au bas de cette page, et donnez-lui le numéro ci-dessus.",
        ],
    },
    wrong_usage: Told {
        title: "Ce n’est pas le bon certificat",
        what: "Votre carte en contient deux\u{a0}: celui qui a été choisi sert à signer des documents, pas à se connecter.",
        mend: &[
            "Réessayez et choisissez l’autre certificat, celui d’authentification.",
            RESTART,
        ],
    },
    contactless: Told {
        title: "La carte a été lue sans contact",
        what: "Sans contact, aucun code n’est demandé\u{a0}: cela ne prouve pas que c’est bien vous.",
        mend: &[
            "Insérez la carte dans le lecteur au lieu de la poser dessus, puis réessayez.",
            RESTART,
        ],
    },
    organisation: Told {
        title: "Ce certificat est celui d’un établissement",
        what: "Il désigne une structure ou un serveur, et aucune personne\u{a0}: il n’ouvre pas de compte.",
        mend: &[
            "Utilisez votre carte personnelle de professionnel, puis choisissez son certificat.",
            RESTART,
        ],
    },
    test: Told {
        title: "Cette carte est une carte de test",
        what: "Ce portail n’accepte que les cartes réelles.",
        mend: &["Utilisez votre carte de professionnel.", RESTART],
    },
    unknown_authority: Told {
        title: "Ce certificat n’est pas celui d’une carte CPS",
        what: "Il n’a été émis par aucune des autorités que ce portail reconnaît.",
        mend: &[
            "Réessayez et choisissez le certificat d’authentification de votre carte.",
            RESTART,
            SUPPORT,
        ],
    },
    unreadable: Told {
        title: "Le certificat présenté ne peut pas être accepté",
        what: "Il est incomplet, mal formé, ou trop faible pour prouver qui vous êtes.",
        mend: &[
            "Retirez la carte, insérez-la de nouveau, puis réessayez.",
            RESTART,
            SUPPORT,
        ],
    },
    of_another: Told {
        title: "Cette carte n’est pas la vôtre",
        what: "Elle porte le numéro d’une autre personne que celle qui est connectée ici.",
        mend: &[
            "Insérez votre propre carte, puis réessayez.",
            "Si cette session n’est pas la vôtre, déconnectez-la.",
            RESTART,
        ],
    },
    not_of_the_record: Told {
        title: "Cette carte ne porte pas votre numéro",
        what: "Elle porte un autre numéro national que celui de votre fiche\u{a0}: elle ne peut pas être rattachée à votre compte.",
        mend: &["Insérez votre propre carte, puis réessayez.", RESTART, SUPPORT],
    },
    taken: Told {
        title: "Cette carte ouvre déjà un autre compte",
        what: "Un autre compte de ce portail porte ce numéro, ou cette carte lui est rattachée.",
        mend: &[
            "Si vous avez deux comptes, retirez d’abord la carte de l’autre.",
            "Sinon, appelez l’assistance, dont les coordonnées sont au bas de cette page.",
        ],
    },
    ceremony_ended: Told {
        title: "Le délai est passé",
        what: "La carte doit être lue dans les cinq minutes, et dans le navigateur où vous avez commencé.",
        mend: &["Recommencez\u{a0}: rien n’est perdu."],
    },
    unverifiable: Told {
        title: "Votre carte ne peut pas être vérifiée en ce moment",
        what: "Le service qui dit si une carte a été révoquée ne répond pas. Votre carte n’est pas en cause.",
        mend: &["Réessayez dans quelques minutes.", SUPPORT],
    },

    title: "Carte CPS",
    intro: "Votre carte de professionnel vous connecte avec son code confidentiel, sans identifiant ni mot de passe.",
    by_record: "La carte qui porte le numéro de votre fiche vous connecte déjà, sans être rattachée.",
    none_yet: "Aucune carte rattachée pour l’instant.",
    attach: "Rattacher ma carte",
    attached_on: "Rattachée le",
    detached: "La carte n’est plus rattachée à votre compte. Si elle porte le numéro de votre fiche, elle l’ouvre encore\u{a0}: perdue ou volée, faites-la révoquer.",
    proof_intro_short: "Ou prouvez-le par votre carte, sans mot de passe ni code.",
    prove_by_card: "Utiliser ma carte CPS",
};
