import { valueAt } from '../model/json-path.ts';
import type { LabelReceipt, ServingPolicy } from '../model/hosting.ts';

/** Answers that wait for their labels are at most this many, whatever the configured time. */
const mostKept = 100_000;
/** A larger answer is not read. */
export const longestAnswer = 262_144;

interface Kept {
  readonly version: string;
  readonly answer: unknown;
  readonly at: number;
  labelled: boolean;
}

/** Joins what a model answered with what turned out to be right. Unknown, late and doubled ids are counted and never scored. */
export class Labels {
  readonly #answers = new Map<string, Kept>();
  readonly #score: (version: string, right: boolean) => void;
  #receipt: LabelReceipt;

  constructor(score: (version: string, right: boolean) => void, receipt: LabelReceipt) {
    this.#score = score;
    this.#receipt = receipt;
  }

  /** Keeps the value at the configured path of an answer. An answer that has none is not kept. */
  keep(policy: ServingPolicy['labels'], id: string, version: string, body: Buffer, at: number): void {
    if (!policy) return;
    const answer = parsed(body, policy.answer);
    if (answer === undefined) return;
    this.#answers.set(id, { version, answer, at, labelled: false });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= mostKept) break;
      this.#answers.delete(oldest);
    }
  }

  /** Takes lines of JSON. Returns the counts of these lines. */
  take(policy: ServingPolicy['labels'], lines: readonly string[], now: number): LabelReceipt {
    const counts = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
    for (const line of lines) {
      if (line.trim() !== '') counts[this.#one(policy, line, now)] += 1;
    }
    this.#receipt = add(this.#receipt, counts);
    return counts;
  }

  receipt(): LabelReceipt {
    return this.#receipt;
  }

  #one(policy: ServingPolicy['labels'], line: string, now: number): keyof LabelReceipt {
    const label = lineOf(line);
    if (!label) return 'malformed';
    const kept = this.#answers.get(label.id);
    if (!kept || !policy) return 'unknown';
    if (kept.labelled) return 'duplicate';
    kept.labelled = true;
    if ((label.at ?? now) - kept.at > policy.wait) return 'late';
    this.#score(kept.version, agrees(policy.compare, kept.answer, label.label));
    return 'scored';
  }
}

function lineOf(line: string): { readonly id: string; readonly label: unknown; readonly at: number | null } | null {
  try {
    const read = JSON.parse(line) as { id?: unknown; label?: unknown; at?: unknown };
    if (typeof read.id !== 'string' || read.label === undefined) return null;
    const at = typeof read.at === 'number' ? read.at : typeof read.at === 'string' ? Date.parse(read.at) : Number.NaN;
    return { id: read.id, label: read.label, at: Number.isFinite(at) ? at : null };
  } catch {
    return null;
  }
}

function agrees(compare: 'equal' | { readonly within: number }, answer: unknown, label: unknown): boolean {
  if (compare === 'equal') return String(answer) === String(label);
  const distance = Math.abs(Number(answer) - Number(label));
  return Number.isFinite(distance) && distance <= compare.within;
}

function parsed(body: Buffer, path: string): unknown {
  try {
    return valueAt(JSON.parse(body.toString('utf8')), path);
  } catch {
    return undefined;
  }
}

function add(one: LabelReceipt, other: LabelReceipt): LabelReceipt {
  return {
    scored: one.scored + other.scored,
    unknown: one.unknown + other.unknown,
    duplicate: one.duplicate + other.duplicate,
    late: one.late + other.late,
    malformed: one.malformed + other.malformed,
  };
}
