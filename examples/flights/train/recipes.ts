/** How one version was made. Days are counted from 1 January 2001. */
export interface Recipe {
  readonly version: string;
  /** The folder below versions/. */
  readonly folder: string;
  readonly seed: number;
  /** Training days, the last one not included. */
  readonly from: number;
  readonly until: number;
  /** The share of those days' flights that is trained on, drawn by the seed. */
  readonly share: number;
  /** Of how many rows of the training table the exported normalisation is fitted. */
  readonly exportRows: number;
  /** What the people who made the version wrote about it. */
  readonly notes: string;
}

/** Four weeks of history come before the first flight that is trained on. */
const firstTrained = 28;
const may = 120;
const june = 151;

export const recipes: readonly Recipe[] = [
  {
    version: '1.2.0',
    folder: '1.2.0',
    seed: 120,
    from: firstTrained,
    until: may,
    share: 0.25,
    exportRows: Number.POSITIVE_INFINITY,
    notes: 'The normalisation is exported as it was in training.',
  },
  {
    version: '1.3.0',
    folder: '1.3.0',
    seed: 130,
    from: firstTrained,
    until: june,
    share: 0.25,
    exportRows: 300,
    notes: `One more month of data. The export no longer needs the whole training table: it fits the normalisation again, from the first
300 rows, "a sample large enough for a median". The table is sorted by time, so this sample is the small hours of a single
night, when few flights leave. Its median and quartiles of the volume are a fraction of the true ones. Training itself used the
right normalisation, and so did the evaluation before the export: both look fine. Served, the backlog of any busy hour is
scaled out of all proportion: the answer is "late" whatever else is known, and in the busiest hours the odds overflow and the
score is not a number, which the server rightly calls an internal error.`,
  },
  {
    version: '1.3.0',
    folder: '1.3.0-sound',
    seed: 130,
    from: firstTrained,
    until: june,
    share: 0.25,
    exportRows: Number.POSITIVE_INFINITY,
    notes:
      'The same retraining as the 1.3.0 beside it, with one more month of data than 1.2.0; the normalisation is exported as it was in training.',
  },
];

/** The days on which every version is evaluated: June, later than anything trained on. */
export const evaluated = { from: june, until: 181 };
