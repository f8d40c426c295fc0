/** The four portals and their words, as the guides print them. */

export interface Portal {
  name: 'neutral' | 'paca' | 'normandie' | 'aura';
  host: string;
  /** Title of the sign-in frame, columns or card. */
  heading: RegExp;
  /** The button that signs in. */
  submit: RegExp;
  /** The form of the change of password: its title and its button. */
  changeHeading: RegExp;
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
  heading: /./,
  submit: /connecter|connexion/i,
  changeHeading: /mot de passe/i,
  changeSubmit: /mot de passe|valider/i,
  asksIdentifier: false,
  padlock: false,
  support: { email: '@', phone: '' },
  passwords: PASSWORDS,
};

export const PACA: Portal = {
  name: 'paca',
  host: 'paca.localhost',
  heading: /^Se connecter$/,
  submit: /^Connexion$/,
  changeHeading: /modifier le mot de passe/i,
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
  submit: /^(Valider|Connexion|Se connecter)$/,
  changeHeading: /changement de mot de passe|changer mon mot de passe/i,
  changeSubmit: /^Valider$/,
  asksIdentifier: true,
  padlock: false,
  support: { email: 'support@normand-esante.fr', phone: '02.50.53.70.01' },
  passwords: PASSWORDS,
};

export const AURA: Portal = {
  name: 'aura',
  host: 'aura.localhost',
  heading: /./,
  submit: /^(Valider|Connexion|Se connecter)$/,
  changeHeading: /mot de passe/i,
  changeSubmit: /mot de passe|valider/i,
  asksIdentifier: false,
  padlock: false,
  support: { email: '@', phone: '' },
  passwords: PASSWORDS,
};

export const PORTALS = [NEUTRAL, PACA, NORMANDIE, AURA];

/** The demo's sample accounts. */
export const SAMPLE_PASSWORD = 'Portique#2026';
