import { fail } from '../model/errors.ts';
import type { ModelVersion } from '../model/version.ts';
import type { Engine } from '../execute/engine.ts';
import { changeStatus } from '../registry/register.ts';

/** Marks a version as never to be deployed again. Refused while it has traffic or the pointer anywhere: roll it back first. */
export async function deprecate(
  engine: Engine,
  version: string,
  by: { readonly actor: string; readonly reason: string },
): Promise<ModelVersion> {
  const { store, service } = engine;
  return store.transaction('deprecate', async (transaction, at) => {
    const rows = await transaction
      .selectFrom('services')
      .select(['service', 'pointer', 'shares'])
      .where('model', '=', service.model)
      .execute();
    const serving = rows.find((row) => row.pointer === version || Object.hasOwn(JSON.parse(row.shares) as object, version));
    if (serving) {
      fail({
        code: 'version.status',
        what: `${version} serves ${serving.service}`,
        why: 'a version that has traffic is not deprecated, or nothing good would be in production',
        touched: 'no',
        next:
          serving.service === service.model ? `sofare rollback --model ${service.model}` : `sofare rollback ${serving.service}`,
      });
    }
    return changeStatus(transaction, service.model, version, 'deprecate', { ...by, at });
  });
}
