import type { Node } from './syntax.ts';

/**
 * What a condition is whatever is measured, where its words alone say so: `x or true`, `x and false`. Argo's compiler takes such a side
 * away before anything is evaluated, so an error in `x` is never met. Null: it depends.
 */
export function settled(node: Node): boolean | null {
  if (node.kind === 'bool') return node.value;
  if (node.kind === 'unary' && (node.operator === '!' || node.operator === 'not')) {
    const inner = settled(node.operand);
    return inner === null ? null : !inner;
  }
  if (node.kind !== 'binary') return null;
  const decides = decidingValue(node.operator);
  if (decides === null) return null;
  const [left, right] = [settled(node.left), settled(node.right)];
  if (left === decides || right === decides) return decides;
  return left === null || right === null ? null : !decides;
}

function decidingValue(operator: string): boolean | null {
  if (operator === 'or' || operator === '||') return true;
  return operator === 'and' || operator === '&&' ? false : null;
}
