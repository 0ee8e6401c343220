// Runs a file of the project with Node 24 after setting up what is missing: node scripts/with-setup.mjs FILE [WORDS...]
import { join } from 'node:path';
import { environment, findNode, root, runAs } from './places.mjs';
import { setUp } from './set-up.mjs';

const [file, ...words] = process.argv.slice(2);
await setUp();
runAs(findNode(root), [join(root, file), ...words], { cwd: root, env: environment() });
