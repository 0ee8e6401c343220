import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { FailStop } from '../../src/store/fail-stop.ts';

const fsyncFailed = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 1034 });
const writeFailed = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 778 });

function problemOf(work: () => unknown): ProblemError['problem'] {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ProblemError);
    return error.problem;
  }
  return assert.fail('nothing was refused');
}

test('after a sync that failed nothing more is asked of the database, and every caller is told the same', () => {
  const failStop = new FailStop('sofare.db');
  const first = problemOf(() =>
    failStop.told(() => {
      throw fsyncFailed;
    }),
  );
  assert.deepEqual([first.code, first.touched], ['disk.unsynced', 'unknown']);
  let asked = 0;
  assert.deepEqual(
    problemOf(() => failStop.told(() => (asked += 1))),
    first,
  );
  assert.equal(asked, 0);
  assert.equal(failStop.stopped, true);
});

test('a write that failed was undone by the database, which can be asked again', () => {
  const failStop = new FailStop('sofare.db');
  const problem = problemOf(() =>
    failStop.told(() => {
      throw writeFailed;
    }),
  );
  assert.deepEqual([problem.code, problem.touched], ['disk.failed', 'no']);
  assert.equal(
    failStop.told(() => 7),
    7,
  );
});
