import semver from 'semver';

/** Whether a word is a version, to tell it from the name of a service. */
export function isVersion(word: string): boolean {
  return semver.valid(word) !== null && !word.startsWith('v') && !word.startsWith('=');
}
