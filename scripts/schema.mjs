// Writes schema.json, the JSON Schema of sofare.yaml for editors, from the same schema that reads it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { schema } from '../src/configure/schema.ts';

export function schemaText() {
  const document = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' });
  return `${JSON.stringify({ title: 'sofare.yaml', ...document }, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, '..', 'schema.json'), schemaText());
