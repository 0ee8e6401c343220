import { exit, fail } from '../../model/errors.ts';
import type { Artifact } from '../../model/version.ts';
import { emptyBundle } from '../../registry/bundle.ts';
import { registerVersion } from '../../registry/register.ts';
import { parseVersion } from '../../registry/semver.ts';
import { listOf, numbersOf, pairsOf, textOf } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';
import { isVersion } from '../versions.ts';

export const run: Run = async (terminal, globals, [words], options) => {
  const given = listOf(words);
  const named = given.length > 1 && !isVersion(given[0] ?? '') && isVersion(given[1] ?? '');
  const [version = '', ...paths] = named ? given.slice(1) : given;
  parseVersion(version);
  const reference = referenced(options);
  if (paths.length === 0 && !reference && options['image'] === undefined) {
    fail({
      code: 'usage',
      what: `nothing to register as ${version}`,
      why: 'a version has files, a reference (--uri, --digest, --size) or an image',
      touched: 'no',
      next: `sofare register ${version} ./model`,
    });
  }
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, named ? (given[0] ?? null) : null, { purpose: 'register' });
  const { engine } = session;
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, { ...options, yes: true }, 'register');
  const stored = paths.length === 0 ? [] : await engine.artifacts.put(paths);
  const bundle = {
    ...emptyBundle,
    artifacts: reference ? [...stored, reference] : stored,
    image: textOf(options['image']),
    configuration: pairsOf(options['configuration']),
    environment: pairsOf(options['environment']),
    migrations: listOf(options['migration']),
  };
  const registration = {
    model: engine.service.model,
    version,
    draft: options['draft'] === true,
    bundle,
    metrics: numbersOf(options['metric']),
    parameters: pairsOf(options['parameter']),
    run: textOf(options['run']),
    changelog: textOf(options['changelog']) ?? '',
    breakingChanges: listOf(options['breaking']),
    actor,
    reason,
  };
  const registered = await engine.store.transaction('register', (transaction, at) =>
    registerVersion(transaction, registration, at),
  );
  screen.version(
    registered.version,
    registered.created
      ? `${version} is registered as a ${registered.version.status}`
      : `${version} was registered before with the same content`,
  );
  return exit.done;
};

function referenced(options: Readonly<Record<string, unknown>>): Artifact | null {
  const [uri, digest, size] = [textOf(options['uri']), textOf(options['digest']), textOf(options['size'])];
  if (uri === null && digest === null && size === null) return null;
  if (uri !== null && digest !== null && size !== null && Number.isSafeInteger(Number(size)) && Number(size) >= 0) {
    return { kind: 'referenced', uri, digest, size: Number(size) };
  }
  return fail({
    code: 'usage',
    what: 'a reference needs --uri, --digest and --size',
    why: 'bytes that are never copied are pinned by where they are, what they are and how many',
    touched: 'no',
    next: 'sofare register 1.2.0 --uri s3://bucket/model --digest sha256:HEX --size 1234',
  });
}
