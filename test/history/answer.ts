/** An operation as the answer of a command tells of it. */
export interface ToldOperation {
  readonly id: string;
  readonly kind: string;
  readonly actor: string;
  readonly createdAt: number;
  readonly from: string | null;
  readonly to: string;
  readonly state: string;
  /** A step that moves traffic was done. */
  readonly moved: boolean;
  /** It has a step that moves traffic; its last share is all traffic; it moves the pointer. */
  readonly moves: boolean;
  readonly full: boolean;
  readonly points: boolean;
  /** What its plan was made for: the operation it pushes aside, the pointer, the version with all traffic. */
  readonly preempts: string | null;
  readonly pointer: string | null;
  readonly serving: string | null;
  readonly supersededBy: string | null;
}

/** What a command was told. */
export type Answer =
  | { readonly kind: 'ran'; readonly operation: ToldOperation; readonly by: ToldOperation | null }
  | { readonly kind: 'nothing'; readonly operation: ToldOperation | null }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'marked' }
  | { readonly kind: 'read'; readonly version: string };

/** One command of one operator, from begin to answer, by the clock of the machine. */
export interface Told {
  readonly name: string;
  readonly actor: string;
  readonly words: readonly string[];
  readonly began: number;
  readonly ended: number;
  readonly exit: number | null;
  readonly answer: Answer;
}

// biome-ignore lint/suspicious/noExplicitAny: a document is read as the program printed it
export function answerOf(document: any): Answer {
  switch (document.schema) {
    case 'sofare/outcome@1':
      if (document.operation && !document.summary.startsWith('Nothing to do'))
        return { kind: 'ran', operation: told(document.operation), by: document.by && told(document.by) };
      return { kind: 'nothing', operation: document.operation && told(document.operation) };
    case 'sofare/error@1':
      return { kind: 'refused', code: document.code };
    case 'sofare/current@1':
      return { kind: 'read', version: document.version };
    default:
      return { kind: 'marked' };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a document is read as the program printed it
function told({ id, kind, actor, createdAt, plan, state, stepsDone, supersededBy }: any): ToldOperation {
  const done: readonly { readonly kind: string }[] = plan.steps.slice(0, stepsDone);
  const routes: readonly { readonly weights: Readonly<Record<string, number>> }[] = plan.steps.filter(
    (step: { readonly kind: string }) => step.kind === 'route',
  );
  return {
    id,
    kind,
    actor,
    createdAt,
    from: plan.from,
    to: plan.to,
    state,
    moved: done.some((step) => step.kind === 'route'),
    moves: routes.length > 0,
    full: routes.at(-1)?.weights[plan.to] === 100,
    points: plan.steps.some(
      (step: { readonly kind: string; readonly point?: unknown }) => step.kind === 'point' || (step.point ?? null) !== null,
    ),
    preempts: plan.planned.operation,
    pointer: plan.planned.pointer,
    serving: Object.entries(plan.planned.weights as Record<string, number>).find(([, share]) => share === 100)?.[0] ?? null,
    supersededBy,
  };
}
