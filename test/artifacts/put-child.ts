import { folderArtifacts } from '../../src/adapters/artifacts/folder.ts';
import { foldersIn } from './fixture.ts';

/**
 * Puts a path into a store. Kills itself, as kill -9 does, at the n-th point; 0 never. Prints how many points there were and the
 * memory it took.
 */
const [root = '', source = '', killAt = '0'] = process.argv.slice(2);
let points = 0;
const artifacts = folderArtifacts({
  ...foldersIn(root),
  failpoints: {
    hit: () => {
      points += 1;
      if (points === Number(killAt)) process.kill(process.pid, 'SIGKILL');
    },
  },
});
const peak = (): number => process.resourceUsage().maxRSS;
const before = peak();
await artifacts.put([source]);
console.log(JSON.stringify({ points, kilobytes: peak() - before }));
