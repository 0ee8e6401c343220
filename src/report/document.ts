/** What JSON may say as it is and a terminal must not see: it is written as an escape, so that a reader of JSON gets it back unchanged. */
const dangerous = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu;

/** A screen as a JSON document. The schema names screen and major version; field names never change within one. */
export function documentOf(screen: string, fields: object): string {
  const text = JSON.stringify({ schema: `sofare/${screen}@1`, ...fields }, null, 2);
  return `${text.replace(dangerous, (sign) => [...utf16(sign)].join(''))}\n`;
}

function* utf16(sign: string): Generator<string> {
  for (let index = 0; index < sign.length; index += 1) yield `\\u${sign.charCodeAt(index).toString(16).padStart(4, '0')}`;
}
