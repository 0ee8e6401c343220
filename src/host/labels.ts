import type { IncomingMessage } from 'node:http';
import { valueAt } from '../model/json-path.ts';
import type { LabelReceipt, ServingPolicy } from '../model/hosting.ts';
import type { AffectedUnit } from './affected-units.ts';
import type { Counters } from './counters.ts';
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
  /** What the other version answered to the same. */
  other: { readonly version: string; readonly answer: unknown } | null;
  labelled: boolean;
}

type Policy = ServingPolicy['labels'];
type Scores = Pick<Counters, 'label' | 'pair'>;

/** Joins what a model answered with what turned out to be right. Unknown, late and doubled ids are counted and never scored. */
export class Labels {
  /** In the order in which they were answered. */
  readonly #answers = new Map<string, Kept>();
  readonly #scores: Scores;
  #receipt: LabelReceipt;

  constructor(scores: Scores, receipt: LabelReceipt) {
    this.#scores = scores;
    this.#receipt = receipt;
  }

  /**
   * Keeps the value at the configured path of an answer, and says whether it did. One that has none is not kept; an id that is answered twice
   * keeps its first answer.
   */
  keep(policy: Policy, id: string, version: string, body: Buffer, at: number, unit: AffectedUnit | null = null): boolean {
    if (!policy || this.#answers.has(id)) return false;
    const answer = comparable(body, policy.answer);
    if (answer === null) return false;
    this.#answers.set(id, { version, answer, at, unit, other: null, labelled: false });
    for (const [oldest, kept] of this.#answers) {
      // Kept for as long again, so that a label that comes too late is told from one of nothing we know.
      if (this.#answers.size <= mostKept && at - kept.at <= 2 * policy.wait) break;
      this.#answers.delete(oldest);
    }
    return true;
  }

  /** Beside it, what the other version answered to the same. */
  keepOther(policy: Policy, id: string, version: string, body: Buffer): void {
    const kept = this.#answers.get(id);
    const answer = policy && comparable(body, policy.answer);
    if (kept && answer !== null) kept.other = { version, answer };
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
    const { version, other, unit } = kept;
    const right = agrees(policy.compare, kept.answer, label.label);
    this.#scores.label(version, right, unit);
    if (!other) return 'scored';
    const otherRight = agrees(policy.compare, other.answer, label.label);
    this.#scores.pair(
      [
        { version, right },
        { version: other.version, right: otherRight },
      ],
      unit,
    );
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

/** The value that a label is compared with; null: there is none. */
function comparable(body: Buffer, path: string): string | number | boolean | null {
  try {
    const value = valueAt(JSON.parse(body.toString('utf8')), path);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  } catch {
    return null;
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
