/** Now in ms, by a clock that all processes of this machine read alike. */
export function moment(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
