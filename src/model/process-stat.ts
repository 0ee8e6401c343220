/** The start time in the text of Linux's `/proc/PID/stat`, in ticks since boot; null for a process that has ended and was not yet waited for. */
export function startFromStat(text: string): string | null {
  // The command may hold spaces and brackets; the fields begin after the last closing one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}
