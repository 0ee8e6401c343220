import { chosenBySeed } from '../hazard/seeded.ts';
import type { Local } from '../fixtures/local.ts';
import { answerOf, type Told } from './answer.ts';

export const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'] as const;

/** Several people and something like an alert, each giving one command after the other, all of them at once. */
const operators = ['ana', 'ben', 'cho', 'alert'] as const;

/** What somebody does next: by hand anything; by alert a look, then a rollback of the version that was seen. */
const byHand: readonly (readonly string[])[] = [
  ['deploy', 'V', '-y'],
  ['deploy', 'V', '-y'],
  ['deploy', 'V', '--steps', '10', '-y'],
  ['deploy', 'V', '--steps', '10', '-y'],
  ['deploy', 'V', '--from', 'SEEN', '-y'],
  ['promote', '-y'],
  ['promote', '-y'],
  ['abort', '-y'],
  ['abort', '-y'],
  ['rollback', '-y'],
  ['rollback', '--from', 'SEEN', '-y'],
  ['hold'],
  ['unhold'],
  ['unhold'],
  ['unhold'],
  ['quarantine', 'V'],
  ['unquarantine', 'V'],
  ['unquarantine', 'V'],
  ['current'],
];
const byAlert: readonly (readonly string[])[] = [
  ['current'],
  ['current'],
  ['rollback', '--from', 'SEEN', '--reason', 'alert', '-y'],
];

/** Lets all of them give that many commands, chosen by a seed, and gives back what each was told. */
export async function operate(local: Local, seed: number, commandsEach: number): Promise<readonly Told[]> {
  const each = await Promise.all(
    operators.map(async (actor) => {
      const told: Told[] = [];
      let seen = versions[0] as string;
      for (let number = 0; number < commandsEach; number += 1) {
        const pick = <Item>(what: string, items: readonly Item[]): Item =>
          chosenBySeed(`${seed} ${actor} ${number} ${what}`, items, 1)[0] as Item;
        const shape = pick('command', actor === 'alert' ? byAlert : byHand);
        const version = pick('version', versions);
        const words = shape.map((word) => (word === 'V' ? version : word === 'SEEN' ? seen : word));
        const one = await give(local, actor, `${actor} ${number} (${words.join(' ')})`, words);
        if (one.answer.kind === 'read') seen = one.answer.version;
        told.push(one);
      }
      return told;
    }),
  );
  return each.flat();
}

/** Gives one command, as a process of its own. */
export async function give(local: Local, actor: string, name: string, words: readonly string[]): Promise<Told> {
  const began = Date.now();
  const { code, output, errors } = await local.run([...words, '-o', 'json'], { SOFARE_ACTOR: actor });
  const ended = Date.now();
  try {
    return { name, actor, words, began, ended, exit: code, answer: answerOf(JSON.parse(output)) };
  } catch (error) {
    throw new Error(`${name} ended with ${code}: ${output}${errors}`, { cause: error });
  }
}
