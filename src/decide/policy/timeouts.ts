/** How long a query to Prometheus may take, in milliseconds, of the seconds that a policy gives; a string says why not. */
export function prometheusTimeout(seconds: number | null | undefined): number | string {
  if (seconds === null || seconds === undefined) return 30_000;
  return seconds < 0 ? 'prometheus timeout should not be negative' : seconds * 1_000;
}

/** The same for a web metric: nothing, zero or less is ten seconds. */
export function webTimeout(seconds: number | null | undefined): number {
  return seconds === null || seconds === undefined || seconds <= 0 ? 10_000 : seconds * 1_000;
}
