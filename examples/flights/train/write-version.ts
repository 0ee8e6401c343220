import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evaluation } from '../evaluate.mjs';
import type { Fitted } from './fit.ts';
import { firstDay } from './read-flights.ts';
import type { Recipe } from './recipes.ts';

/** Writes the artifact folder of a version: the same three names for every version. */
export function writeVersion(folder: string, recipe: Recipe, { trained, exported, trainedOn }: Fitted, before: Evaluation): void {
  mkdirSync(folder, { recursive: true });
  const { normalisation: _, ...model } = trained;
  writeFileSync(join(folder, 'model.json'), `${JSON.stringify(model)}\n`);
  writeFileSync(join(folder, 'normalisation.json'), `${JSON.stringify(exported)}\n`);
  writeFileSync(join(folder, 'model-card.md'), card(recipe, trainedOn, before));
}

function card(recipe: Recipe, trainedOn: number, before: Evaluation): string {
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  return `# flights ${recipe.version}

Will this US flight arrive more than 15 minutes late? Asked when it leaves the gate.

- Logistic regression on the hour, the weekday, the two airports (smoothed log-odds of late flights), the distance, the backlog at
  the origin (recent late share times e to the normalised volume) and whether the route usually leaves at this time.
- Trained on ${trainedOn.toLocaleString('en')} flights (seed ${recipe.seed}, ${recipe.share * 100} % of those from ${dayOf(recipe.from)} to ${dayOf(recipe.until - 1)}).
- Evaluated before the export on ${before.rows.toLocaleString('en')} flights of June 2001: AUC ${before.auc.toFixed(3)}, wrong ${percent(before.wrongRate)}; always
  answering "on time" is wrong ${percent(before.lateRate)}.

## Notes
${recipe.notes}
`;
}

function dayOf(day: number): string {
  return new Date(firstDay + day * 86_400_000).toISOString().slice(0, 10);
}
