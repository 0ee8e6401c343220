// @ts-check
import { request } from 'node:http';

/**
 * What became of one request. No whole answer: `status` is null and `error` says why; the headers are kept if they came.
 * @typedef {object} Outcome
 * @property {number | null} status
 * @property {string | null} version
 * @property {string | null} instance
 * @property {string | null} origin
 * @property {string | null} error
 * @property {string | null} answer `outputs[0].data[0]`
 */

/**
 * Sends one request, once. Also one whose idle connection turns out to be closed is not sent again: it is lost.
 * @param {import('node:http').Agent} agent
 * @param {URL} url
 * @param {{readonly id: string, readonly body: string, readonly within: number}} asked `within` in milliseconds
 * @returns {Promise<Outcome>}
 */
export function send(agent, url, { id, body, within }) {
  return new Promise((resolve) => {
    let [version, instance, origin] = /** @type {(string | null)[]} */ ([null, null, null]);
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${within} ms`)), within);
    /** @param {Pick<Outcome, 'status' | 'error' | 'answer'>} ending */
    const ended = (ending) => {
      clearTimeout(timer);
      resolve({ ...ending, version: version ?? null, instance: instance ?? null, origin: origin ?? null });
    };
    const lost = (/** @type {Error} */ error) => ended({ status: null, error: error.message || error.name, answer: null });
    const headers = { 'x-request-id': id, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      [version, instance, origin] = ['x-sofare-version', 'x-sofare-instance', 'x-sofare-origin'].map((name) =>
        textOf(response.headers[name]),
      );
      /** @type {Buffer[]} */
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', lost);
      response.on('end', () =>
        ended({ status: response.statusCode ?? null, error: null, answer: answerIn(Buffer.concat(parts)) }),
      );
    });
    sent.on('error', lost);
    sent.end(body);
  });
}

/** @param {Buffer} body */
function answerIn(body) {
  try {
    const answer = JSON.parse(body.toString('utf8')).outputs[0].data[0];
    return typeof answer === 'string' ? answer : null;
  } catch {
    return null;
  }
}

/** @param {string | string[] | undefined} header */
function textOf(header) {
  return typeof header === 'string' ? header : null;
}
