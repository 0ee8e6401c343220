import { appendFileSync } from 'node:fs';
import { type Failpoints, noFailpoints } from '../../ports/failpoints.ts';
import { type FailpointAction, readFailpoint } from './failpoint-setting.ts';

export interface FailpointSettings {
  /** `NAME:NTH:ACTION`, for example `route.after-apply:1:kill`; undefined: none. */
  readonly failpoint: string | undefined;
  /** A file that every point reached is appended to; undefined: none. */
  readonly trace: string | undefined;
}

/** Stops the world at a named instant, in a way that tests choose: by the signals a real end comes with. */
export function systemFailpoints({ failpoint, trace }: FailpointSettings): Failpoints {
  if (failpoint === undefined && trace === undefined) return noFailpoints;
  const setting = failpoint === undefined ? null : readFailpoint(failpoint);
  let reached = 0;
  return {
    hit: (point) => {
      if (trace !== undefined) appendFileSync(trace, `${point}\n`);
      if (point !== setting?.name) return;
      reached += 1;
      if (reached === setting.nth) act(setting.action, point);
    },
  };
}

function act(action: FailpointAction, point: string): void {
  switch (action) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      // The signal is delivered asynchronously; nothing may run after the point.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return;
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      return;
    case 'exit':
      process.exit(86);
      return;
    case 'throw':
      throw new Error(`failpoint ${point}`);
  }
}
