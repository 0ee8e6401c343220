import type { IncomingMessage } from 'node:http';
import { valueAt } from '../model/json-path.ts';
import type { LabelReceipt, ServingPolicy } from '../model/hosting.ts';
import type { AffectedUnit } from './affected-units.ts';
import { readLabel } from './label-line.ts';

/** Answers that wait for their labels are at most this many, whatever the configured time. */
const mostKept = 100_000;
/** A larger answer is not read. */
const longestAnswer = 262_144;

interface Kept {
  readonly version: string;
  readonly answer: unknown;
  readonly at: number;
  /** Who is behind the request, where users are what is counted. */
  readonly unit: AffectedUnit | null;
  labelled: boolean;
}

type Policy = ServingPolicy['labels'];
type Score = (version: string, right: boolean, unit: AffectedUnit | null) => void;

/** Joins what a model answered with what turned out to be right. Unknown, late and doubled ids are counted and never scored. */
export class Labels {
  /** In the order in which they were answered. */
  readonly #answers = new Map<string, Kept>();
  readonly #score: Score;
  #receipt: LabelReceipt;

  constructor(score: Score, receipt: LabelReceipt) {
    this.#score = score;
    this.#receipt = receipt;
  }

  /** Keeps the value at the configured path of an answer. One that has none is not kept; an id that is answered twice keeps its first answer. */
  keep(policy: Policy, id: string, version: string, body: Buffer, at: number, unit: AffectedUnit | null = null): void {
    if (!policy || this.#answers.has(id)) return;
    const answer = parsed(body, policy.answer);
    if (answer === undefined || answer === null || typeof answer === 'object') return;
    this.#answers.set(id, { version, answer, at, unit, labelled: false });
    for (const [oldest, kept] of this.#answers) {
      // Kept for as long again, so that a label that comes too late is told from one of nothing we know.
      if (this.#answers.size <= mostKept && at - kept.at <= 2 * policy.wait) break;
      this.#answers.delete(oldest);
    }
  }

  /** Takes lines of JSON. Returns the counts of these lines. */
  take(policy: Policy, lines: readonly string[], now: number): LabelReceipt {
    const counts = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
    for (const line of lines) if (line.trim() !== '') counts[this.#one(policy, line, now)] += 1;
    this.#receipt = add(this.#receipt, counts);
    return counts;
  }

  receipt(): LabelReceipt {
    return this.#receipt;
  }

  #one(policy: Policy, line: string, now: number): keyof LabelReceipt {
    const label = readLabel(line, policy?.compare ?? 'equal');
    if (!label) return 'malformed';
    const kept = this.#answers.get(label.id);
    if (!kept || !policy) return 'unknown';
    if (kept.labelled) return 'duplicate';
    kept.labelled = true;
    if (Math.max(label.at ?? now, now) - kept.at > policy.wait) return 'late';
    this.#score(kept.version, agrees(policy.compare, kept.answer, label.label), kept.unit);
    return 'scored';
  }
}

/** Whether an answer is worth reading for its label. */
export function readsAnswer(answer: IncomingMessage): boolean {
  const { 'content-type': type = '', 'content-encoding': encoding } = answer.headers;
  return (answer.statusCode ?? 500) < 400 && /\bjson\b/i.test(type) && encoding === undefined;
}

/** Gives the whole body at its end, beside whoever else reads it; nothing where it is too long. */
export function collect(answer: IncomingMessage, whole: (body: Buffer) => void): void {
  let parts: Buffer[] = [];
  let length = 0;
  answer.on('data', (part: Buffer) => {
    length += part.length;
    if (length <= longestAnswer) parts.push(part);
    else parts = [];
  });
  answer.once('end', () => {
    if (length <= longestAnswer) whole(Buffer.concat(parts));
  });
}

function agrees(compare: 'equal' | { readonly within: number }, answer: unknown, label: unknown): boolean {
  return compare === 'equal' ? String(answer) === String(label) : Math.abs(Number(answer) - Number(label)) <= compare.within;
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
