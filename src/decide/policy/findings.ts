import type { Finding } from '../../model/policy.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Collects what there is to say about a file, each thing once. */
export interface Findings {
  error(at: Place, what: string): void;
  warning(at: Place, what: string): void;
  note(at: Place, what: string): void;
  all(): readonly Finding[];
}

export function newFindings(): Findings {
  const found: Finding[] = [];
  const put =
    (level: Finding['level']) =>
    ({ line, column }: Place, what: string) => {
      const known = found.some((each) => each.line === line && each.column === column && each.what === what);
      if (!known) found.push({ level, line, column, what });
    };
  return {
    error: put('error'),
    warning: put('warning'),
    note: put('note'),
    all: () => found.toSorted((one, other) => one.line - other.line || one.column - other.column),
  };
}
