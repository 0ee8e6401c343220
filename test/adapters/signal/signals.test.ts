import { prometheusSignal } from '../../../src/adapters/signal/prometheus-signal.ts';
import { signalContract, tellsByProxy } from '../../contract/signal-contract.ts';
import { sourceOf } from '../../fixtures/prometheus-source.ts';
import { scrape } from '../../fixtures/scraped-series.ts';
import { type Series, StandingInPrometheus } from '../../fixtures/standing-in-prometheus.ts';
import { service } from '../../host/fixtures/test-host.ts';

signalContract('the local proxy', tellsByProxy);

// A real Prometheus keeps the same contract in the real tier.
signalContract('Prometheus, a stand-in', async (_host, metrics) => {
  const server = new StandingInPrometheus();
  const address = await server.start();
  let scraped: readonly Series[] = [];
  server.series = async () => {
    // The first query of a look has no moment yet: all others are of the scrape before it.
    if (server.asked.at(-1)?.time === null) scraped = await scrape(metrics, 'host:1');
    return scraped;
  };
  return {
    signal: prometheusSignal(sourceOf(address, service)),
    gone: () => server[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});
