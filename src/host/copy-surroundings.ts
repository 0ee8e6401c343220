import type { ServingPolicy, WantedVersion } from '../model/hosting.ts';
import type { Copy } from './copy.ts';

/** How a copy ended that nobody had told to. */
export interface CopyEnd {
  readonly how: string;
  /** It was never ready, and its time for that was over. */
  readonly late: boolean;
  readonly portTaken: boolean;
}

export type CopyEvent = 'started' | 'adopted' | 'ready' | 'unready' | 'told-to-stop' | 'exited';

export interface CopySurroundings {
  readonly directory: string;
  readonly service: string;
  readonly wanted: WantedVersion;
  readonly policy: () => ServingPolicy;
  /** Resolves when what is to be remembered is durable, or cannot be made so. */
  readonly remember: () => Promise<void>;
  /** Told of every change of state; at the end with how it came, or null where it was told to. */
  readonly changed: (copy: Copy, event: CopyEvent, end: CopyEnd | null) => void;
}
