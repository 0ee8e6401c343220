import { test } from 'node:test';
import { changes, everyWriteFails } from '../../fixtures/disk/registry-sweep.ts';

for (const change of changes) {
  test(`${change.name} survives a disk that fails at any one write, and stops where it cannot be made durable`, async (context) => {
    const calls = await everyWriteFails(change, { error: 'EIO', lasts: 'once', calls: 'wsnr' });
    context.diagnostic(`${calls} calls`);
  });
}
