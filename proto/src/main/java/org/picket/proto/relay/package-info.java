/// What crawler and agent need to send each other views over a relay that cannot read them: a key agreement of
/// keys that live as long as one stream (X25519, RFC 7748), a key drawn from it and from what both ends signed
/// (HKDF-SHA256, RFC 5869), and frames sealed with it (AES-256-GCM, NIST SP 800-38D).
package org.picket.proto.relay;
