// Sealing, as proto/README.md has it: Ed25519 over "picket/v1/" + kind, one zero byte, and the statement's bytes.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

/** What stands before the 32 bytes of a raw key in an X.509 SubjectPublicKeyInfo of Ed25519 (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** Names a key: the first 16 bytes of the SHA-256 of the raw public key. */
export const keyIdOf = (rawPublicKey) => sha256(rawPublicKey).subarray(0, 16);

/** The raw 32 bytes of a public key. */
export function rawOf(publicKey) {
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  if (spki.length !== SPKI_PREFIX.length + 32 || !spki.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX)) {
    throw new Error('not an Ed25519 key');
  }
  return spki.subarray(SPKI_PREFIX.length);
}

export const publicKeyOf = (raw) =>
  createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });

const sealed = (kind, statement) => Buffer.concat([Buffer.from(`picket/v1/${kind}\0`), statement]);

/** A member's one key, for its certificate and for what it seals. */
export class MemberKey {
  constructor(pem) {
    this.pem = pem;
    this.privateKey = createPrivateKey(pem);
    this.raw = rawOf(createPublicKey(this.privateKey));
    this.id = keyIdOf(this.raw);
  }

  static generate() {
    return new MemberKey(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
  }

  /** Seals a statement's bytes; they are sent as they stand. */
  seal(kind, statement) {
    return {
      keyId: this.id,
      algorithm: 'ED25519',
      statement,
      signature: sign(null, sealed(kind, statement), this.privateKey),
    };
  }
}

/** The statement's bytes, if that key sealed them. Verified first, parsed after. */
export function open(kind, message, rawPublicKey) {
  const whole = message.algorithm === 'ED25519' && message.keyId.equals(keyIdOf(rawPublicKey));
  if (!whole || !verify(null, sealed(kind, message.statement), publicKeyOf(rawPublicKey), message.signature)) {
    throw new Error(`a ${kind} that its signer did not seal`);
  }
  return message.statement;
}
