// Invite codes: "picket-" and Crockford's base 32 of version, authority's key id, secret, address and check digits.

import { sha256 } from './seal.mjs';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const PREFIX = 'picket-';
const VERSION = 1;
const KEY_ID = 16;
const SECRET = 32;
const CHECK = 4;

function bytesOf(text) {
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (const digit of text) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) {
      throw new Error('the invite code has a letter or digit that no code has');
    }
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
      held &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}

/** What an invite says: whom to believe, the one-time secret, where to dial. */
export function parseInvite(code) {
  const text = code.trim().toLowerCase();
  if (!text.startsWith(PREFIX)) {
    throw new Error(`an invite code begins with ${PREFIX}`);
  }
  const bytes = bytesOf(text.slice(PREFIX.length));
  const body = bytes.subarray(0, -CHECK);
  if (body.length <= 1 + KEY_ID + SECRET || !sha256(body).subarray(0, CHECK).equals(bytes.subarray(-CHECK))) {
    throw new Error('the invite code is not whole: copy it again');
  }
  if (body[0] !== VERSION) {
    throw new Error(`the invite code is of version ${body[0]}, and this agent knows ${VERSION}`);
  }
  return {
    authorityKeyId: body.subarray(1, 1 + KEY_ID),
    invite: body.subarray(1 + KEY_ID, 1 + KEY_ID + SECRET).toString('hex'),
    address: body.subarray(1 + KEY_ID + SECRET).toString('utf8'),
  };
}
