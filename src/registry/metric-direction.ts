export type MetricDirection = 'higher' | 'lower' | 'unknown';

const higher = words(
  `accuracy auc roc_auc pr_auc average_precision precision recall f1 f1_score r2 r2_score ndcg mcc kappa iou bleu rouge`,
);
const lower = words(
  `loss log_loss logloss brier brier_score error error_rate mae mse rmse mape smape perplexity wer cer ece latency latency_ms`,
);
const split = /^(train|training|val|valid|validation|eval|test|holdout)_/;

/** Which way a metric gets better, from its usual name with or without a `train_`, `val_` or `test_` before it. Never guessed. */
export function metricDirection(name: string): MetricDirection {
  const plain = name.toLowerCase().replaceAll('-', '_').replace(split, '');
  if (higher.has(plain)) return 'higher';
  return lower.has(plain) ? 'lower' : 'unknown';
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
