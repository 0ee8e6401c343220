// @ts-check
import { parseArgs } from 'node:util';

export const usage = `node load.mjs --url URL --rows FILE --ledger FILE [--rate N] [--seed N] [--limit N] [--from-hour H]
  --rate N             requests a second in the busiest hour of the day, at most 200 (150)
  --seed N             fixes the ids (1)
  --limit N            ends after so many requests; otherwise the day starts over until told to stop
  --from-hour H        begins the day at this hour (0)
  --within MS          a request without an answer after this time is lost (10000)
  --labels-after MS    writes {id,label,at} to standard output so long after each answer
  --stop-with-stdin    stops when standard input ends, besides on SIGTERM`;

const mostPerSecond = 200;

/**
 * @typedef {object} Options
 * @property {string} url
 * @property {string} rows
 * @property {string} ledger
 * @property {number} rate
 * @property {number} seed
 * @property {number} limit
 * @property {number} fromHour
 * @property {number} within milliseconds
 * @property {number | null} labelsAfter milliseconds
 * @property {boolean} stopWithStdin
 */

/**
 * The options of a command line. Throws an Error that says what is wrong with it.
 * @param {readonly string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ url: text, rows: text, ledger: text, rate: text, seed: text, limit: text, within: text },
      ...{ 'from-hour': text, 'labels-after': text, 'stop-with-stdin': { type: /** @type {const} */ ('boolean') } },
    },
  });
  const { url, rows, ledger } = values;
  if (!url || !rows || !ledger) throw new Error('--url, --rows and --ledger are needed');
  if (!URL.canParse(url) || new URL(url).protocol !== 'http:') throw new Error('--url must be such as http://127.0.0.1:8080');
  return {
    url,
    rows,
    ledger,
    rate: number('rate', values.rate, 150, 0.1, mostPerSecond),
    seed: number('seed', values.seed, 1, 0, 2 ** 32 - 1),
    limit: number('limit', values.limit, Number.POSITIVE_INFINITY, 1, Number.MAX_SAFE_INTEGER),
    fromHour: number('from-hour', values['from-hour'], 0, 0, 23),
    within: number('within', values.within, 10_000, 1, 600_000),
    labelsAfter: values['labels-after'] === undefined ? null : number('labels-after', values['labels-after'], 0, 0, 600_000),
    stopWithStdin: values['stop-with-stdin'] === true,
  };
}

/** @param {string} name @param {string | undefined} given @param {number} otherwise @param {number} least @param {number} most */
function number(name, given, otherwise, least, most) {
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (given.trim() === '' || !(value >= least && value <= most))
    throw new Error(`--${name} must be a number from ${least} to ${most}`);
  return value;
}
