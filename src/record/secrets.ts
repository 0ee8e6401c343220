const secretName =
  /pass(word|wd|phrase|code)?|pwd|secret|token|credential|private|api[-_.]?key|access[-_.]?key|account[-_.]?key|_key$|^key$|auth|bearer|cookie|session|dsn|connection[-_.]?string|database[-_.]?url|salt|signature|certificate|\bcert\b|webhook/i;
/** A user and password before a host, a JSON web token, a PEM block, or a long word that nobody would write by hand. */
const secretValue = /:\/\/[^/\s@]*:[^/\s@]*@|^eyJ[\w-]{10,}\.|-----BEGIN |(?:^|[=\s])[A-Za-z0-9+/_-]{40,}={0,2}$/;

/** Stands for a value that is never shown. */
export const hidden = '(hidden)';

/** The value as it may be written down: values of secret-looking names, and values that look like secrets, never are. */
export function shown(name: string, value: string | null): string | null {
  return value !== null && (secretName.test(name) || secretValue.test(value)) ? hidden : value;
}
