import { atPath } from '../model/json-path.ts';
import type { ServingPolicy } from '../model/hosting.ts';
import { accepts, ask } from './ask.ts';

const probeWithin = 2_000;
const warmAtOnce = 4;

/** Whether a copy is ready by its own word, asked once. */
export async function isReady(port: number, policy: ServingPolicy): Promise<boolean> {
  if ('tcp' in policy.readiness) return accepts(port, probeWithin);
  const answer = await ask(port, policy.readiness.http, probeWithin);
  return answer !== null && answer.status === 200;
}

/** Sends the warm-up, so that no user meets cold code and empty caches. What it answers is of no matter; whether it goes on living is. */
export async function warmUp(port: number, policy: ServingPolicy, stopped: () => boolean): Promise<void> {
  const { requests, golden } = policy.warmup;
  const path = 'http' in policy.readiness ? policy.readiness.http : '/';
  const samples = golden && golden.length > 0 ? golden : [{ method: 'GET', path, body: null }];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < requests && !stopped()) {
      const sample = samples[next % samples.length] ?? { method: 'GET', path, body: null };
      next += 1;
      await ask(port, sample.path, probeWithin, sample);
    }
  };
  await Promise.all(Array.from({ length: warmAtOnce }, one));
}

/** The version as the model itself names it; null when it does not. Asked once a copy, after it became ready. */
export async function askIdentity(port: number, policy: ServingPolicy): Promise<string | null> {
  if (!policy.identity) return null;
  const answer = await ask(port, policy.identity.http, probeWithin);
  return answer?.status === 200 ? atPath(answer.body, policy.identity.json) : null;
}
