import { exit, fail } from '../../model/errors.ts';
import { findConfiguration } from '../find-configuration.ts';
import type { Run } from '../definition.ts';
import { reachHost } from '../reach-host.ts';
import { screenFor } from '../screen.ts';

/** Longest that copies may take to end what is in flight, and a little more. */
const patience = 60_000;

export const run: Run = async (terminal, globals) => {
  const configuration =
    (await findConfiguration(terminal, globals)) ??
    fail({
      code: 'config.missing',
      what: 'there is no sofare.yaml here or above',
      why: 'it says which host is meant',
      touched: 'no',
      next: 'sofare down -c FILE',
    });
  const screen = screenFor(terminal, globals);
  const reached = await reachHost(terminal, configuration, false);
  if (!reached) {
    screen.said({ schema: 'sofare/down@1', state: configuration.state, stopped: false }, 'the local host does not run');
    return exit.done;
  }
  const { client } = reached;
  await client.down(terminal.interrupted);
  const deadline = performance.now() + patience;
  while (
    await client.hello(terminal.interrupted).then(
      () => true,
      () => false,
    )
  ) {
    if (performance.now() > deadline) {
      fail({
        code: 'target.unreachable',
        what: 'the local host does not end',
        why: `it has not within ${patience / 1000} s`,
        touched: 'unknown',
        next: 'sofare status',
      });
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  client.close();
  screen.said(
    { schema: 'sofare/down@1', state: configuration.state, stopped: true },
    'the local host and everything it served have stopped; sofare up brings them back',
  );
  return exit.done;
};
