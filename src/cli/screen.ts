import type { Engine } from '../execute/engine.ts';
import { exitCodeOf, type Problem } from '../model/errors.ts';
import type { OperationEvent } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import type { ModelVersion } from '../model/version.ts';
import type { Outcome } from '../operate/outcome.ts';
import type { Recovered } from '../operate/recovery/recover.ts';
import type { Flags } from '../report/command.ts';
import { json } from '../report/document.ts';
import { eventLine } from '../report/event-line.ts';
import { LivePainter } from '../report/live.ts';
import { operationLines } from '../report/operation.ts';
import { isCounted } from '../operate/requirements.ts';
import { outcomeDocument, outcomeText, type OutcomeView, outcomeView } from '../report/outcome.ts';
import type { Paper } from '../report/paper.ts';
import { planDocument, planText, planView } from '../report/plan.ts';
import { problemDocument, problemText, problemView } from '../report/problem.ts';
import { followedAll, type OperationProgress } from '../report/progress.ts';
import { saidText } from '../report/said.ts';
import { recoveredDocument, recoveredText } from '../report/recovered.ts';
import type { Session } from './session.ts';
import type { Globals, Terminal } from './terminal.ts';

/** What a command shows: data on stdout, progress on stderr, JSON where it was asked for. */
export interface Screen {
  readonly announce: Engine['announce'];
  readonly plan: (session: Session, plan: Plan, asked: boolean) => void;
  readonly outcome: (session: Session, outcome: Outcome, incident: string | null) => OutcomeView;
  readonly recovered: (recovered: Recovered) => void;
  readonly version: (version: ModelVersion, sentence: string) => void;
  /** A document, or the text that says the same. */
  readonly show: (document: () => string, text: (paper: Paper) => string) => void;
  readonly said: (document: { readonly schema: string } & Readonly<Record<string, unknown>>, sentence: string) => void;
  /** Something that went wrong beside the command, which ended as it said. */
  readonly remark: (problem: Problem) => void;
  /** Leaves what was drawn last standing. */
  readonly settle: () => void;
}

export function paperOf(terminal: Terminal, globals: Pick<Globals, 'color'>, on: 'output' | 'error' = 'output'): Paper {
  const isTerminal = on === 'output' ? terminal.outputIsTerminal : terminal.errorIsTerminal;
  const { LC_ALL, LC_CTYPE, LANG, TERM, COLUMNS } = terminal.environment;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  return {
    width: isTerminal ? terminal.columns : widthOfPipe(COLUMNS),
    color: globals.color && isTerminal && TERM !== 'dumb',
    unicode: locale === '' || /utf-?8/i.test(locale),
    now: Date.now(),
  };
}

/** What reads a pipe has no width of its own, unless whoever started us says so. */
function widthOfPipe(columns: string | undefined): number {
  const said = Number(columns);
  return Number.isInteger(said) && said >= 40 ? said : 120;
}

/** The options that bring the same command to the same service. */
export function flagsOf(globals: Globals): Flags {
  return [
    ...(globals.config === undefined ? [] : ['-c', globals.config]),
    ...(globals.model === undefined ? [] : ['--model', globals.model]),
    ...(globals.registry === undefined ? [] : ['--registry', globals.registry]),
  ];
}

export function screenFor(terminal: Terminal, globals: Globals): Screen {
  const text = globals.output === 'text';
  const flags = flagsOf(globals);
  const progress = progressFor(terminal, globals);
  const show = (document: () => string, drawn: (paper: Paper) => string): void =>
    terminal.write(text ? drawn(paperOf(terminal, globals)) : document());
  return {
    announce: progress.announce,
    settle: progress.settle,
    plan: ({ engine, where }, plan, asked) => {
      const view = planView(plan, { service: engine.service, state: where, flags });
      if (asked)
        show(
          () => planDocument(view),
          (paper) => planText(view, paper),
        );
      else if (text && !globals.quiet) terminal.writeError(planText(view, paperOf(terminal, globals, 'error')));
    },
    outcome: (session, outcome, incident) => {
      progress.settle();
      const decisive = outcome.kind === 'ran' ? (outcome.by ?? outcome.operation) : null;
      const view = outcomeView(outcome, {
        progress: progress.seen().find(({ id }) => id === decisive?.id) ?? null,
        incident,
        flags,
        judged: isCounted(session.engine),
        breakGlass: session.engine.glass?.stamp ? session.engine.glass.because : null,
      });
      show(
        () => outcomeDocument(view),
        (paper) => outcomeText(view, paper),
      );
      return view;
    },
    recovered: (recovered) =>
      show(
        () => recoveredDocument(recovered),
        (paper) => recoveredText(recovered, paper),
      ),
    version: (version, sentence) =>
      show(
        () => json({ schema: 'sofare/version-changed@1', ...version }),
        (paper) => saidText(sentence, paper),
      ),
    show,
    remark: (problem) =>
      terminal.writeError(problemText(problemView(problem, exitCodeOf(problem)), paperOf(terminal, globals, 'error'))),
    said: (document, sentence) =>
      show(
        () => json(document),
        (paper) => saidText(sentence, paper),
      ),
  };
}

export function showProblem(terminal: Terminal, words: readonly string[], problem: Problem): void {
  const view = problemView(problem, exitCodeOf(problem));
  const asJson = words.some(
    (word, index) => word === '--output=json' || ((word === '-o' || word === '--output') && words[index + 1] === 'json'),
  );
  if (asJson) terminal.write(problemDocument(view));
  else
    terminal.writeError(
      problemText(
        view,
        paperOf(terminal, { color: !terminal.environment['NO_COLOR'] && !words.includes('--no-color') }, 'error'),
      ),
    );
}

interface Progress {
  readonly announce: Engine['announce'];
  readonly seen: () => readonly OperationProgress[];
  readonly settle: () => void;
}

/** A live tree on a terminal, one line an event elsewhere, nothing where quiet was asked for. */
function progressFor(terminal: Terminal, globals: Globals): Progress {
  let all: readonly OperationProgress[] = [];
  const live = terminal.errorIsTerminal && !globals.quiet && terminal.environment['TERM'] !== 'dumb';
  const painter = new LivePainter(terminal.writeError, terminal.rows);
  let drawn = false;
  const frame = (): readonly string[] => all.flatMap((each) => operationLines(each, paperOf(terminal, globals, 'error')));
  const timer = live ? setInterval(() => drawn && painter.show(frame()), 250) : null;
  timer?.unref();
  return {
    announce: (operation: string, event: OperationEvent, at: number) => {
      const before = all.find(({ id }) => id === operation) ?? null;
      all = followedAll(all, operation, event, at);
      const after = all.find(({ id }) => id === operation) ?? null;
      if (!after || globals.quiet) return;
      if (live) {
        drawn = true;
        painter.show(frame());
        return;
      }
      const line = eventLine(event, at, before, after, paperOf(terminal, globals, 'error'));
      if (line !== null) terminal.writeError(`${line}\n`);
    },
    seen: () => all,
    settle: () => {
      if (timer) clearInterval(timer);
      if (drawn) painter.finish(frame());
      drawn = false;
    },
  };
}
