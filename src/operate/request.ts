import { fail } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';

/** Who asks, and why. Goes with every change. */
export interface Request {
  readonly actor: string;
  /** "none given" where nobody said. */
  readonly reason: string;
  /** The command as typed, for the journal. */
  readonly command: string;
  readonly overrides: readonly string[];
  /** The version that is expected to serve now (`--from`), or null: any. */
  readonly expected: string | null;
  /** Asked once a plan is made and before anything moves. False leaves everything as it is. */
  readonly consent: (plan: Plan) => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** The compare-and-swap of people: refuses when another version serves than the caller saw. */
export function assertExpected(request: Request, serving: string | null): void {
  if (request.expected === null || request.expected === serving) return;
  fail({
    code: 'from.differs',
    what: `${serving ?? 'nothing'} serves, not ${request.expected}`,
    why: '--from says which version is expected to serve',
    touched: 'no',
    next: 'sofare status',
  });
}
