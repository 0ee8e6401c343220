import type { Engine } from '../execute/engine.ts';
import { type Bundle, isServedByImage } from '../model/version.ts';

/** Whether everything is in place that copies of a version are made of: its files, or, where copies see no file of ours, its image. */
export async function canBeServed({ artifacts, world }: Engine, bundle: Bundle): Promise<boolean> {
  if (world && !world.target.can.files) return isServedByImage(bundle);
  return (await artifacts.verify(bundle, 'quick')).length === 0;
}
