/** The four portals and their words, as the guides print them. */

export interface Portal {
  name: 'neutral' | 'paca' | 'normandie' | 'aura';
  host: string;
  /** Title of the sign-in frame, columns or card. */
  heading: RegExp;
  /** The button that signs in. */
  submit: RegExp;
  /** What leads to the change of password, at the foot of «Mon compte»; and the form's button. */
  changeEntry: RegExp;
  changeSubmit: RegExp;
  /** Whether the change asks for the identifier («Votre identifiant *»). */
  asksIdentifier: boolean;
  /** Whether a padlock beside the name leads to the change. */
  padlock: boolean;
  support: { email: string; phone: string };
  /** A password that this portal's policy and blocklist accept, and another one. */
  passwords: [string, string];
}

// Long enough for the neutral policy, with every kind of character for the others.
const PASSWORDS: [string, string] = ['Lanterne-49#Quai', 'Verger_72@Brumeux'];

export const NEUTRAL: Portal = {
  name: 'neutral',
  host: 'localhost',
  heading: /^Connexion$/,
  submit: /^Se connecter$/,
  changeEntry: /^Changer mon mot de passe$/,
  changeSubmit: /^Changer le mot de passe$/,
  asksIdentifier: false,
  padlock: false,
  support: { email: 'assistance@portique.example', phone: '01 99 00 12 34' },
  passwords: PASSWORDS,
};

export const PACA: Portal = {
  name: 'paca',
  host: 'paca.localhost',
  heading: /^Se connecter$/,
  submit: /^Connexion$/,
  changeEntry: /^Modifier le mot de passe$/,
  changeSubmit: /^Modifier le mot de passe$/,
  asksIdentifier: false,
  padlock: true,
  support: { email: 'ror@ies-sud.fr', phone: '04 98 080 080' },
  passwords: PASSWORDS,
};

export const NORMANDIE: Portal = {
  name: 'normandie',
  host: 'normandie.localhost',
  heading: /^Je me connecte$/,
  submit: /^Valider$/,
  changeEntry: /^CHANGER MON MOT DE PASSE$/,
  changeSubmit: /^Valider$/,
  asksIdentifier: true,
  padlock: false,
  support: { email: 'support@normand-esante.fr', phone: '02.50.53.70.01' },
  passwords: PASSWORDS,
};

export const AURA: Portal = {
  name: 'aura',
  host: 'aura.localhost',
  heading: /^Connexion$/,
  submit: /^Connexion$/,
  changeEntry: /^Changer mon mot de passe$/,
  changeSubmit: /^Valider$/,
  asksIdentifier: false,
  padlock: false,
  support: { email: 'assistance@sante-ra.fr', phone: '04 65 71 00 00' },
  passwords: PASSWORDS,
};

export const PORTALS = [NEUTRAL, PACA, NORMANDIE, AURA];

/** The digits of a number, which pages and mails group each in their way. */
export function digits(text: string): string {
  return text.replace(/\D/g, '');
}

/** The password of the demo's sample accounts. */
export const SAMPLE_PASSWORD = 'Portique#2026';
