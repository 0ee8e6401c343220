import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export interface Hashed {
  readonly digest: string;
  readonly size: number;
}

const chunk = 1 << 20;

/** Never follows a link and never waits for the other end of a pipe. */
export const openPlain = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** SHA-256 and size of a file, read a MiB at a time, however large it is. Each piece goes to `each` before the next is read. */
export async function hashFile(file: FileHandle, each: (piece: Uint8Array) => Promise<void> = async () => {}): Promise<Hashed> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(chunk);
  let size = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, chunk, null);
    if (bytesRead === 0) return { digest: `sha256:${hash.digest('hex')}`, size };
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await each(piece);
    size += bytesRead;
  }
}

export async function hashPath(path: string): Promise<Hashed> {
  const file = await open(path, openPlain);
  try {
    return await hashFile(file);
  } finally {
    await file.close();
  }
}
