/** `a`, `a and b`, `a, b and c`; `none` of nothing. */
export function listed(words: readonly string[]): string {
  if (words.length === 0) return 'none';
  return words.length === 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `1 copy`, `2 copies`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** With a capital at the beginning and a full stop at the end. Versions and names keep theirs. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const begun = /^[a-z]+( |,|$)/.test(trimmed) ? trimmed.charAt(0).toUpperCase() + trimmed.slice(1) : trimmed;
  return ended(begun);
}

/** With a full stop, and its letters as they are: for what begins with a name. */
export function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What is written for a version that there is not. */
export function versionOrNothing(version: string | null): string {
  return version ?? 'nothing';
}
