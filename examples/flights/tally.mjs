// @ts-check
/**
 * @typedef {import('./replay/replay.mjs').Entry} Entry
 * @typedef {{readonly at: number, readonly event: string, readonly copy?: string}} HostEvent
 */
/**
 * What became of the requests of a run.
 * @typedef {object} Tally
 * @property {number} requests
 * @property {number} failed errors (5xx) answered by a model
 * @property {number} lost no whole answer, a reset, or an error made by the proxy
 * @property {number} servedByUnready by a copy that, when the request was sent, had not passed readiness or had been told to stop
 */

/**
 * The tally of a ledger and the host's event log, both as texts of JSON lines. A line that a killed writer left unfinished
 * at the end is left out; any other line that is no JSON throws an Error.
 * @param {string} ledger
 * @param {string} events
 * @returns {Tally}
 */
export function tally(ledger, events) {
  /** @type {Entry[]} */
  const entries = linesOf(ledger, 'the ledger').filter(({ end }) => end !== true);
  const histories = historiesOf(linesOf(events, 'the event log'));
  return {
    requests: entries.length,
    failed: entries.filter(isFailed).length,
    lost: entries.filter(isLost).length,
    servedByUnready: entries.filter((entry) => !isLost(entry) && !wasServing(histories.get(entry.instance ?? ''), entry.sent))
      .length,
  };
}

/** An error that a model answered. @param {Pick<Entry, 'status' | 'origin'>} entry */
export function isFailed({ status, origin }) {
  return status !== null && status >= 500 && origin !== 'proxy';
}

/** A request that no model answered in whole. @param {Pick<Entry, 'status' | 'origin'>} entry */
export function isLost({ status, origin }) {
  return status === null || origin === 'proxy';
}

/**
 * Whether a copy was known to be ready at a moment. In doubt it was not: a copy that the log does not name counts against us.
 * @param {readonly HostEvent[] | undefined} history
 * @param {number} at
 */
function wasServing(history, at) {
  let [passed, serving] = [false, false];
  for (const { event } of (history ?? []).filter((one) => one.at <= at)) {
    if (event === 'ready') passed = true;
    // A host that starts again takes a copy back as it was: one that had passed readiness serves on.
    if (event === 'ready' || (event === 'adopted' && passed)) serving = true;
    if (event === 'unready') serving = false;
    if (event === 'told-to-stop' || event === 'exited') return false;
  }
  return serving;
}

/** @param {readonly HostEvent[]} events */
function historiesOf(events) {
  /** @type {Map<string, HostEvent[]>} */
  const histories = new Map();
  for (const event of events) {
    if (event.copy === undefined) continue;
    const history = histories.get(event.copy);
    if (history) history.push(event);
    else histories.set(event.copy, [event]);
  }
  return histories;
}

/** @param {string} text @param {string} what @returns {any[]} */
function linesOf(text, what) {
  const lines = text.split('\n');
  const unfinished = lines.length - 1;
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line)];
    } catch {
      if (index === unfinished) return [];
      throw new Error(`line ${index + 1} of ${what} is no JSON`);
    }
  });
}
