import { proxyTraffic } from '../../src/adapters/traffic/proxy.ts';
import { type Routed, trafficContract } from '../contract/traffic-contract.ts';
import { fakeService } from '../fixtures/fake-engine.ts';
import { send } from '../host/fixtures/send.ts';
import { service, TestHost } from '../host/fixtures/test-host.ts';

/** Enough that a version with a tenth of the traffic answers one of them, but for one case in 10^9. */
const requests = 200;

trafficContract('proxy', async (): Promise<Routed> => {
  const host = await TestHost.start('--unsupervised');
  const { address } = await host.serve([host.version('1.0.0'), host.version('1.1.0')]);
  await host.want([host.version('2.0.0', { BEHAVIOUR: 'never-ready' })]);
  return {
    traffic: proxyTraffic({ ...fakeService, name: service }, host.client).traffic,
    reached: async () => {
      const seen = new Set<string>();
      for (let sent = 0; sent < requests; sent += 100) {
        const answers = await Promise.all(
          Array.from({ length: 100 }, (_, index) =>
            send(`${address}/v2/models/m/infer`, { headers: { 'x-request-id': `id-${sent + index}` } }),
          ),
        );
        for (const { headers } of answers) seen.add(String(headers['x-sofare-version']));
      }
      return [...seen];
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
});
