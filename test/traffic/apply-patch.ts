import assert from 'node:assert/strict';
import type { JsonPatchOperation } from '../../src/adapters/kit/kubernetes/kubernetes-object.ts';

type Container = Record<string, unknown> | unknown[];

/** What an API server makes of a JSON Patch (RFC 6902). Null: a test failed, and nothing is changed. */
export function applyPatch<Document>(document: Document, operations: readonly JsonPatchOperation[]): Document | null {
  const changed = structuredClone(document);
  for (const operation of operations) {
    const parts = operation.path
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = parts.pop() ?? '';
    const within = parts.reduce((inside, part) => valueAt(inside, part) as Container, changed as Container);
    if (operation.op === 'test') {
      if (!same(valueAt(within, last), operation.value)) return null;
      continue;
    }
    if (operation.op !== 'add')
      assert.notEqual(valueAt(within, last), undefined, `${operation.op} of nothing: ${operation.path}`);
    if (Array.isArray(within)) {
      const index = last === '-' ? within.length : Number(last);
      within.splice(
        index,
        operation.op === 'add' ? 0 : 1,
        ...(operation.op === 'remove' ? [] : [structuredClone(operation.value)]),
      );
    } else if (operation.op === 'remove') delete within[last];
    else within[last] = structuredClone(operation.value);
  }
  return changed;
}

function valueAt(within: Container | undefined, part: string): unknown {
  assert.ok(within !== undefined && within !== null, `nothing holds ${part}`);
  return Array.isArray(within) ? within[Number(part)] : within[part];
}

function same(one: unknown, other: unknown): boolean {
  try {
    assert.deepStrictEqual(one, other);
    return true;
  } catch {
    return false;
  }
}
