import { test } from 'node:test';
import { changes, everyWriteFails } from '../../fixtures/disk/registry-sweep.ts';

for (const change of changes) {
  test(`${change.name} survives a disk that is full from any one write on`, async (context) => {
    const calls = await everyWriteFails(change, { error: 'ENOSPC', lasts: 'stays', calls: 'wn' });
    context.diagnostic(`${calls} calls`);
  });
}
