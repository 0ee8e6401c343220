/** The inputs that each command takes beside service, reason and config. */
const taken = {
  guard: ['for', 'override', 'timeout'],
  deploy: ['version', 'steps', 'every', 'from', 'override', 'timeout'],
  promote: ['from', 'override', 'timeout'],
  abort: ['from', 'timeout'],
  rollback: ['version', 'steps', 'every', 'from', 'override', 'timeout'],
  resume: ['override', 'timeout'],
};
const special = ['version', 'steps', 'every', 'for', 'from', 'override', 'timeout'];

/**
 * The command line for the inputs of a step. The runner hands an input over as `INPUT_NAME` in upper case; one that is not set is
 * empty. Nothing is ever given to a shell, and an input that the command would ignore is refused.
 */
export function commandLine(environment) {
  const input = (name) => (environment[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const command = input('command') || 'guard';
  const takes = taken[command];
  if (takes === undefined) throw new Error(`command: ${command} is not known; known are ${Object.keys(taken).join(', ')}`);
  const ignored = special.filter((name) => input(name) !== '' && !takes.includes(name));
  if (ignored.length > 0) throw new Error(`${command} takes no ${ignored.join(', ')}`);
  const [service, version] = [input('service'), input('version')];
  for (const name of [service, version]) if (name.startsWith('-')) throw new Error(`${name} is no name of a service or version`);
  const flag = (name) => (input(name) === '' ? [] : [`--${name}=${input(name)}`]);
  const words = [
    command,
    ...operandsOf(command, service, version),
    ...takes.filter((name) => name !== 'version' && name !== 'override').flatMap(flag),
    ...overridesOf(input('override')),
    ...flag('config'),
    `--reason=${input('reason') || runOf(environment)}`,
    '-y',
    '--no-input',
  ];
  return { words, directory: input('working-directory') || undefined };
}

function operandsOf(command, service, version) {
  if (command === 'deploy') return [service === '' ? version : `${service}@${version}`];
  return [...(service === '' ? [] : [service]), ...(version === '' ? [] : [`--to=${version}`])];
}

function overridesOf(checks) {
  const names = checks.split(',').map((check) => check.trim());
  return names.filter((name) => name !== '').map((name) => `--override=${name}`);
}

/** So that who reads the history finds the run. */
function runOf({ GITHUB_WORKFLOW, GITHUB_RUN_ID, GITHUB_ACTOR, GITHUB_REPOSITORY }) {
  if (!GITHUB_RUN_ID) return 'none given';
  return `${GITHUB_WORKFLOW ?? 'workflow'}, run ${GITHUB_RUN_ID} of ${GITHUB_REPOSITORY ?? 'a repository'}, by ${GITHUB_ACTOR ?? 'somebody'}`;
}
