/** The rules of the journal, as ARCHITECTURE.md names them: each must be broken by at least two mutants. */
export const journalRules = [
  'lane',
  'fence',
  'record',
  'step',
  'resume',
  'no-reverse',
  'owner',
  'break-glass',
  'failpoints',
  'durability',
] as const;

/** What a mutant may break beside them. */
export const otherRules = ['tasks', 'choice', 'promise 1', 'promise 2', 'promise 7', 'promise 10'] as const;
