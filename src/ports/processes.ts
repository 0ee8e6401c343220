/** gone: it certainly ended. alive: it certainly runs. elsewhere: another machine's, which cannot be seen from here. */
export type Life = 'alive' | 'gone' | 'elsewhere';

/**
 * Who runs here. An owner is written `host/boot/pid/start`: it names one process of one boot of one machine,
 * so a process id that was given out again is not mistaken for it.
 */
export interface Processes {
  /** This process. */
  self(): string;
  life(owner: string): Life;
}
