import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenImports } from './rooms.ts';
import { importsOf, sources } from './sources.ts';

test('data walks through the rooms one way: no file imports a later room', () => {
  assert.deepEqual(brokenImports(sources), []);
});

test('an import against the flow, of another adapter or of a package from the model is found', () => {
  const planted = [
    { path: 'model/plan.ts', text: "import { run } from '../execute/run.ts';\nimport { parse } from 'semver';" },
    { path: 'execute/run.ts', text: "const { judge } = await import('../decide/guard.ts');" },
    {
      path: 'adapters/target/process.ts',
      text: "import type { A } from '../traffic/proxy.ts';\nimport type { B } from '../../execute/run.ts';",
    },
    { path: 'host/host.ts', text: "import type { Target } from '../ports/target.ts';" },
    { path: 'unheard/of.ts', text: "import type { Plan } from '../model/plan.ts';" },
  ];
  assert.deepEqual(brokenImports(planted), [
    'model/plan.ts imports execute/run.ts',
    'model/plan.ts imports semver',
    'execute/run.ts imports decide/guard.ts',
    'adapters/target/process.ts imports adapters/traffic/proxy.ts',
    'adapters/target/process.ts imports execute/run.ts',
    'host/host.ts imports ports/target.ts',
    'unheard/of.ts imports model/plan.ts',
  ]);
});

test('what is loaded lazily is a file of ours: a bundle gives a CommonJS package loaded so no named exports', () => {
  const packages = sources.flatMap(importsOf).filter(({ lazy, own, to }) => lazy && !own && !to.startsWith('node:'));
  assert.deepEqual(packages, []);
});
