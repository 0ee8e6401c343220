import { processTarget } from '../../src/adapters/target/process.ts';
import type { HostServing } from '../../src/model/service.ts';
import { targetContract } from '../contract/target-contract.ts';
import { fakeService } from '../fixtures/fake-engine.ts';
import { modelServer, service, TestHost } from '../host/fixtures/test-host.ts';
import { sampleVersion } from './sample-versions.ts';

const usual = fakeService.serving as HostServing;

targetContract('process', async () => {
  const host = await TestHost.start('--unsupervised');
  const serving: HostServing = {
    ...usual,
    target: { ...usual.target, command: [process.execPath, modelServer], directory: host.directory, readyWithin: 30_000 },
    identity: null,
  };
  return {
    target: processTarget({ ...fakeService, name: service, model: 'm', serving }, serving, host.client),
    version: (version) => sampleVersion(version, { environment: { VERSION: version } }),
    hopeless: (version) => sampleVersion(version, { environment: { BEHAVIOUR: 'exit' } }),
    route: (weights) => host.route(weights),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
});
