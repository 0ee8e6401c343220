import type { ActionItem } from '../record/action-items.ts';
import type { Incident } from '../record/incident-view.ts';
import { command } from './command.ts';
import { blank, type Section, type Text } from './incident-page.ts';
import { rateText } from './incident-words.ts';
import { instant } from './duration.ts';
import { count } from './number.ts';
import { counted, listed } from './sentence.ts';

/** What people wrote, what the facts ask for, and a blank for what neither knows. */
export function actionsSection({ actions, notes }: Incident): Section {
  const written = notes
    .filter(({ section }) => section === 'action-items')
    .map(({ text, actor, at }): Text => [`${text} (${actor}, ${instant(at)})`]);
  const items = [...written, ...actions.map(actionText), ...(written.length > 0 ? [] : [[blank]])];
  return { title: 'Action Items', blocks: [{ kind: 'checks', items: items.map((text) => ({ done: false, text })) }] };
}

function actionText(item: ActionItem): Text {
  switch (item.kind) {
    case 'finish':
      return [
        `Operation ${item.operation} ${item.state === 'stuck' ? 'is stuck' : 'has not ended'}: `,
        { code: command(['resume', item.operation]) },
      ];
    case 'decide':
      return [
        'Decide: ',
        { code: command(['guard', item.service]) },
        ', ',
        { code: command(['promote', item.service]) },
        ' or ',
        { code: command(['abort', item.service]) },
      ];
    case 'not-taken-back':
      return ['The version still serves: ', { code: command(['status', item.service]) }];
    case 'verify':
      return ['Make sure by hand which version answers: ', { code: command(['status', item.service]) }];
    case 'hold-stands':
      return ['The hold stands. When new versions may come again: ', { code: command(['unhold', item.service]) }];
    case 'quarantine-stands':
      return [
        `The quarantine of ${item.version} stands. If it was not to blame: `,
        { code: command(['unquarantine', `${item.service}@${item.version}`]) },
      ];
    case 'target-not-known-good':
      return [`${item.version} was ${item.mark} when it was gone back to: watch it, and keep a known good version from now on`];
    case 'migrations':
      return [`Look whether migrations of ${item.version} must be undone: `, listed(item.migrations)];
    case 'labels-late':
      return [
        `${counted(item.late, 'label')} arrived after the wait and did not count (${count(item.scored)} did): lengthen `,
        { code: 'labels.wait' },
      ];
    case 'labels-missing':
      return [
        'No label arrived while the guard watched, so wrong answers were not judged: ',
        { code: 'sofare label SERVICE FILE' },
      ];
    case 'interrupted':
      return [`Find out why process ${item.process} on ${item.host} ended while it ran operation ${item.operation}`];
    case 'not-watched':
      return [
        `No guard watched ${item.version} beside a stable version: deploy the next one with `,
        { code: '--steps 10 --every 15m' },
      ];
  }
}

/** The specification's checklist, with what lies ready already. Only what is complete is ticked. */
export function checklistSection(incident: Incident): Section {
  const { service, served, from, to, impact, series, difference } = incident;
  const wrong = impact.harms.find(({ kind }) => kind === 'wrong answers');
  const items: readonly { readonly done: boolean; readonly text: Text }[] = [
    {
      done: false,
      text: [
        'Collect logs from failed deployment: ',
        ...(served ? [{ code: command(['logs', service, '--version', from]) }, ' while they are kept'] : [blank]),
      ],
    },
    {
      done: series.intervals.length > 0,
      text:
        series.intervals.length > 0
          ? [
              `Export metrics during incident window: ${counted(series.intervals.length, 'interval')}, in `,
              { code: command(['incident', 'export', String(incident.number), '--format', 'json']) },
            ]
          : ['Export metrics during incident window: sofare recorded none. ', blank],
    },
    {
      done: false,
      text: [
        `Review model predictions during incident: ${wrong && wrong.bad.of > 0 ? `${rateText(wrong.bad)} of the labelled answers were wrong; single answers are not kept. ` : 'no label arrived. '}`,
        blank,
      ],
    },
    { done: false, text: ['Check for data quality issues: ', blank] },
    { done: false, text: ['Analyze feature distributions: ', blank] },
    {
      done: false,
      text: [
        'Review recent code changes: ',
        ...(difference && to !== null ? [`what differs between the bundles is above. `] : []),
        blank,
      ],
    },
  ];
  return { title: 'Investigation Checklist', blocks: [{ kind: 'checks', items }] };
}
