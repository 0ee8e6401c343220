import { dirname } from 'node:path';
import type { JournalDisk } from '../../src/cli/journal-disk.ts';
import type { Store } from '../../src/store/store.ts';
import type { Chance } from './chance.ts';

/** What a name on a disk stands for: a text, or a database, whose commits are durable. */
type Entry<Database> = { readonly text: string } | { readonly database: Database };

/** A change of names in a folder that is durable once the folder is synced. */
interface Unsynced<Database> {
  readonly folder: string;
  readonly apply: (names: Map<string, Entry<Database>>) => void;
}

/**
 * The disk of a machine, as its processes see it and as it would be after a power cut: of the changes of names that were not synced then
 * any may be there, and any not.
 */
export class SimulatedDisk<Database> {
  #seen = new Map<string, Entry<Database>>();
  readonly #durable = new Map<string, Entry<Database>>();
  #unsynced: Unsynced<Database>[] = [];
  readonly #make: (file: string) => Promise<Database>;

  constructor(make: (file: string) => Promise<Database>) {
    this.#make = make;
  }

  /** Texts that are on it. */
  get files(): readonly string[] {
    return [...this.#seen.keys()];
  }

  powerCut(chance: Pick<Chance, 'often'>): void {
    for (const { apply } of this.#unsynced) if (chance.often(0.5)) apply(this.#durable);
    this.#unsynced = [];
    this.#seen = new Map(this.#durable);
  }

  /** As one process sees it: `each` is told before every call, and may end it there. */
  asSeenBy(each: (call: string) => void, storeOf: (database: Database) => Store): JournalDisk {
    const change = (path: string, apply: Unsynced<Database>['apply']): void => {
      apply(this.#seen);
      this.#unsynced.push({ folder: dirname(path), apply });
    };
    const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
    return {
      makeRoom: () => {
        each('disk.makeRoom');
        return true;
      },
      openStore: async (file) => {
        each('disk.openStore');
        const found = this.#seen.get(file);
        if (found && 'database' in found) return storeOf(found.database);
        const database = await this.#make(file);
        for (const names of [this.#seen, this.#durable]) names.set(file, { database });
        return storeOf(database);
      },
      exists: (path) => [...this.#seen.keys()].some((name) => inside(name, path)),
      read: (file) => {
        const found = this.#seen.get(file);
        return found && 'text' in found ? found.text : null;
      },
      write: (file, text) => {
        each('disk.write');
        change(file, (names) => names.set(file, { text }));
      },
      syncFolder: (folder) => {
        each('disk.syncFolder');
        for (const { apply } of this.#unsynced.filter((made) => made.folder === folder)) apply(this.#durable);
        this.#unsynced = this.#unsynced.filter((made) => made.folder !== folder);
      },
      rename: (from, to) => {
        each('disk.rename');
        change(from, (names) => {
          for (const [name, entry] of [...names]) {
            if (!inside(name, from)) continue;
            names.delete(name);
            names.set(`${to}${name.slice(from.length)}`, entry);
          }
        });
      },
      remove: (folder) => {
        each('disk.remove');
        change(folder, (names) => {
          for (const name of [...names.keys()]) if (inside(name, folder)) names.delete(name);
        });
      },
    };
  }
}
