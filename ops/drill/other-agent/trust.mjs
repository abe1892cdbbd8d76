// Whom this agent believes: a peer of the collective's one authority, by the one URI in its certificate.

import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { credentials } from './contract.mjs';
import { keyIdOf, rawOf } from './seal.mjs';

const CONNECT_MILLISECONDS = 10_000;

/** The one URI among the subject's alternative names. */
function uriOf(certificate) {
  const uris = (certificate.subjectAltName ?? '').split(', ').filter((name) => name.startsWith('URI:'));
  return uris.length === 1 ? uris[0].slice('URI:'.length) : '';
}

function inDate(certificate) {
  const now = Date.now();
  return Date.parse(certificate.validFrom) <= now && now < Date.parse(certificate.validTo);
}

/** Why a peer is not believed, or nothing: the four rules of proto/README.md, "Certificates". */
function doubt(own, issuer, authorityKeyId, expected) {
  if (!issuer || !keyIdOf(rawOf(issuer.publicKey)).equals(authorityKeyId)) {
    return 'its authority is not the one that the invite names';
  }
  if (!own.verify(issuer.publicKey)) {
    return 'its authority did not sign its certificate';
  }
  if (!inDate(own)) {
    return 'its certificate is not in date';
  }
  return uriOf(own) === expected ? '' : `it is not ${expected}`;
}

export const pem = (der) => new X509Certificate(der).toString();

/** Looks at the peer's certificates once, and gives the authority's (DER) if the peer is to be believed. */
export function fetchAuthority(address, authorityKeyId, expected) {
  const { hostname, port } = new URL(`picket://${address}`);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port),
      ALPNProtocols: ['h2'],
      minVersion: 'TLSv1.3',
      // Nothing is sent here, and what the peer shows is judged below.
      rejectUnauthorized: false,
    });
    socket.setTimeout(CONNECT_MILLISECONDS, () => socket.destroy(new Error(`${address} does not answer`)));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const own = socket.getPeerX509Certificate();
      const issuer = own.issuerCertificate;
      const why = doubt(own, issuer, authorityKeyId, expected);
      socket.destroy();
      return why ? reject(new Error(`${address} is not believed: ${why}`)) : resolve(issuer.raw);
    });
  });
}

/**
 * Credentials for calls to one peer. `member` shows its own certificate and its issuer's; without one, as for Enrol and
 * Renew, nothing is shown.
 */
export function credentialsFor(authority, expected, member) {
  const authorityKeyId = keyIdOf(rawOf(new X509Certificate(authority).publicKey));
  const context = tls.createSecureContext({
    ca: pem(authority),
    minVersion: 'TLSv1.3',
    ...(member && { key: member.key.pem, cert: member.certificates.map(pem).join('') }),
  });
  return credentials.createFromSecureContext(context, {
    checkServerIdentity: (host, peer) => {
      const issuer = peer.issuerCertificate && new X509Certificate(peer.issuerCertificate.raw);
      const why = doubt(new X509Certificate(peer.raw), issuer, authorityKeyId, expected);
      return why ? new Error(`${host} is not believed: ${why}`) : undefined;
    },
  });
}
