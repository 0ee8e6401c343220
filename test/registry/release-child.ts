import { noFailpoints } from '../../src/ports/failpoints.ts';
import { createRelease } from '../../src/registry/create-release.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { settableClock } from '../contract/store-fixture.ts';
import { bundleOf } from './fixture.ts';

/** Makes patch releases, one transaction each. */
const [file = '', name = '', times = '0'] = process.argv.slice(2);
const store = await openSqlite({ file, readOnly: false, clock: settableClock(), failpoints: noFailpoints });
for (let done = 0; done < Number(times); done += 1) {
  const request = { model: 'fraud', bump: 'patch', bundle: bundleOf(`${name}${done}`), actor: name, reason: 'trained' } as const;
  await store.transaction('release', (tx) => createRelease(tx, request, done));
}
await store.close();
