import { hostRecord } from '../../src/adapters/record/host.ts';
import { recordContract } from '../contract/record-contract.ts';
import { service, TestHost } from '../host/fixtures/test-host.ts';

recordContract('host', async () => {
  const host = await TestHost.start('--unsupervised');
  return {
    one: hostRecord(service, host.client),
    other: hostRecord(service, host.client),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
});
