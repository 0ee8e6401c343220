// @ts-check
import { predict, score } from './score.mjs';

/**
 * How good a model is on some rows. A score that is not finite is an error and gives no answer.
 * @typedef {object} Evaluation
 * @property {number} rows
 * @property {number} lateRate share of late flights: the wrong rate of always answering "on time"
 * @property {number} auc of the answered rows
 * @property {number} wrongRate share of wrong answers among the answered rows
 * @property {number} errorRate share of rows that get no answer
 * @property {number} answeredLate share of "late" among the answered rows
 */

/**
 * @param {import('./score.mjs').Model} model
 * @param {readonly import('./rows.mjs').Row[]} rows
 * @returns {Evaluation}
 */
export function evaluate(model, rows) {
  const judged = rows.map(({ flight, label }) => ({
    answer: predict(model, flight).label,
    logOdds: score(model, flight),
    label,
  }));
  const answered = judged.filter(({ answer }) => answer !== null);
  const share = (/** @type {number} */ part, /** @type {number} */ whole) => (whole === 0 ? Number.NaN : part / whole);
  return {
    rows: rows.length,
    lateRate: share(judged.filter(({ label }) => label === 'late').length, judged.length),
    auc: areaUnderCurve(answered),
    wrongRate: share(answered.filter(({ answer, label }) => answer !== label).length, answered.length),
    errorRate: share(judged.length - answered.length, judged.length),
    answeredLate: share(answered.filter(({ answer }) => answer === 'late').length, answered.length),
  };
}

/**
 * The chance that a late flight has a higher score than one on time (Mann and Whitney), ties counted as half.
 * @param {readonly {readonly logOdds: number, readonly label: string}[]} scored
 */
function areaUnderCurve(scored) {
  const sorted = [...scored].sort((one, other) => one.logOdds - other.logOdds);
  let [rankSum, late, first] = [0, 0, 0];
  while (first < sorted.length) {
    let next = first;
    while (next < sorted.length && sorted[next]?.logOdds === sorted[first]?.logOdds) next += 1;
    const lateOnes = sorted.slice(first, next).filter(({ label }) => label === 'late').length;
    rankSum += (lateOnes * (first + 1 + next)) / 2;
    late += lateOnes;
    first = next;
  }
  return (rankSum - (late * (late + 1)) / 2) / (late * (sorted.length - late));
}
