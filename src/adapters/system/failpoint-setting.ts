import { fail } from '../../model/errors.ts';

export const failpointActions = ['kill', 'stop', 'exit', 'throw'] as const;
export type FailpointAction = (typeof failpointActions)[number];

/** One instant and what happens there: the nth time that the point is reached. */
export interface FailpointSetting {
  readonly name: string;
  readonly nth: number;
  readonly action: FailpointAction;
}

const shape = new RegExp(`^([a-z][a-z0-9.-]*):([1-9][0-9]{0,5}):(${failpointActions.join('|')})$`);

/** Reads `NAME:NTH:ACTION`. A value that is anything else would be a test that tests nothing, so it is refused. */
export function readFailpoint(text: string): FailpointSetting {
  const [, name, nth, action] = shape.exec(text) ?? [];
  if (name !== undefined) return { name, nth: Number(nth), action: action as FailpointAction };
  return fail({
    code: 'usage',
    what: `SOFARE_FAILPOINT=${text} cannot be understood`,
    why: `NAME:NTH:ACTION is wanted: a point, a count from 1 up, and one of ${failpointActions.join(', ')}`,
    touched: 'no',
    next: 'SOFARE_FAILPOINT=route.after-apply:1:kill, or unset it',
  });
}
