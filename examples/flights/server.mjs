// @ts-check
// Serves the model in the folder SOFARE_ARTIFACTS by the Open Inference Protocol V2. Every version is served by this one file.
import { createServer } from 'node:http';
import { readModel } from './artifacts.mjs';
import { flightsOf, inputs, outputs } from './inference.mjs';
import { predict } from './score.mjs';

const longestBody = 1_048_576;
const model = readModel(process.env.SOFARE_ARTIFACTS ?? '.');
let stopping = false;

const server = createServer(async (request, response) => {
  const { status, document } = await answerTo(request);
  const body = JSON.stringify(document);
  // A client that keeps its connection would otherwise learn of our end by a reset.
  if (stopping) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
});

/** @param {import('node:http').IncomingMessage} request */
async function answerTo(request) {
  const path = (request.url ?? '/').split('?', 1)[0];
  const known = request.method === 'GET' ? lookUp(path) : null;
  if (known) return { status: 200, document: known };
  if (request.method === 'POST' && path === '/v2/models/flights/infer') return infer(request);
  return { status: 404, document: { error: `nothing is at ${request.method} ${path}` } };
}

/** @param {string | undefined} path */
function lookUp(path) {
  switch (path) {
    case '/v2/health/live':
      return { live: true };
    case '/v2/health/ready':
    case '/v2/models/flights/ready':
      return { ready: true };
    case '/v2/models/flights':
      return { name: 'flights', versions: [model.version], platform: 'node_logistic-regression', inputs, outputs };
    default:
      return null;
  }
}

/** @param {import('node:http').IncomingMessage} request */
async function infer(request) {
  const body = await readBody(request);
  if (body === null) return { status: 413, document: { error: `the body is longer than ${longestBody} bytes` } };
  const asked = parsed(body);
  const read = flightsOf(asked);
  if ('error' in read) return { status: 400, document: { error: read.error } };
  const answers = read.flights.map((flight) => predict(model, flight));
  if (answers.some(({ label }) => label === null)) return { status: 500, document: { error: 'the score is not finite' } };
  const [label, chance] = outputs;
  const shape = [answers.length, 1];
  return {
    status: 200,
    document: {
      ...(typeof asked.id === 'string' ? { id: asked.id } : {}),
      model_name: 'flights',
      model_version: model.version,
      outputs: [
        { ...label, shape, data: answers.map(({ label }) => label) },
        { ...chance, shape, data: answers.map(({ probability }) => probability) },
      ],
    },
  };
}

/** Null when it is too long. @param {import('node:http').IncomingMessage} request */
async function readBody(request) {
  /** @type {Buffer[]} */
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length <= longestBody) parts.push(part);
  }
  return length > longestBody ? null : Buffer.concat(parts).toString('utf8');
}

/** @param {string} body */
function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.PORT ?? 0), process.env.SOFARE_HOST ?? '127.0.0.1', () => {
  const address = server.address();
  console.log(`flights ${model.version} listens on ${typeof address === 'object' ? address?.port : address}`);
});
process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
});
