import { asksBoth, type Serving } from '../model/service.ts';

/** Whether answers of both versions to the same requests are judged: only the traffic path tells what it asked both. */
export function judgesPairs(serving: Pick<Serving, 'labels' | 'signals'> | null): boolean {
  return asksBoth(serving) && serving?.signals.prometheus === undefined;
}
