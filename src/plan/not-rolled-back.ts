import type { Service } from '../model/service.ts';

/** What no rollback of ours brings back. Part of every plan, so that nobody learns it afterwards. */
export function notRolledBack(service: Service, breaking: readonly string[]): readonly string[] {
  const lines = service.serving
    ? [
        'data that the version left has written',
        'what clients have cached',
        service.serving.cluster
          ? 'Secrets that were changed since: none is ever read, stored or restored'
          : 'secrets that were rotated since',
        'schema changes that cannot be undone',
      ]
    : ['anything that serves: only the pointer of this registry moves'];
  return [...breaking.map((change) => `breaking change of the version left: ${change}`), ...lines];
}
