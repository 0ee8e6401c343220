import { exit, fail } from '../../model/errors.ts';
import { hostedDocument, hostedText } from '../../report/hosted.ts';
import { findConfiguration } from '../find-configuration.ts';
import type { Run } from '../definition.ts';
import { reachHost } from '../reach-host.ts';
import { screenFor } from '../screen.ts';

export const run: Run = async (terminal, globals, _operands, options) => {
  const configuration =
    (await findConfiguration(terminal, globals)) ??
    fail({
      code: 'config.missing',
      what: 'there is no sofare.yaml here or above',
      why: 'it says what is served',
      touched: 'no',
      next: 'sofare init',
    });
  const reached = await reachHost(terminal, configuration, true, options['unsupervised'] !== true);
  if (!reached) return exit.bug;
  const { client } = reached;
  const host = await client.hello(terminal.interrupted);
  const services = (await Promise.all(host.services.map((name) => client.service(name, terminal.interrupted)))).filter(
    (service) => service !== null,
  );
  client.close();
  const view = { host, services };
  screenFor(terminal, globals).show(
    () => hostedDocument(view),
    (paper) => hostedText(view, paper),
  );
  return exit.done;
};
