import { Load } from '../fixtures/load.ts';
import { configuration } from '../fixtures/local.ts';
import type { KilledPlace } from './killed-service.ts';
import type { Scenario } from './scenario.ts';

const usualLoad = 20;

/** Processes of this machine behind the proxy of its host, under load. */
export async function processPlace(
  { keeps = '0s', more = '', kind, load = usualLoad }: Scenario,
  environment: NodeJS.ProcessEnv,
): Promise<KilledPlace> {
  const notify = kind.startsWith('tasks') ? 'notify: { command: "cat >> told.ndjson" }\n' : '';
  return {
    yaml: `${configuration(1).replace('warm: 0s', `warm: ${keeps}`)}${more}${notify}`,
    environment,
    begin: async ({ local }) => void (await local.must(0, 'up', '--unsupervised')),
    madeOf: ({ local }, version, model) => [local.model(version, model)],
    watch: async (service) => {
      const sent = new Load(await service.address(), load);
      return {
        stop: async () => {
          await sent.stop();
          return { answered: sent.answers.length, lost: sent.lost };
        },
      };
    },
  };
}
