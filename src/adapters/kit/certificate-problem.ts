/** What openssl says where a chain does not end at an authority that is known. */
const unknownAuthority: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** Why the certificate of a server is not accepted, with what could be done; null where the code of an error is about something else. */
export function certificateProblem(code: string): string | null {
  if (unknownAuthority.has(code))
    return `its certificate is signed by nobody who is known here (${code}); NODE_EXTRA_CA_CERTS names a file with your own authority`;
  if (code === 'CERT_HAS_EXPIRED') return `its certificate has expired (${code})`;
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? `its certificate is for another name (${code})` : null;
}
