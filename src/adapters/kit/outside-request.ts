import { lookup as resolve } from 'node:dns';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { certificateProblem } from './certificate-problem.ts';

export interface OutsideRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly within: number;
  /** Certificates are not looked at. */
  readonly insecure: boolean;
  /** Bytes of the longest answer that is read. */
  readonly longest?: number;
}

export type OutsideAnswer =
  | { readonly answered: true; readonly status: number; readonly body: string }
  | { readonly answered: false; readonly why: string };

const mebibyte = 1_048_576;
const longestAnswer = 5 * mebibyte;

/** Where clouds keep the credentials of a machine: nothing that a policy names may be there. */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('::ffff:169.254.0.0', 112, 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');

export function isForbidden(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && forbidden.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * One request to an address that somebody wrote into a file. The name is resolved once, and the connection goes to the address that was
 * looked at. No redirect is followed: what answers elsewhere never gets the headers. The answer is cut off where it grows too large.
 */
export function askOutside(asked: OutsideRequest, signal: AbortSignal): Promise<OutsideAnswer> {
  const url = URL.canParse(asked.url) ? new URL(asked.url) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return no('the address is no http or https address');
  if (url.username !== '' || url.password !== '') return no('the address holds a user or password');
  if (isForbidden(url.hostname.replace(/^\[|\]$/g, ''))) return no('the address is where a cloud keeps credentials');
  const { longest = longestAnswer } = asked;
  return new Promise((done) => {
    const ended = (answer: OutsideAnswer): void => {
      clearTimeout(timer);
      done(answer);
    };
    const sent = (url.protocol === 'https:' ? secure : plain)(
      url,
      {
        method: asked.method,
        headers: { 'accept-encoding': 'identity', ...asked.headers },
        lookup: lookAt,
        rejectUnauthorized: !asked.insecure,
        signal,
        agent: false,
      },
      (answer) => {
        const status = answer.statusCode ?? 0;
        if (status >= 300 && status < 400) {
          sent.destroy();
          return ended({ answered: false, why: `it answers ${status} and leads elsewhere; redirects are not followed` });
        }
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
          parts.push(part);
          if (size <= longest) return;
          sent.destroy();
          ended({ answered: false, why: `the answer is larger than ${longest / mebibyte} MiB` });
        });
        answer.on('end', () => ended({ answered: true, status, body: Buffer.concat(parts).toString('utf8') }));
        answer.on('error', (error) => ended({ answered: false, why: reason(error) }));
      },
    );
    const timer = setTimeout(() => {
      ended({ answered: false, why: `no answer within ${asked.within / 1_000}s` });
      sent.destroy();
    }, asked.within);
    sent.on('error', (error) => ended({ answered: false, why: reason(error) }));
    sent.end(asked.body ?? undefined);
  });
}

const lookAt: LookupFunction = (hostname, options, found) =>
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return found(error, '', 0);
    const [first] = addresses;
    if (!first || addresses.some(({ address }) => isForbidden(address)))
      return found(Object.assign(new Error('the name leads to where a cloud keeps credentials'), { code: 'EACCES' }), '', 0);
    return options.all ? found(null, addresses) : found(null, first.address, first.family);
  });

/** Without the address or anything that was sent. */
function reason(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || code === 'EACCES' ? error.message : (certificateProblem(code) ?? code);
}

async function no(why: string): Promise<OutsideAnswer> {
  return { answered: false, why };
}
