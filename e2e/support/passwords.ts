/** Passwords made up from a seed: the same ones at each run, odd enough to part two readings of a rule. */

const PIECES = [
  ...'abcxyzABCXYZ0189',
  ...'@#&_*%!?-\\/"\'<>',
  ' ',
  '\u00a0',
  'é',
  'É',
  'ç',
  'ß',
  'ñ',
  // Letters with a combining accent: two code points, or one once composed.
  'e\u0301',
  'E\u0300',
  'c\u0327',
  'n\u0303',
  // One that has no composed form, and one that composes to two.
  'q\u0301',
  'o\u0302\u0301',
  // A titlecase letter, other scripts' letters and digits, a sign that is not one.
  '\u01c5',
  'λ',
  'Ж',
  '字',
  '\u0663',
  '²',
  'Ⅷ',
  'ª',
  '€',
  '👩\u200d⚕\ufe0f',
  'ﬁ',
  'K',
];

/** A small generator (mulberry32): a fixed seed gives the same passwords everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` passwords of 1 to 24 pieces. */
export function seededPasswords(count: number, seed: number): string[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => {
    const length = 1 + Math.floor(random() * 24);
    return Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)]).join('');
  });
}
