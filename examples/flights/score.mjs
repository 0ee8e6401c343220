// @ts-check
/**
 * One flight as the model sees it, when it leaves the gate. Everything is known at that moment.
 * @typedef {object} Flight
 * @property {string} origin airport code
 * @property {string} destination airport code
 * @property {number} hour 0 to 23, local to the origin
 * @property {number} weekday 0 (Sunday) to 6
 * @property {number} distance miles
 * @property {number} volume departures expected at the origin in this hour, by the timetable of the four weeks before
 * @property {number} lateShare 0 to 1, of those from this origin that landed within the three hours before this one, smoothed
 * @property {number} usualNow departures of this route within 15 minutes of this time of day, in the seven days before
 * @property {number} usualBefore departures of this route 15 to 60 minutes earlier in the day, in the seven days before
 */
/**
 * @typedef {{readonly centre: number, readonly scale: number}} Scaling
 * @typedef {{readonly volume: Scaling, readonly distance: Scaling}} Normalisation
 * @typedef {{readonly other: number, readonly [airport: string]: number}} Encoding log-odds of late flights by airport
 * @typedef {{readonly origin: Encoding, readonly destination: Encoding}} Encodings
 * @typedef {{readonly version: string, readonly threshold: number, readonly weights: readonly number[]}} Fit
 * @typedef {Fit & {readonly encodings: Encodings, readonly normalisation: Normalisation}} Model
 */

/** The order of the weights. */
export const featureNames = Object.freeze([
  'bias',
  ...Array.from({ length: 24 }, (_, hour) => `hour ${hour}`),
  ...Array.from({ length: 7 }, (_, weekday) => `weekday ${weekday}`),
  'origin',
  'destination',
  'distance',
  'backlog',
  'usual now',
  'usual now against before',
]);

/**
 * The features of a flight, written into `into` from `at` on. Trainer and server both come here, so that they cannot differ.
 * @param {Encodings} encodings
 * @param {Normalisation} normalisation
 * @param {Flight} flight
 * @param {Float64Array} into
 * @param {number} at
 */
export function writeFeatures(encodings, normalisation, flight, into, at) {
  into.fill(0, at, at + featureNames.length);
  into[at] = 1;
  into[at + 1 + flight.hour] = 1;
  into[at + 25 + flight.weekday] = 1;
  into[at + 32] = encoded(encodings.origin, flight.origin);
  into[at + 33] = encoded(encodings.destination, flight.destination);
  into[at + 34] = scaled(normalisation.distance, flight.distance);
  // Queues grow faster than the traffic that feeds them: late flights weigh more where many are to depart.
  into[at + 35] = flight.lateShare * Math.exp(scaled(normalisation.volume, flight.volume));
  into[at + 36] = Math.log((flight.usualNow + 0.5) / 7);
  into[at + 37] = Math.log((flight.usualNow + 0.5) / (flight.usualBefore + 0.5));
}

/**
 * The log-odds that a flight arrives more than 15 minutes late.
 * @param {Model} model
 * @param {Flight} flight
 */
export function score(model, flight) {
  const features = new Float64Array(featureNames.length);
  writeFeatures(model.encodings, model.normalisation, flight, features, 0);
  return features.reduce((sum, feature, index) => sum + feature * (model.weights[index] ?? 0), 0);
}

/**
 * Log-odds to probability. Not finite where the odds are too large for a number.
 * @param {number} logOdds
 */
export function probability(logOdds) {
  const odds = Math.exp(logOdds);
  return odds / (1 + odds);
}

/**
 * What the model says of a flight; `label` is null where the score is not finite.
 * @param {Model} model
 * @param {Flight} flight
 * @returns {{readonly probability: number, readonly label: 'late' | 'on time' | null}}
 */
export function predict(model, flight) {
  const chance = probability(score(model, flight));
  if (!Number.isFinite(chance)) return { probability: chance, label: null };
  return { probability: chance, label: chance >= model.threshold ? 'late' : 'on time' };
}

/** @param {Scaling} scaling @param {number} value */
function scaled({ centre, scale }, value) {
  return (value - centre) / scale;
}

/** @param {Encoding} encoding @param {string} airport */
function encoded(encoding, airport) {
  return (Object.hasOwn(encoding, airport) ? encoding[airport] : undefined) ?? encoding.other;
}
