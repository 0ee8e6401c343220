/** Flag of the Linux kernel on a process that has begun to end. It is set before its files and sockets are closed. */
const ending = 0x4;

/** The start time in the text of Linux's `/proc/PID/stat`, in ticks since boot; null for a process that has ended and was not yet waited for. */
export function startFromStat(text: string): string | null {
  const fields = fieldsOf(text);
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

/** Whether that process has begun to end. */
export function isEndingInStat(text: string): boolean {
  return (Number(fieldsOf(text)[6]) & ending) !== 0;
}

/** The command may hold spaces and brackets; the fields begin after the last closing one. */
function fieldsOf(text: string): readonly string[] {
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
