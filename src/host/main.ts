import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keepAlive } from './parent.ts';
import { hostEnds, runHost } from './run-host.ts';

const { values } = parseArgs({
  options: {
    'directory': { type: 'string' },
    'child': { type: 'boolean' },
    'unsupervised': { type: 'boolean' },
    'resume-command': { type: 'string' },
    'configuration': { type: 'string' },
    'rows': { type: 'string' },
    'output-limit': { type: 'string' },
    'died': { type: 'string' },
  },
});

if (values.child) {
  await runHost({
    directory: resolve(values.directory ?? '.sofare/host'),
    resumeCommand: values['resume-command'] && !values.unsupervised ? (JSON.parse(values['resume-command']) as string[]) : null,
    configuration: values.configuration ?? null,
    rows: values.rows ?? null,
    diedAt: values.died === undefined ? null : Number(values.died),
    outputLimit: Number(values['output-limit'] ?? 10 * 1024 * 1024),
  });
} else {
  const words = [...process.execArgv, process.argv[1] ?? '', ...process.argv.slice(2), '--child'];
  keepAlive((diedAt) => {
    const more = diedAt === null ? [] : ['--died', String(diedAt)];
    return spawn(process.execPath, [...words, ...more], { stdio: ['ignore', 'inherit', 'inherit'] });
  }, Object.values(hostEnds));
}
