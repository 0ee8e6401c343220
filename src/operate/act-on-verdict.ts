import type { Operation } from '../model/operation.ts';
import type { Engine } from '../execute/engine.ts';
import { abortByGuard } from './abort.ts';
import { promoteByGuard } from './promote.ts';
import type { Request } from './request.ts';

/** A journalled verdict is carried out by an operation of its own, which pushes the deploy aside. Nothing to act on: null. */
export async function actOnVerdict(engine: Engine, operation: Operation, request: Request): Promise<Operation | null> {
  if (operation.state !== 'running' || !operation.decision) return null;
  switch (operation.decision.action) {
    case 'roll back':
      return abortByGuard(engine, operation, operation.decision, request);
    case 'promote':
      return promoteByGuard(engine, operation, operation.decision, request);
    case 'wait':
    case 'pause':
      return null;
  }
}
