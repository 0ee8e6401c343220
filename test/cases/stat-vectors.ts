import { failureOf, type Vector, type VectorFunction } from './vector.ts';
import { statFunctions } from './stat-functions.ts';
import type { CaseResult, Suite } from './suite.ts';

const parts = ['about', 'rule', 'functions', 'vectors'];
const fields = ['id', 'fn', 'input', 'expected', 'relTol', 'note'];

/** Reference values of every statistical function. */
export const statVectors: Suite = {
  name: 'statistics',
  file: 'stat-vectors.json',
  variable: 'SOFARE_STAT_VECTORS',
  run: (document) => runVectors(document, statFunctions),
};

/** An unknown function, key or part is a failure: it would be a case that nobody runs. */
export function runVectors(document: unknown, functions: Readonly<Record<string, VectorFunction>>): readonly CaseResult[] {
  if (!isRecord(document)) throw new Error('the file does not hold an object');
  const unknown = Object.keys(document).filter((part) => !parts.includes(part));
  if (unknown.length > 0) throw new Error(`the file has unknown parts: ${unknown.join(', ')}`);
  const { vectors, functions: described } = document;
  if (!Array.isArray(vectors)) throw new Error('the file has no vectors');
  const unwritten = Object.keys(isRecord(described) ? described : {}).filter((name) => !Object.hasOwn(functions, name));
  const missing = unwritten.map((name) => ({ id: name, failure: `the function ${name} is unknown` }));
  return [...missing, ...vectors.map((vector: unknown) => ({ id: idOf(vector), failure: attempted(vector, functions) }))];
}

function attempted(vector: unknown, functions: Readonly<Record<string, VectorFunction>>): string | null {
  if (!isRecord(vector)) return 'it is no object';
  const unknown = Object.keys(vector).filter((field) => !fields.includes(field));
  if (unknown.length > 0) return `the fields are unknown: ${unknown.join(', ')}`;
  const { input, expected, relTol } = vector;
  if (!isRecord(input) || !isRecord(expected) || typeof relTol !== 'number') return 'it lacks input, expected or relTol';
  try {
    return failureOf(vector as unknown as Vector, functions);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function idOf(vector: unknown): string {
  return isRecord(vector) && typeof vector['id'] === 'string' ? vector['id'] : '(no id)';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
