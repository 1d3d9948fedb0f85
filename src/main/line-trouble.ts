import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls';
import type { CertificateTrouble } from '../shared/host-types.ts';

const PATIENCE_MS = 3_000;

/**
 * Why a page cannot connect to this wss: address, as far as the certificate tells; a page itself is told nothing. Looks and
 * never trusts: whatever is found here, the page goes on refusing. Null: nothing is wrong with it, or it cannot be had.
 */
export function certificateTrouble(server: string, now: number): Promise<CertificateTrouble | null> {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol !== 'wss:') return Promise.resolve(null);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(url.port || 443),
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const done = (trouble: CertificateTrouble | null) => {
      socket.destroy();
      resolve(trouble);
    };
    socket.setTimeout(PATIENCE_MS, () => done(null));
    socket.once('error', () => done(null));
    socket.once('secureConnect', () => done(troubleOf(host, socket.getPeerCertificate(), now)));
  });
}

function troubleOf(host: string, certificate: PeerCertificate, now: number): CertificateTrouble | null {
  if (Date.parse(certificate.valid_to) < now) return 'expired';
  if (Date.parse(certificate.valid_from) > now) return 'not_yet_valid';
  return checkServerIdentity(host, certificate) === undefined ? null : 'wrong_name';
}
