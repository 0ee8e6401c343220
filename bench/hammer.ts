import { Agent, request } from 'node:http';

/** Sends requests one after the other on each of N kept connections for a few seconds; prints what it saw as JSON. */
const [url = '', connections = '1'] = process.argv.slice(2);
const warm = 1_000;
const lasts = 4_000;
const latencies: number[] = [];
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const began = performance.now();
const over = (): boolean => performance.now() - began > warm + lasts;

await Promise.all(Array.from({ length: Number(connections) }, one));
process.stdout.write(JSON.stringify({ perSecond: latencies.length / (lasts / 1_000), latencies }));

async function one(): Promise<void> {
  while (!over()) {
    const sent = performance.now();
    await ask();
    if (sent - began > warm) latencies.push(performance.now() - sent);
  }
}

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    request(`${url}/v2/models/fraud/infer`, { agent }, (response) => {
      response.resume().once('end', resolve);
    })
      .once('error', reject)
      .end();
  });
}
