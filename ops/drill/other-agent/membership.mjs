// Joining by an invite, renewing, and the one file that a member keeps.

import { readFileSync, renameSync, mkdirSync, writeFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { call, stub } from './contract.mjs';
import { parseInvite } from './invite.mjs';
import { keyIdOf, MemberKey, rawOf } from './seal.mjs';
import { credentialsFor, fetchAuthority } from './trust.mjs';
import { X509Certificate } from 'node:crypto';

const CALL_MILLISECONDS = 30_000;
export const COORDINATOR = 'picket://coordinator';

const file = (folder) => path(folder, 'member.json');

/** For its owner alone, and never half written. */
function keep(folder, member) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const text = JSON.stringify({
    ...member,
    key: member.key.pem,
    coordinatorKey: member.coordinatorKey.toString('base64'),
    certificates: member.certificates.map((der) => der.toString('base64')),
  });
  writeFileSync(`${file(folder)}.new`, text, { mode: 0o600 });
  renameSync(`${file(folder)}.new`, file(folder));
  return member;
}

export function recall(folder) {
  const text = JSON.parse(readFileSync(file(folder), 'utf8'));
  return {
    ...text,
    key: new MemberKey(text.key),
    coordinatorKey: Buffer.from(text.coordinatorKey, 'base64'),
    certificates: text.certificates.map((der) => Buffer.from(der, 'base64')),
  };
}

/** By this machine's own clock, counted from the answer's arrival: two thirds of the certificate's life. */
const renewAt = (answer) => Date.now() + (Number(answer.certificateLife.milliseconds) * 2) / 3;

/** Trades the invite for a membership and writes it down. */
export async function join(contract, code, name, folder) {
  const { authorityKeyId, invite, address } = parseInvite(code);
  const authority = await fetchAuthority(address, authorityKeyId, COORDINATOR);
  const key = MemberKey.generate();
  const enrolment = stub(contract, 'Enrolment', address, credentialsFor(authority, COORDINATOR));
  try {
    const answer = await call(enrolment, 'Enrol', {
      invite,
      role: 'AGENT',
      publicKey: key.raw,
      name,
      proof: key.seal('enrolment', contract.encode('EnrolProof', { invite, role: 'AGENT' })),
    }, CALL_MILLISECONDS);
    return keep(folder, {
      id: answer.memberId,
      address,
      key,
      coordinatorKey: answer.coordinatorPublicKey,
      certificates: answer.certificates,
      renewAt: renewAt(answer),
    });
  } finally {
    enrolment.close();
  }
}

/** The member with a certificate that is good for a while: a new one, where two thirds of the last one's life are over. */
export async function renewed(contract, member, folder, atOnce) {
  if (!atOnce && Date.now() < member.renewAt) {
    return member;
  }
  const authority = member.certificates[1];
  const enrolment = stub(contract, 'Enrolment', member.address, credentialsFor(authority, COORDINATOR));
  try {
    const proof = contract.encode('RenewProof', {
      memberId: member.id,
      authorityKeyId: keyIdOf(rawOf(new X509Certificate(authority).publicKey)),
    });
    const answer = await call(enrolment, 'Renew', { proof: member.key.seal('renewal', proof) }, CALL_MILLISECONDS);
    return keep(folder, { ...member, certificates: answer.certificates, renewAt: renewAt(answer) });
  } finally {
    enrolment.close();
  }
}
