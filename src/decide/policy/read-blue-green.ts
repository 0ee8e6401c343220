import type { BlueGreenPolicy } from '../../model/policy.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { Located } from './located.ts';
import { readAnalysis } from './read-analysis.ts';
import type { Reading } from './read-canary.ts';
import { blueGreenBeside, refusedInBlueGreen } from './refused-fields.ts';
import { resolveAnalysis } from './resolve-analysis.ts';

/** `strategy.blueGreen`. */
export function readBlueGreen(located: Located | null, reading: Reading): { policy: BlueGreenPolicy; fields: Fields } | null {
  const { findings, templates, strict, versions } = reading;
  const read = [
    ...[
      'previewReplicaCount',
      'autoPromotionEnabled',
      'autoPromotionSeconds',
      'scaleDownDelaySeconds',
      'abortScaleDownDelaySeconds',
    ],
    ...['prePromotionAnalysis', 'postPromotionAnalysis'],
    ...blueGreenBeside,
  ];
  const fields = fieldsOf(located, 'blueGreen', { read, refused: refusedInBlueGreen }, findings);
  if (!fields) return null;
  const analysis = (name: string) => {
    const written = fields.has(name) ? readAnalysis(fields.map(name), [], true, versions, findings) : null;
    return written ? resolveAnalysis(written, templates, strict, findings) : null;
  };
  const automatic = fields.boolean('autoPromotionEnabled') ?? true;
  const seconds = fields.integer('autoPromotionSeconds') ?? 0;
  const keep = fields.integer('scaleDownDelaySeconds');
  if (!fields.has('activeService')) findings.warning(fields.at, 'blueGreen has no activeService, which Argo asks for');
  return {
    policy: {
      kind: 'blueGreen',
      previewCopies: fields.integer('previewReplicaCount'),
      before: analysis('prePromotionAnalysis'),
      pause: automatic ? (seconds > 0 ? { for: seconds * 1_000 } : null) : { for: null },
      after: analysis('postPromotionAnalysis'),
      keptBefore: keep === null ? null : keep * 1_000,
    },
    fields,
  };
}
