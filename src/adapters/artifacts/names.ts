import { refuse } from './refusal.ts';

/** Control characters, and the marks that make a name read differently from what it is. */
const unseen = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A relative path with `/` that means the same on every disk and stays inside its folder. Fails with artifact.refused. */
export function requireSafePath(path: string): void {
  const refused = (why: string): never => refuse(path, why, 'rename the file and register again');
  if (unseen.test(path)) refused('its name has a control character');
  if (!path.isWellFormed()) refused('its name is not valid Unicode');
  if (path.includes('\\')) refused('its name has a "\\", which separates folders on other systems');
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') refused('its name leads out of the folder');
    if (Buffer.byteLength(part) > 255) refused('its name is longer than 255 bytes');
  }
}

/**
 * Fails with artifact.refused when two paths, or folders on the way, would be one on a disk that ignores case or normalises
 * Unicode.
 */
export function requireNoCollision(paths: readonly string[]): void {
  const taken = new Map<string, { readonly path: string; readonly file: boolean }>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const prefix = parts.slice(0, depth).join('/');
      const file = depth === parts.length;
      const other = taken.get(folded(prefix));
      if (other !== undefined && (file || other.file || other.path !== prefix)) {
        refuse(path, `its name collides with ${JSON.stringify(other.path)}`, 'rename one of the two and register again');
      }
      if (other === undefined) taken.set(folded(prefix), { path: prefix, file });
    }
  }
}

/** Upper case first, because it is what makes ß and ss, or ς and σ, the same. */
function folded(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
